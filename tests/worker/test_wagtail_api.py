"""Wagtail's own API, switched on in an installation of real processes, driven as its clients do."""

import uuid
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image

from ostriv.testing import hooks
from tests.support.stack import Stack

MAKE_TOKEN = """
from django.contrib.auth.models import Group, User
from wagtail.models import APIToken
user = User.objects.create_user({name!r})
if {group!r}:
    user.groups.add(Group.objects.get(name={group!r}))
print("TOKEN", APIToken.create_token(user=user, name="test")[1])
"""


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Stack]:
    made = Stack(
        hooks.run_folder() / "stack-wagtail-api",
        hooks.run_template(),
        settings={"OSTRIV_WAGTAIL_API": "true", "OSTRIV_WAGTAIL_API_RATE": "300"},
    )
    try:
        made.start_all()
        yield made
    finally:
        made.close()


def token_of(newsroom: Stack, group: str) -> str:
    said = newsroom.python(MAKE_TOKEN.format(name=uuid.uuid4().hex, group=group))
    return said.split("TOKEN ")[1].split()[0]


Connect = Callable[[str], httpx.Client]


@pytest.fixture(scope="module")
def connect(newsroom: Stack) -> Iterator[Connect]:
    """A client of Wagtail's API with the token of somebody in this group."""
    clients: list[httpx.Client] = []

    def make(group: str) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token_of(newsroom, group)}"}
        clients.append(httpx.Client(base_url=f"{newsroom.url}/api/v3", headers=headers, trust_env=False, timeout=30))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


@pytest.fixture(scope="module")
def editor(connect: Connect) -> httpx.Client:
    return connect("Editors")


def front(newsroom: Stack) -> int:
    ((found,),) = newsroom.sql("SELECT id FROM wagtailcore_page WHERE url_path = '/uk/'")
    return int(found)


def article(newsroom: Stack, title: str, *, action: str | None = "publish", **fields: Any) -> dict[str, Any]:
    meta = {"type": "content.ArticlePage", "parent_id": front(newsroom), "action": action}
    return {"meta": meta, "title": title, **fields}


def create(client: httpx.Client, data: dict[str, Any]) -> Any:
    answer = client.post("/pages/", json=data)
    assert answer.status_code == 201, answer.text
    return answer.json()


def public(newsroom: Stack, slug: str) -> Any:
    return newsroom.get(f"/api/v1/content/article/{slug}/?locale=uk")


def test_an_article_is_made_published_changed_and_taken_back(newsroom: Stack, editor: httpx.Client) -> None:
    paragraph = "<p>Рейси <b>повертаються</b>.<script>alert(1)</script></p>"
    made = create(
        editor,
        article(
            newsroom,
            "Річковий вокзал відчинено",
            action=None,
            lede="З понеділка.",
            tags=["річка"],
            body=[{"type": "paragraph", "value": paragraph}],
        ),
    )
    slug = made["meta"]["slug"]
    assert slug == "richkovyi-vokzal-vidchyneno"
    assert public(newsroom, slug).status == 404
    assert editor.get(f"/pages/{made['id']}/", params={"version": "draft"}).json()["lede"] == "З понеділка."

    assert editor.post(f"/pages/{made['id']}/actions/publish/").status_code == 200
    shown = public(newsroom, slug).json()
    assert (shown["headline"], shown["lede"]) == ("Річковий вокзал відчинено", "З понеділка.")
    assert shown["keywords"][0]["name"] == "річка"
    assert "<b>повертаються</b>" in shown["body"][0]["value"] and "script" not in shown["body"][0]["value"]

    changed = editor.patch(f"/pages/{made['id']}/", json={"lede": "З вівторка.", "meta": {"action": "publish"}})
    assert changed.status_code == 200, changed.text
    assert public(newsroom, slug).json()["lede"] == "З вівторка."
    written = newsroom.sql("SELECT kind FROM api_change WHERE page_id = %s ORDER BY id", (made["id"],))
    assert [kind for (kind,) in written] == ["publish", "update"]

    assert editor.post(f"/pages/{made['id']}/actions/unpublish/", json={}).status_code == 200
    assert public(newsroom, slug).status == 404


def test_a_picture_is_uploaded_and_shown(newsroom: Stack, editor: httpx.Client) -> None:
    file = BytesIO()
    Image.new("RGB", (800, 500), "teal").save(file, "PNG")
    sent = editor.post(
        "/images/",
        files={"file": ("pryplyv.png", file.getvalue(), "image/png")},
        data={"title": "Приплив", "credit": "Л. Ракитін", "description": "Вода під мостом"},
    )
    assert sent.status_code == 201, sent.text

    made = create(editor, article(newsroom, "Вода під мостом", image=sent.json()["id"]))

    picture = public(newsroom, made["meta"]["slug"]).json()["image"]
    assert (picture["credit"], picture["width"]) == ("Л. Ракитін", 800)


def test_a_file_that_is_no_picture_is_refused(editor: httpx.Client) -> None:
    sent = editor.post("/images/", files={"file": ("x.png", b"<?php", "image/png")}, data={"title": "x", "credit": "y"})
    assert sent.status_code == 422, sent.text


def test_what_the_forms_refuse_is_refused_here_too_and_leaves_nothing(newsroom: Stack, editor: httpx.Client) -> None:
    first = create(editor, article(newsroom, "Одна назва", slug="odna-nazva"))
    ((section,),) = newsroom.sql(
        "INSERT INTO content_section (translation_key, slug, name, description, sort_order, locale_id) "
        "SELECT gen_random_uuid(), 'city-v3', 'City', '', 1, id FROM wagtailcore_locale WHERE language_code = 'en' "
        "RETURNING id"
    )
    pages = newsroom.sql("SELECT count(*) FROM wagtailcore_page")

    for wrong in (
        article(newsroom, "Друга", slug="odna-nazva"),
        article(newsroom, "Чужа мова", section=section),
        article(newsroom, "Чужа мова", section_id=section),
        article(newsroom, "Майбутнє", published_at="2999-01-01T00:00:00Z"),
        article(newsroom, ""),
    ):
        answer = editor.post("/pages/", json=wrong)
        assert answer.status_code == 422, answer.text
        assert answer.headers["content-type"] == "application/problem+json"

    assert newsroom.sql("SELECT count(*) FROM wagtailcore_page") == pages
    assert public(newsroom, "odna-nazva").json()["id"] == first["id"]


def test_rights_are_those_of_the_tokens_holder(newsroom: Stack, connect: Connect) -> None:
    stranger, marketing = connect(""), connect("Marketing")

    assert stranger.post("/pages/", json=article(newsroom, "Без прав")).status_code == 403
    assert stranger.get("/pages/").json()["items"] == []
    assert marketing.get("/whoami/").json()["groups"] == ["Marketing"]
    assert marketing.post("/pages/", json=article(newsroom, "Не в тій теці")).status_code == 403
    assert stranger.get("/sites/").status_code == 403


def test_nobody_comes_in_without_a_right_token(newsroom: Stack) -> None:
    for headers in ({}, {"Authorization": "Bearer wagtail_wrong"}, {"Authorization": "Basic dTpw"}):
        answer = newsroom.get("/api/v3/pages/", headers=headers)
        assert answer.status == 401
        assert answer.headers["www-authenticate"] == 'Bearer realm="wagtail"'
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.json()["status"] == 401


def test_a_token_that_was_revoked_opens_nothing(newsroom: Stack, connect: Connect) -> None:
    client = connect("Editors")
    assert client.get("/whoami/").status_code == 200
    newsroom.sql(
        "UPDATE wagtailcore_apitoken SET revoked_at = now() WHERE id = (SELECT max(id) FROM wagtailcore_apitoken)"
    )
    assert client.get("/whoami/").status_code == 401


def test_large_bodies_and_many_requests_are_refused(newsroom: Stack, connect: Connect) -> None:
    client = connect("Editors")
    assert client.post("/pages/", json=article(newsroom, "Довга", lede="x" * 3_000_000)).status_code in (400, 413)
    statuses = {client.get("/whoami/").status_code for _each in range(310)}
    assert statuses == {200, 429}


def test_a_page_in_a_browser_is_not_let_in(newsroom: Stack) -> None:
    answer = newsroom.get("/api/v3/pages/", headers={"Origin": "https://reader.example"})
    assert "access-control-allow-origin" not in answer.headers


def test_our_own_api_is_what_it_was(newsroom: Stack, editor: httpx.Client) -> None:
    made = create(editor, article(newsroom, "Форма не змінилася"))
    shown = public(newsroom, made["meta"]["slug"]).json()
    assert not {"bylines", "related_items", "source_name", "source_url"} & set(shown)
    assert "/api/v3/" not in newsroom.get("/api/v1/schema/").text
