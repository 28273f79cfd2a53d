"""What content is filed under, and the newsroom itself."""

from collections import Counter
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.views import APIView
from wagtail.models import Site

from api import parameters
from api.http import respond
from api.publications import details, images, references, shelves
from api.publications.authors import published_authors
from api.publications.blocks import reference
from api.publications.models import Publication
from api.publications.visibility import hidden_types
from api.serializers.schema import AuthorList, AuthorShape, SectionList, SiteDocument, TagList
from api.views.schema import ERRORS, locale_parameter
from cms.content.models import Author, NewsroomSettings, NewsroomText, Section, Tag

#: Seconds for which the lists of names, and their counts, may be kept.
FRESH = 30
#: Tags in one list, at most.
MOST_TAGS = 500


def _locale(request: Request) -> str:
    parameters.only(request.query_params, {"locale"})
    return str(parameters.locale(request.query_params))


def _list(results: list[dict[str, Any]]) -> dict[str, Any]:
    return {"results": results, "next": None, "previous": None}


def _counts(locale: str, name: str, most: int = 10_000) -> Counter[str]:
    """How many publications lists show of each section, author or tag."""
    return Counter(shelves.fullest(locale, name, hidden=hidden_types(), most=most))


def _sections(locale: str) -> list[dict[str, Any]]:
    counts = _counts(locale, shelves.SECTION)
    return [
        {"slug": each.slug, "name": each.name, "description": each.description, "count": counts[each.slug]}
        for each in Section.objects.filter(locale__language_code=locale)
    ]


def _author(author: Author, count: int) -> dict[str, Any]:
    return {
        "slug": author.slug,
        "name": author.name,
        "role": author.role,
        "bio": author.bio,
        "photo": images.describe(author.photo),
        "count": count,
    }


class Sections(APIView):
    """The newsroom's sections in one language, in the order of its menu."""

    @extend_schema(operation_id="sections", parameters=[locale_parameter()], responses={200: SectionList, **ERRORS})
    def get(self, request: Request) -> HttpResponse:
        return respond(request, _list(_sections(_locale(request))), tags=["sections", "content"], fresh=FRESH)


class Authors(APIView):
    """Those who write, in one language."""

    @extend_schema(operation_id="authors", parameters=[locale_parameter()], responses={200: AuthorList, **ERRORS})
    def get(self, request: Request) -> HttpResponse:
        locale = _locale(request)
        counts = _counts(locale, shelves.AUTHOR)
        every = list(Author.objects.filter(locale__language_code=locale))
        known = published_authors(locale, [each.slug for each in every if not counts[each.slug]])
        authors = [each for each in every if counts[each.slug] or each.slug in known]
        photos = images.by_id({each.photo_id for each in authors if each.photo_id})
        for each in authors:
            each.photo = photos.get(each.photo_id or 0)
        return respond(
            request,
            _list([_author(each, counts[each.slug]) for each in authors]),
            tags=["authors", "content"],
            fresh=FRESH,
        )


class AuthorDetail(APIView):
    """One author."""

    @extend_schema(operation_id="author", parameters=[locale_parameter()], responses={200: AuthorShape, **ERRORS})
    def get(self, request: Request, slug: str) -> HttpResponse:
        locale = _locale(request)
        author = Author.objects.filter(locale__language_code=locale, slug=slug).select_related("photo").first()
        count = _counts(locale, shelves.AUTHOR)[slug] if author else 0
        if author is None or not (count or published_authors(locale, [slug])):
            raise NotFound(f"There is no author “{slug}” of anything published in this language.")
        return respond(request, _author(author, count), tags=["authors", "content"], fresh=FRESH)


class Tags(APIView):
    """The tags that published content carries, in one language, the most used first."""

    @extend_schema(operation_id="tags", parameters=[locale_parameter()], responses={200: TagList, **ERRORS})
    def get(self, request: Request) -> HttpResponse:
        counts = _counts(_locale(request), shelves.TAG, MOST_TAGS).most_common()
        names = dict(Tag.objects.filter(slug__in=[slug for slug, _n in counts]).values_list("slug", "name"))
        results = [{"slug": slug, "name": names.get(slug, slug), "count": count} for slug, count in counts]
        return respond(request, _list(results), tags=["tags", "content"], fresh=FRESH)


class SiteView(APIView):
    """The newsroom: its name, logo, languages, sections and donation call."""

    @extend_schema(operation_id="site", parameters=[locale_parameter()], responses={200: SiteDocument, **ERRORS})
    def get(self, request: Request) -> HttpResponse:
        locale = _locale(request)
        site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
        newsroom = NewsroomSettings.objects.filter(site=site).select_related("logo").first()
        text = NewsroomText.objects.filter(newsroom=newsroom, locale__language_code=locale).first()
        fronts = Publication.objects.filter(type="front").values_list("locale", "path")
        paths = {code: f"/{code}/" for code in parameters.LOCALES} | dict(fronts)
        document = {
            "name": text.name if text else (site.site_name if site else ""),
            "tagline": text.tagline if text else "",
            "logo": images.describe(newsroom.logo) if newsroom else None,
            "locales": [{"code": code, "name": name, "path": paths[code]} for code, name in settings.LANGUAGES],
            "donation_call": _donation_call(text),
            "sections": _sections(locale),
        }
        return respond(request, document, tags=["site", "sections", "content"], fresh=FRESH)


def _donation_call(text: NewsroomText | None) -> dict[str, Any] | None:
    if text is None or not text.donation_text:
        return None
    campaign = None
    if text.donation_campaign_id:
        teasers = details.teasers([text.donation_campaign_id])
        campaign = references.fill(reference(text.donation_campaign_id, "campaign"), teasers)
    return {
        "headline": text.donation_headline,
        "text": text.donation_text,
        "button": text.donation_button,
        "campaign": campaign,
    }


urlpatterns = [
    path("sections/", Sections.as_view(), name="sections"),
    path("authors/", Authors.as_view(), name="authors"),
    path("authors/<slug:slug>/", AuthorDetail.as_view(), name="author"),
    path("tags/", Tags.as_view(), name="tags"),
    path("site/", SiteView.as_view(), name="site"),
]
