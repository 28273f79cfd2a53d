"""Nothing that readers can't see is in a feed or a sitemap."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from tests.api.feeds.support import TYPES, addresses, make_newsroom, part_paths, titles
from tests.support.content import body, make_article, make_author, make_folder, make_page, make_section, restrict

pytestmark = pytest.mark.django_db

PLACES = ["", "section/more/", "author/olena-bryz/", "tag/port/", "type/article/"]


def draft(page: Page) -> None:
    page.unpublish()
    page.title = "Таємне, нова чернетка"
    page.save_revision()


def embargoed(page: Page) -> None:
    page.unpublish()
    page.go_live_at = timezone.now() + timedelta(days=1)
    page.save_revision(approved_go_live_at=page.go_live_at).publish()


def expired(page: Page) -> None:
    from api.publications.models import Publication

    Publication.objects.filter(pk=page.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


def in_a_private_folder(page: Page) -> None:
    folder = make_folder()
    restrict(folder)
    page.move(folder, pos="last-child")


def of_a_type_that_is_switched_off(page: Page) -> None:
    from cms.registry import states

    states.save_declared("absent", {"content type": ["article"]})


HIDDEN: list[Callable[[Any], object]] = [
    draft,
    embargoed,
    expired,
    restrict,
    in_a_private_folder,
    of_a_type_that_is_switched_off,
    lambda page: page.unpublish(),
    lambda page: page.delete(),
]


@pytest.mark.parametrize("hide", HIDDEN, ids=lambda hide: hide.__name__.strip("<>"))
def test_what_readers_can_not_see_is_in_no_feed_and_no_sitemap(client: Client, hide: Callable[[Any], object]) -> None:
    from cms.registry import states

    make_newsroom(feeds_full_text=True)
    section = make_section("Море")
    author = make_author("Олена Бриз")
    page = make_article("Таємне", slug="taiemne", section=section, authors=[author], lede="таємне", tags=["порт"])
    make_article("Відкрите", body=body(("paragraph", f'<p><a linktype="page" id="{page.pk}">слова</a></p>')))
    make_page(type_beside(), "Кампанія", slug="vidkryta", parent=make_folder(), goal=100_00)
    documents = [f"/feeds/uk/{place}{name}" for place in PLACES for name in TYPES]
    documents += ["/news-sitemap.xml", "/llms.txt", *part_paths(client)]
    shown = [path for path in documents if "taiemne" in client.get(path).content.decode()]
    assert len(shown) >= 17, "five feeds in three formats, the news and a part of the sitemap"

    hide(type(page).objects.get(pk=page.pk))

    for path in documents:
        text = client.get(path).content.decode().lower()
        assert "taiemne" not in text and "таємне" not in text, path
    states.forget()


def type_beside() -> Any:
    """A type that stays when articles are switched off, so that the part of the sitemap does too."""
    from cms.campaigns.models import CampaignPage

    return CampaignPage


def test_a_draft_of_what_is_public_stays_at_home(client: Client) -> None:
    page = make_article("Відоме", slug="vidome")
    page.title, page.slug, page.lede = "Таємне", "taiemne", "таємне"
    page.save_revision()

    assert titles(client) == ["Відоме"]
    assert not any("taiemne" in each for each in addresses(client))
