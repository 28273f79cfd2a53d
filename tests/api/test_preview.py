"""Previews: a draft as readers would see it, for those who hold its token and for minutes."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from cms.content import preview
from tests.support.content import (
    api,
    body,
    fill_front,
    form_of,
    front_of,
    headlines,
    locale_of,
    make_article,
    make_author,
    make_editor,
    make_image,
    page_form,
    problem,
)

pytestmark = pytest.mark.django_db


def open_preview(client: Client, editor: Client, address: str, data: dict[str, Any], settings: Any) -> Any:
    """What the preview panel does: send the form, follow to the frontend, which asks the API."""
    sent = editor.post(address, data)
    assert sent.json() == {"is_valid": True, "is_available": True}, sent.content
    led = editor.get(address)
    assert led.status_code == 302
    there = urlsplit(led["Location"])
    assert led["Location"].startswith(f"{settings.FRONTEND_URL}/preview/?token=")
    token = parse_qs(there.query)["token"][0]
    assert re.fullmatch(r"[\w-]{32}", token)
    return api(client, f"/preview/{token}/")


def test_unsaved_changes_are_shown_in_the_preview_and_nowhere_else(
    client: Client, editor: Client, settings: Any
) -> None:
    page, author = make_article("Перша"), make_author("Петро")
    image = make_image()
    data = form_of(
        page,
        title="Друга",
        lede="Нова підводка",
        image=image.pk,
        tags='"новий тег"',
        bylines=inline_formset([{"author": author.pk}]),
        body=streamfield([("paragraph", rich_text("<p>Незбережене</p>"))]),
    )

    document = open_preview(
        client, editor, reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk]), data, settings
    )

    assert document["headline"] == "Друга"
    assert document["lede"] == "Нова підводка"
    assert document["authors"] == [{"slug": author.slug, "name": "Петро"}]
    assert document["tags"] == ["novyi-teh"]
    assert document["image"]["alt"]
    assert "Незбережене" in document["body"][0]["value"]
    assert document["translations"] == []
    assert set(document) == set(api(client, f"/content/article/{page.slug}/"))
    assert headlines(client) == ["Перша"]
    assert headlines(client, q="незбережене") == []


def test_a_page_that_was_never_saved_has_a_preview(client: Client, editor: Client, settings: Any) -> None:
    address = reverse("wagtailadmin_pages:preview_on_add", args=["content", "articlepage", front_of().pk])

    document = open_preview(
        client, editor, address, page_form("Зовсім нова", lede="Підводка", slug="zovsim-nova"), settings
    )

    assert document["headline"] == "Зовсім нова"
    assert document["id"] is None
    assert document["published_at"] is None
    assert document["type"] == "article"
    assert headlines(client) == []


def test_a_front_page_has_a_preview(client: Client, editor: Client, settings: Any) -> None:
    shown, other, draft = make_article("Показана"), make_article("Інша"), make_article("Чернетка", live=False)
    front = front_of()
    slots = [
        {"page": other.pk, "size": "lead", "headline": "Своїми словами", "lede": "", "image": ""},
        {"page": draft.pk, "size": "standard", "headline": "", "lede": "", "image": ""},
    ]
    data = nested_form_data(
        {
            "title": front.title, "slug": front.slug, "slots": inline_formset(slots), "pins": inline_formset([]),
            "comments": inline_formset([]), "seo_title": "", "search_description": "",
        }
    )  # fmt: skip

    document = open_preview(
        client, editor, reverse("wagtailadmin_pages:preview_on_edit", args=[front.pk]), data, settings
    )

    assert document["type"] == "front"
    assert [each["headline"] for each in document["slots"]] == ["Своїми словами"]
    assert api(client, "/front/")["slots"] == []
    assert {each["headline"] for each in api(client, "/front/")["latest"]} == {shown.title, other.title}


def test_a_preview_is_kept_by_nobody(client: Client) -> None:
    page = make_article("Чернетка", live=False)

    response = client.get(f"/api/v1/preview/{preview.issue(page)}/", headers={"Origin": "https://reader.example"})

    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert "Cache-Tag" not in response
    assert response["Access-Control-Allow-Origin"] == "*"


def test_a_preview_shows_references_as_readers_would_see_them(client: Client) -> None:
    draft, shown, front = make_article("Чернетка", live=False), make_article("Показана"), fill_front()
    links = " ".join(f'<a linktype="page" id="{each.pk}">{each.title}</a>' for each in (draft, shown, front))
    page = make_article(
        "Ще чернетка",
        live=False,
        body=body(("paragraph", f"<p>{links}</p>"), ("related", {"pages": [draft.pk, shown.pk]})),
    )

    text, related = (each["value"] for each in api(client, f"/preview/{preview.issue(page)}/")["body"])

    assert (
        text
        == f'<p>Чернетка <a href="{shown.public_url}">Показана</a> <a href="{front.public_url}">{front.title}</a></p>'
    )
    assert [each["headline"] for each in related] == ["Показана"]


def test_a_token_opens_one_draft_and_for_its_time_only(
    client: Client, monkeypatch: pytest.MonkeyPatch, poll: Any
) -> None:
    monkeypatch.setattr(preview, "PREVIEW_SECONDS", 1)
    first, second = make_article("Перша", live=False), make_article("Друга", live=False)
    one, two = preview.issue(first), preview.issue(second)

    assert one != two
    assert api(client, f"/preview/{two}/")["headline"] == "Друга"
    poll(lambda: client.get(f"/api/v1/preview/{one}/").status_code == 404, what="the end of the preview")
    assert "expired" in problem(client, f"/preview/{one}/", 404)["detail"]


@pytest.mark.parametrize(
    "token", ["x", "x" * 32, "x" * 5000, "%00" * 32, "../content/", "a b c d e f g h i j k l m n o p"]
)
def test_a_token_that_nobody_issued_opens_nothing(client: Client, token: str) -> None:
    problem(client, f"/preview/{token}/", 404)


def test_a_draft_that_was_deleted_since_is_still_what_it_was(client: Client) -> None:
    page = make_article("Чернетка", live=False, image=make_image(), authors=[make_author("Олена")])
    token = preview.issue(page)

    page.image.delete()
    page.bylines.all().delete()
    page.delete()

    assert client.get(f"/api/v1/preview/{token}/").status_code in (200, 404)


def test_previews_ask_who_asks(client: Client) -> None:
    page = make_article("Чернетка", live=False)

    response = client.get(reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk]))

    assert response.status_code == 302
    assert "/login/" in response["Location"]


def without_redis(settings: Any) -> None:
    """From here on the cache is where nobody listens."""
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}


def look_at(page: Any, user: Any, query: str = "") -> Any:
    """What the preview panel's frame is answered, once Wagtail knows that this user may edit the page."""
    request = RequestFactory().get(f"/admin/pages/{page.pk}/edit/preview/{query}")
    request.user, request.wants_preview_token = user, "as=json" in query
    response = page.serve_preview(request, "")
    return response.render() if hasattr(response, "render") else response


def test_without_redis_the_editor_is_told_that_nothing_is_lost(client: Client, settings: Any) -> None:
    page, user = make_article("Чернетка", live=False), make_editor()
    token = preview.issue(page)
    without_redis(settings)

    shown = look_at(page, user)

    assert shown.status_code == 503
    assert "Redis" in shown.text
    refused = client.get(f"/api/v1/preview/{token}/")
    assert refused.status_code == 503
    assert "Nothing is lost" in refused.json()["detail"]
    assert refused["Cache-Control"] == "private, no-store"


def test_the_panel_can_ask_for_the_token_alone(client: Client, editor: Client) -> None:
    page = make_article("Перша")
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    editor.post(address, form_of(page, title="Друга"))

    answer = editor.get(f"{address}?in_preview_panel=true&as=json")

    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert api(client, f"/preview/{answer.json()['token']}/")["headline"] == "Друга"


def test_a_state_that_has_not_changed_keeps_its_token_and_an_other_one_has_its_own() -> None:
    page = make_article("Перша", live=False)
    first = preview.issue(page, holder=1)
    assert preview.issue(page, holder=1) == first
    assert preview.issue(page, holder=2) != first
    page.title = "Друга"
    assert preview.issue(page, holder=1) != first
    assert preview.load(first).title == "Перша"


def test_of_one_page_an_editor_has_only_so_many_previews() -> None:
    page = make_article("Чернетка", live=False)
    tokens = []
    for number in range(preview.MOST_OF_A_PAGE + 2):
        page.title = f"Стан {number}"
        tokens.append(preview.issue(page, holder=1))
    assert [preview.load(token) is not None for token in tokens] == [False] * 2 + [True] * preview.MOST_OF_A_PAGE


def test_a_page_that_is_too_large_has_no_preview_and_its_editor_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    page, user = make_article("Чернетка", live=False), make_editor()
    monkeypatch.setattr(preview, "LARGEST", 10)
    shown = look_at(page, user)
    assert shown.status_code == 503
    assert "Redis" not in shown.text


def test_a_preview_links_to_the_translations_that_are_public(client: Client) -> None:
    page = make_article("Міст")
    english = page.copy_for_translation(locale_of("en"), copy_parents=True)
    english.title = "The bridge"
    english.save_revision().publish()

    document = api(client, f"/preview/{preview.issue(page)}/")

    assert document["translations"] == api(client, f"/content/article/{page.slug}/", locale="uk")["translations"]
    assert [each["headline"] for each in document["translations"]] == ["The bridge"]


def test_each_language_can_have_a_frontend_of_its_own(settings: Any) -> None:
    settings.PREVIEW_URL = "https://{locale}.news.example.org/draft?t={token}"
    page, user = make_article("Чернетка", live=False), make_editor()

    led = look_at(page, user)

    assert led["Location"] == f"https://uk.news.example.org/draft?t={preview.issue(page, holder=user.pk)}"
    assert led["Referrer-Policy"] == "no-referrer"


def test_the_editor_s_script_talks_to_the_frontends_only(editor: Client, settings: Any) -> None:
    settings.PREVIEW_URL = "https://{locale}.news.example.org/draft?t={token}"
    page = make_article("Чернетка", live=False)
    form = editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).text
    assert 'data-origins="https://en.news.example.org https://ru.news.example.org https://uk.news.example.org"' in form


@pytest.mark.parametrize("query", ["token=x", "locale=uk"])
def test_a_parameter_that_means_nothing_is_refused(client: Client, query: str) -> None:
    token = preview.issue(make_article(live=False))
    assert client.get(f"/api/v1/preview/{token}/?{query}").status_code == 400


@pytest.mark.parametrize("behind", ["", "x/", "?locale=uk"])
def test_a_token_stands_in_no_log(client: Client, caplog: pytest.LogCaptureFixture, behind: str) -> None:
    token = preview.issue(make_article(live=False))

    failed = [client.get(f"/api/v1/preview/{token}/{behind}"), client.post(f"/api/v1/preview/{token}/{behind}")]

    assert failed[1].status_code in (404, 405)
    assert "/preview/…/" in caplog.text, "Django tells of what fails"
    assert token not in caplog.text


def test_a_token_whose_draft_fails_stands_in_no_log(
    client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = preview.issue(make_article(live=False))
    monkeypatch.setattr("api.views.preview.draft_document", lambda page: 1 / 0)
    client.raise_request_exception = False

    assert client.get(f"/api/v1/preview/{token}/").status_code == 500

    assert "/preview/…/" in caplog.text
    assert token not in caplog.text
