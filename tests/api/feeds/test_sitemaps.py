"""The sitemap index and its parts."""

import re
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.api.feeds.support import NASTY, NS, addresses, part_paths, sitemap
from tests.support.content import front_of, locale_of, make_article, make_folder, make_page, restrict

pytestmark = pytest.mark.django_db


def test_the_sitemap_leads_to_every_page_that_readers_can_open(client: Client) -> None:
    from cms.campaigns.models import CampaignPage
    from cms.content.models import TeaserPage
    from tests.support.newsletters import make_edition, make_newsletter

    article, english = make_article("Новина"), make_article("News", locale="en")
    campaign = make_page(CampaignPage, "Разом", parent=make_folder(), goal=100_00)
    edition = make_edition(make_newsletter())
    make_page(TeaserPage, "Деінде", target_url="https://elsewhere.example/")
    make_page(TeaserPage, "Про новину", target_page=article)
    fronts = [front_of(code) for code in ("uk", "ru", "en")]

    found = addresses(client)

    assert sorted(found) == sorted(page.public_url for page in (article, english, campaign, edition, *fronts))
    assert campaign.public_url.endswith("/donate/razom/")


def test_parts_are_small_and_each_page_stands_in_one(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from api.feeds import sitemaps

    monkeypatch.setattr(sitemaps, "PART", 3)
    pages = [make_article(f"№{n}", locale=locale) for n in range(4) for locale in ("uk", "en")]

    paths = part_paths(client)
    parts = {path: sitemap(client, path) for path in paths}

    assert len(paths) > 2 and len(set(paths)) == len(paths)
    assert all(1 <= len(part) <= 3 for part in parts.values())
    found = {loc: path for path, part in parts.items() for loc in part.xpath("s:url/s:loc/text()", namespaces=NS)}
    for page in pages:
        assert found[page.public_url].startswith(f"/sitemaps/{page.locale.language_code}-")
    assert len(found) == len(pages) + 3, "the front pages too"

    make_article("Нова")
    for path, part in parts.items():
        locs = part.xpath("s:url/s:loc/text()", namespaces=NS)
        assert sitemap(client, path).xpath("s:url/s:loc/text()", namespaces=NS)[: len(locs)] == locs, "pages stay"


def test_a_part_tells_when_its_pages_changed_and_the_index_when_the_newest_did(client: Client) -> None:
    make_article("Стара", last_published_at=None)
    page = make_article("Нова")
    page.save_revision().publish()
    page.refresh_from_db()
    moment = page.last_published_at.strftime("%Y-%m-%dT%H:%M:%SZ")

    part = sitemap(client, "/sitemaps/uk-1.xml")

    assert part.xpath(f"s:url[s:loc='{page.public_url}']/s:lastmod/text()", namespaces=NS) == [moment]
    index = f"s:sitemap[s:loc='{django_settings.BASE_URL}/sitemaps/uk-1.xml']/s:lastmod/text()"
    assert sitemap(client).xpath(index, namespaces=NS) == [moment]


def test_translations_know_each_other_if_they_are_public(client: Client) -> None:
    original = make_article("Новина")
    alone = make_article("Сама")
    translated = []
    for code in ("en", "ru"):
        copy = original.copy_for_translation(locale_of(code), copy_parents=True)
        copy.title = f"News {code}"
        copy.save_revision().publish()
        copy.refresh_from_db()
        translated.append(copy)

    def alternates(page: Any) -> dict[str, str]:
        part = sitemap(client, f"/sitemaps/{page.locale.language_code}-1.xml")
        (url,) = part.xpath(f"s:url[s:loc='{page.public_url}']", namespaces=NS)
        return {link.get("hreflang"): link.get("href") for link in url.findall("x:link", NS)}

    three = {page.locale.language_code: page.public_url for page in (original, *translated)}
    assert alternates(original) == alternates(translated[0]) == alternates(translated[1]) == three
    assert alternates(alone) == {}

    restrict(translated[1])
    assert set(alternates(original)) == {"uk", "en"}


def test_an_installation_without_any_content_has_its_front_pages(client: Client) -> None:
    assert sorted(addresses(client)) == [front_of(code).public_url for code in ("en", "ru", "uk")]


def test_an_installation_without_anything_public_has_an_empty_index(client: Client) -> None:
    for code in ("uk", "ru", "en"):
        restrict(front_of(code))

    assert part_paths(client) == []


@pytest.mark.parametrize("written", [written for written, _read in NASTY])
def test_hostile_addresses_stay_addresses(client: Client, written: str) -> None:
    from api.publications.models import Publication

    page = make_article("Новина")
    teaser = Publication.objects.get(pk=page.pk).teaser
    # A plugin's type may make its own address.
    address = "https://elsewhere.example/?q=" + "".join(each for each in written if each not in '\\"' and each >= " ")
    Publication.objects.filter(pk=page.pk).update(teaser=teaser.replace(page.public_url, address))

    (found,) = [loc for loc in addresses(client) if loc.startswith("https://elsewhere.example/")]

    assert found.isascii()


def test_a_part_is_one_range_of_an_index(client: Client) -> None:
    make_article("Новина")
    client.get("/sitemaps/uk-1.xml")
    with CaptureQueriesContext(connection) as captured:
        client.get("/sitemaps/uk-1.xml")

    (query,) = captured.captured_queries
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for index in _indexes_of_other_things(cursor):  # in a table of one row all are alike to the planner
            cursor.execute(f"DROP INDEX {index}")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {query['sql']}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert re.search(r"Index Cond: .*\(page_id >= \d+\) AND \(page_id < \d+\)\)", plan), plan


def _indexes_of_other_things(cursor: Any) -> list[str]:
    cursor.execute(
        "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = 'api_publication'::regclass"
        " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)"
        " AND indexrelid <> 'publication_sitemap'::regclass"
    )
    return [name for (name,) in cursor.fetchall()]
