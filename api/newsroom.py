"""The newsroom as readers' programs and search engines are told of it."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import OuterRef, Subquery
from wagtail.models import Site

from api.parameters import LOCALES
from cms.content.models import NewsroomText


@dataclass(frozen=True)
class Newsroom:
    """Its name and tagline in one language, and what it chose for all of them. ``logo_id`` is an image's."""

    name: str
    tagline: str = ""
    feeds_full_text: bool = False
    logo_id: int | None = None


def newsroom(locale: str) -> Newsroom:
    """The newsroom in this language; where it has no words in it, its site's name. One query."""
    text = NewsroomText.objects.filter(newsroom__site=OuterRef("pk"), locale__language_code=locale)
    row = (
        Site.objects.filter(is_default_site=True)
        .annotate(name=Subquery(text.values("name")[:1]), tagline=Subquery(text.values("tagline")[:1]))
        .values_list(
            "name", "tagline", "site_name", "newsroomsettings__feeds_full_text", "newsroomsettings__logo", named=True
        )
        .first()
    )
    if row is None:
        return Newsroom(settings.WAGTAIL_SITE_NAME)
    return Newsroom(
        name=row.name or row.site_name or settings.WAGTAIL_SITE_NAME,
        tagline=row.tagline or "",
        feeds_full_text=bool(row.newsroomsettings__feeds_full_text),
        logo_id=row.newsroomsettings__logo,
    )


def names() -> dict[str, str]:
    """The newsroom's name in every language. One query."""
    rows = Site.objects.filter(is_default_site=True).values_list(
        "site_name", "newsroomsettings__texts__locale__language_code", "newsroomsettings__texts__name"
    )
    found = list(rows)
    site_name = next((row[0] for row in found), "") or settings.WAGTAIL_SITE_NAME
    by_locale = {locale: name for _site, locale, name in found if locale and name}
    return {locale: by_locale.get(locale) or site_name for locale in LOCALES}
