"""The shelves of lists agree with what is published, whichever way it came or went."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from api.publications import shelves, writer
from api.publications.models import Publication
from cms.content import scheduling
from cms.content.models import ArticlePage, ContentCorrection, TeaserPage
from cms.content.signals import pages_changed
from tests.support.content import (
    api,
    headlines,
    locale_of,
    make_article,
    make_author,
    make_folder,
    make_image,
    make_page,
    make_section,
    restrict,
)
from tests.support.newsletters import make_edition, make_newsletter

pytestmark = pytest.mark.django_db


# --- what should stand there ------------------------------------------------------------------------------------


def shelves_of(row: Publication) -> set[str]:
    """The shelves of one publication, told in Python."""
    found = {f"author={slug}" for slug in row.authors} | {f"tag={slug}" for slug in row.tags}
    found |= {key for key in row.keys if not key.startswith("block=")}
    names = {"", *(f"/{name}" for name in found), *([f"/section={row.section}"] if row.section else [])}
    result = {f"{row.locale}/{row.type}{name}" for name in names}
    if row.listed:
        result |= {f"{row.locale}/{name}" for name in names}
        if row.section:
            result |= {f"{row.locale}//in/{row.section}/{name}" for name in found}
    return result


def filings() -> Iterator[tuple[str, Any, int]]:
    for row in Publication.objects.all():
        for shelf in shelves_of(row):
            yield shelf, row.published_at, row.pk


def counted() -> dict[str, int]:
    """How many stand on each shelf, by the counts and what is not yet in them."""
    counts: Counter[str] = Counter(dict(shelves.Shelf.objects.values_list("shelf", "count")))
    for shelf, count in shelves.ShelfChange.objects.values_list("shelf", "count"):
        counts[shelf] += count
    return {shelf: count for shelf, count in counts.items() if count}


def assert_agreement() -> None:
    expected = list(filings())
    kept = list(shelves.Filing.objects.values_list("shelf", "published_at", "page_id"))
    assert Counter(kept) == Counter(expected)
    assert counted() == dict(Counter(shelf for shelf, _at, _pk in expected))


# --- the tests --------------------------------------------------------------------------------------------------


def make_some() -> list[ArticlePage]:
    section, author = make_section("Порт"), make_author("Олена")
    return [
        make_article(
            f"Новина {n}",
            section=section if n % 2 else None,
            authors=[author] if n % 3 else [],
            tags=["море", "кран"][: n % 3],
            image=make_image() if n == 1 else None,
            source_name="Укрінформ" if n == 2 else "",
        )
        for n in range(4)
    ]


def test_they_agree_after_everything_that_editors_do(client: Client, worker: Any) -> None:
    pages = make_some()
    make_edition(make_newsletter(), title="Випуск")
    make_page(TeaserPage, "Тизер", target_page=pages[0])
    assert_agreement()

    pages[0].section = make_section("Місто")
    pages[0].tags.add("новий")
    pages[0].corrections = [ContentCorrection(text="<p>Так</p>")]
    pages[0].save_revision().publish()
    assert_agreement()

    pages[1].published_at = timezone.now() - timedelta(days=400)
    pages[1].save_revision().publish()
    assert_agreement()

    pages[2].unpublish()
    pages[2].save_revision().publish()
    pages[3].delete()
    assert_agreement()

    other = pages[0].copy_for_translation(locale_of("en"), copy_parents=True)
    other.save_revision().publish()
    privacy = restrict(pages[1])
    assert_agreement()
    privacy.delete()
    worker()
    Page.objects.get(pk=pages[1].pk).specific.move(make_folder(), pos="last-child")
    assert_agreement()
    assert len(headlines(client)) == 4


def test_they_agree_when_names_change_and_when_time_runs_out(client: Client, worker: Any) -> None:
    pages = make_some()
    section, author = pages[1].section, pages[1].bylines.first().author
    section.slug, author.slug = "havan", "olena-bryz"
    section.save()
    author.save()
    worker()
    assert_agreement()
    assert len(headlines(client, section="havan")) == 2

    moment = timezone.now() - timedelta(seconds=1)
    Publication.objects.filter(pk=pages[1].pk).update(expires_at=moment)
    Page.objects.filter(pk=pages[1].pk).update(expire_at=moment)
    assert len(headlines(client, section="havan")) == 1, "what has expired is not shown, taken down or not"
    assert scheduling.run_due() == 1
    assert_agreement()


def test_they_agree_after_writing_in_bulk() -> None:
    pages = [make_article(f"№{n}", live=False, tags=["море"]) for n in range(12)]
    ArticlePage.objects.update(live=True, published_at=timezone.now())
    pages_changed.send(ArticlePage, pages=list(ArticlePage.objects.all()))
    assert_agreement()

    writer.rewrite([page.pk for page in pages])
    assert_agreement()
    writer.withdraw([page.pk for page in pages[:5]])
    assert_agreement()
    Publication.objects.all().delete()
    assert_agreement()
    with connection.cursor() as cursor:
        writer.rewrite([page.pk for page in pages])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE api_publication CASCADE")
    assert_agreement()
    assert counted() == {}


def test_settling_moves_changes_into_the_counts_and_changes_no_sum(client: Client) -> None:
    pages = make_some()
    before, tags = counted(), api(client, "/tags/")
    assert shelves.ShelfChange.objects.exists()

    shelves.settle()

    assert not shelves.ShelfChange.objects.exists()
    assert counted() == before
    assert api(client, "/tags/") == tags
    for page in pages:
        page.unpublish()
    shelves.settle()
    assert not shelves.Shelf.objects.exclude(shelf__contains="/front").exists(), "an empty shelf is none"
    assert_agreement()


def test_counts_of_names_are_those_of_the_lists_that_they_lead_to(client: Client) -> None:
    make_some()
    make_edition(make_newsletter(), title="Випуск")

    for path, parameter in (("/sections/", "section"), ("/authors/", "author"), ("/tags/", "tag")):
        for each in api(client, path)["results"]:
            assert len(headlines(client, **{parameter: each["slug"]})) == each["count"], each


def test_rewriting_what_has_not_changed_files_nothing_anew() -> None:
    pages = make_some()
    shelves.settle()

    writer.rewrite([page.pk for page in pages])

    assert not shelves.ShelfChange.objects.exists()
