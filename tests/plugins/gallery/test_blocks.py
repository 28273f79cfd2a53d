"""A photo report in a text and in a mail."""

from typing import Any

import pytest
from django.test import Client

from cms.content.models import ArticlePage
from plugins.gallery.blocks import as_html, in_mail
from plugins.gallery.newsletters import teasers
from tests.plugins.gallery.reports import make_report
from tests.support.content import api, body, make_article, restrict

pytestmark = [pytest.mark.django_db, pytest.mark.plugin("gallery")]


def embedded(client: Client) -> Any:
    (block,) = api(client, "/content/article/voda/")["body"]
    assert block["type"] == "gallery_report"
    return block["value"]


def article_with(report: Any, heading: str = "У фотографіях") -> ArticlePage:
    return make_article("Вода", body=body(("gallery_report", {"heading": heading, "report": report.pk})))


def value(report: Any, heading: str = "У фотографіях") -> dict[str, Any]:
    return {"heading": heading, "report": report}


def test_an_article_embeds_a_report_by_reference(client: Client, django_assert_num_queries: Any) -> None:
    report = make_report("Паводок", photos=3)
    article_with(report)

    with django_assert_num_queries(1):
        shown = embedded(client)

    assert shown["heading"] == "У фотографіях"
    assert (shown["report"]["headline"], shown["report"]["photo_count"]) == ("Паводок", 3)
    report.title = "Паводок триває"
    report.save_revision().publish()
    assert embedded(client)["report"]["headline"] == "Паводок триває"


@pytest.mark.parametrize("hide", ["draft", "private", "unpublished", "deleted"])
def test_a_report_that_is_not_public_is_shown_nowhere(client: Client, hide: str) -> None:
    report = make_report("Паводок", live=hide != "draft")
    article_with(report)
    if hide == "private":
        restrict(report)
    elif hide == "unpublished":
        report.unpublish()
    elif hide == "deleted":
        report.delete()

    assert embedded(client)["report"] is None
    shown = value(None if hide == "deleted" else report)
    assert in_mail(shown, "uk") is None
    assert as_html(shown, "uk") == ""


def test_a_mail_shows_the_reports_teaser_under_the_heading() -> None:
    report = make_report("Паводок")

    part = in_mail(value(report), "uk")

    assert part is not None
    assert (part.heading, part.page_ids) == ("У фотографіях", (report.pk,))


def test_a_built_page_shows_the_cover_and_the_number_of_photos() -> None:
    html = as_html(value(make_report("Паводок <1>", photos=2), heading="У & фото"), "uk")

    assert "<h2>У &amp; фото</h2>" in html
    assert "Паводок &lt;1&gt;" in html
    assert "2 фотографії" in html
    assert "<img" in html


@pytest.mark.parametrize(
    ("language", "number", "note"),
    [("uk", 1, "1 фотографія"), ("uk", 5, "5 фотографій"), ("ru", 2, "2 фотографии"), ("en", 1, "1 photo")],
)
def test_a_teaser_in_a_mail_says_how_many_photos_wait(language: str, number: int, note: str) -> None:
    teaser = {"headline": "Паводок", "lede": "", "url": "https://x.example/", "photo_count": number}

    assert teasers["gallery"](teaser, language).note == note
