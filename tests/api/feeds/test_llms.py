"""What is told to programs that come by themselves: llms.txt and robots.txt."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from protego import Protego

from tests.api.feeds import validating
from tests.api.feeds.support import NASTY, get, make_newsroom
from tests.support.content import make_section

pytestmark = pytest.mark.django_db


def llms(client: Client) -> dict[str, Any]:
    """The file as the parser of llmstxt.org understands it."""
    response = get(client, "/llms.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    return validating.llms(response.content.decode())


def test_language_models_are_told_who_publishes_and_where_to_read(client: Client) -> None:
    make_newsroom("Острівні вісті", "Новини з річки")
    make_section("Місто", description="Усе про місто")
    make_section("City", locale="en")

    document = llms(client)

    assert (document["title"], document["summary"]) == ("Острівні вісті", "Новини з річки")
    assert "rich_text=markdown" in document["info"]
    assert list(document["sections"]) == ["Українська", "Русский", "English", "API", "Optional"]
    base = django_settings.BASE_URL
    sections = {
        (language, link["title"]): (link["url"], link["desc"])
        for language in ("Українська", "English")
        for link in document["sections"][language]
    }
    city = f"{base}/api/v1/content/?locale=uk&section=misto"
    assert sections["Українська", "Місто"] == (city, "Усе про місто")
    assert sections["English", "City"][0] == f"{base}/api/v1/content/?locale=en&section=city"


def test_every_address_in_it_that_is_ours_answers(client: Client) -> None:
    make_section("Місто")

    links = [link["url"] for section in llms(client)["sections"].values() for link in section]

    ours = [link for link in links if link.startswith(django_settings.BASE_URL) and "/uk/" not in link[-5:]]
    for link in ours:
        path = link.removeprefix(django_settings.BASE_URL)
        if path.startswith(("/api/", "/feeds/", "/sitemap", "/news-")):
            assert client.get(path).status_code == 200, path


@pytest.mark.parametrize("written", [written for written, _read in NASTY])
def test_hostile_words_change_nothing_of_its_form(client: Client, written: str) -> None:
    before = llms(client)
    make_newsroom(f"{written}\n## Чуже", f"> {written}\n# Чуже")
    make_section(f"{written}\n- [чуже](https://evil.example)", slug="r", description=f"{written}\n## Чуже")

    document = llms(client)

    assert list(document["sections"]) == list(before["sections"])
    assert len(document["sections"]["Українська"]) == len(before["sections"]["Українська"]) + 1
    urls = [link["url"] for section in document["sections"].values() for link in section]
    assert all(
        url.startswith(("http://", "https://")) and "evil" not in url and "javascript" not in url for url in urls
    )
    assert "<" not in document["title"] + document["summary"]


def test_it_asks_as_much_for_many_sections_as_for_one(client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            llms(client)
        return len(captured)

    make_section()
    before = queries()
    for _n in range(20):
        make_section()

    assert queries() == before == 2


def test_robots_find_the_sitemaps_and_stay_out_of_the_admin(client: Client) -> None:
    response = get(client, "/robots.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    rules = Protego.parse(response.content.decode())
    base = django_settings.BASE_URL
    assert list(rules.sitemaps) == [f"{base}/sitemap.xml", f"{base}/news-sitemap.xml"]
    assert rules.can_fetch(f"{base}/uk/2026/novyna/", "Googlebot") and rules.can_fetch(f"{base}/api/v1/site/", "any")
    assert not rules.can_fetch(f"{base}/admin/pages/", "Googlebot")


@pytest.mark.parametrize("name", ["robots.txt", "llms.txt"])
def test_what_the_frontend_here_says_itself_goes_before(
    client: Client, settings: Any, tmp_path: Path, name: str
) -> None:
    settings.FRONTEND_DIR = str(tmp_path)
    assert "Сайт" not in get(client, f"/{name}").content.decode()

    (tmp_path / name).write_text("# Сайт\n")

    assert get(client, f"/{name}").content.decode() == "# Сайт\n"
