"""How the API answers over HTTP: caching, other origins, and every way to say no."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.support.content import api, fill_front, make_article, make_author, make_section, problem

pytestmark = pytest.mark.django_db

PUBLIC = [
    "/content/",
    "/content/article/novyna/",
    "/front/",
    "/sections/",
    "/authors/",
    "/authors/olena/",
    "/tags/",
    "/site/",
    "/resolve/?path=/uk/novyna/",
    "/types/",
]


@pytest.fixture
def news(db: None) -> Any:
    page = make_article("Новина", section=make_section("Порт"), authors=[make_author("Олена")], tags=["море"])
    fill_front(page)
    return page


def test_an_answer_does_not_depend_on_the_language_of_the_browser(client: Client, editor: Client) -> None:
    editor.get("/admin/", headers={"Accept-Language": "en"})
    answers = [client.get("/api/v1/types/", headers={"Accept-Language": language}) for language in ("en", "uk", "ru")]
    assert len({answer["ETag"] for answer in answers}) == 1
    assert all("accept-language" not in answer.get("Vary", "").lower() for answer in answers)


@pytest.mark.parametrize("path", PUBLIC)
def test_an_answer_can_be_kept_and_asked_about(client: Client, news: Any, path: str) -> None:
    address = f"/api/v1{path}"

    first, again = client.get(address), client.get(address)

    assert first.status_code == 200, first.content
    assert first["Content-Type"] == "application/json"
    etag = first["ETag"]
    assert re.fullmatch(r'"[0-9a-f]{32}"', etag), "a strong validator"
    assert again["ETag"] == etag
    assert re.fullmatch(r"public, max-age=\d+, stale-while-revalidate=\d+, stale-if-error=\d+", first["Cache-Control"])
    assert first["Cache-Tag"]
    assert "Set-Cookie" not in first and "Cookie" not in first.get("Vary", "")

    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        unchanged = client.get(address, headers={"If-None-Match": known})
        assert unchanged.status_code == 304, known
        assert unchanged.content == b""
        assert unchanged["ETag"] == etag
        assert unchanged["Cache-Control"] == first["Cache-Control"]
        assert unchanged["Cache-Tag"] == first["Cache-Tag"]
        assert unchanged["Access-Control-Allow-Origin"] == "*" if "Access-Control-Allow-Origin" in first else True
    for unknown in ('"other"', etag.strip('"'), "nonsense", ""):
        assert client.get(address, headers={"If-None-Match": unknown}).status_code == 200, unknown

    head = client.head(address)
    assert head.status_code == 200
    assert head.content == b""
    assert head["ETag"] == etag


def test_a_change_changes_the_tag_of_the_answer(client: Client, news: Any) -> None:
    before = client.get("/api/v1/content/")["ETag"]

    news.lede = "Інша"
    news.save_revision().publish()

    assert client.get("/api/v1/content/", headers={"If-None-Match": before}).status_code == 200


def test_an_answer_to_one_question_is_not_the_answer_to_another(client: Client, news: Any) -> None:
    etag = client.get("/api/v1/content/?locale=uk")["ETag"]

    assert client.get("/api/v1/content/?locale=en", headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize("path", PUBLIC)
def test_a_frontend_of_another_origin_may_read(client: Client, news: Any, path: str) -> None:
    response = client.get(f"/api/v1{path}", headers={"Origin": "https://reader.example"})

    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response
    assert "ETag" in response["Access-Control-Expose-Headers"]


def test_a_frontend_of_another_origin_may_ask_first(client: Client) -> None:
    response = client.options(
        "/api/v1/newsletters/any/subscriptions/",
        headers={
            "Origin": "https://reader.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )

    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "POST" in response["Access-Control-Allow-Methods"]
    assert "content-type" in response["Access-Control-Allow-Headers"]
    assert int(response["Access-Control-Max-Age"]) > 0


def test_problems_can_be_read_by_other_origins_too(client: Client) -> None:
    response = client.get("/api/v1/content/?locale=de", headers={"Origin": "https://reader.example"})

    assert response.status_code == 400
    assert response["Access-Control-Allow-Origin"] == "*"


def test_the_admin_is_not_for_other_origins(client: Client) -> None:
    response = client.get("/admin/login/", headers={"Origin": "https://reader.example"})

    assert "Access-Control-Allow-Origin" not in response


@pytest.mark.parametrize(
    "path",
    ["/nothing/", "/content", "/content/article/", "/contentx/", "/front/extra/", "/x/none/", "/../admin/", "/%00"],
)
def test_an_address_that_nothing_answers_is_a_problem(client: Client, path: str) -> None:
    problem(client, path, 404)


@pytest.mark.parametrize("path", ["/api/", "/api/v2/content/", "/api/v1x/", "/api/v1"])
def test_every_address_under_api_is_answered_as_one_of_the_api(client: Client, path: str) -> None:
    response = client.get(path, follow=True)

    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/content/", "/content/article/novyna/", "/front/", "/types/", "/nothing/"])
def test_what_is_read_only_says_so(method: str, path: str) -> None:
    # As a browser on another site would: with no token of a form of ours.
    client = Client(enforce_csrf_checks=True)

    response = getattr(client, method)(f"/api/v1{path}", data="{}", content_type="application/json")

    assert response.status_code == (404 if path == "/nothing/" else 405)
    assert response["Content-Type"] == "application/problem+json"
    if response.status_code == 405:
        assert "GET" in response["Allow"]
    assert response.json()["status"] == response.status_code


def test_options_tells_what_is_allowed(client: Client) -> None:
    response = client.options("/api/v1/content/")

    assert response.status_code == 200
    assert "GET" in response["Allow"]


@pytest.mark.parametrize("path", [*PUBLIC, "/content/article/nema/", "/content/?colour=1"])
@pytest.mark.parametrize(
    "accepted",
    [
        "application/json",
        "text/html,application/xhtml+xml,*/*;q=0.8",
        "application/json; indent=8",
        "application/xml",
        "text/csv;q=0",
        "application/json; q=much; name*=utf-9''%ff",
        ";;,/,\xff",
        "a/b," * 2_000,
    ],
)
def test_whatever_is_accepted_the_answer_is_the_same(client: Client, news: Any, path: str, accepted: str) -> None:
    plain, asked = (client.get(f"/api/v1{path}", headers=headers) for headers in ({}, {"Accept": accepted}))

    assert asked.status_code == plain.status_code
    assert asked.content == plain.content
    assert asked["Content-Type"] == plain["Content-Type"]
    assert asked.get("ETag") == plain.get("ETag")
    assert "accept" not in asked.get("Vary", "").lower().split(", ")


@pytest.mark.parametrize("path", ["/content/", "/types/", "/site/"])
def test_there_is_one_format_and_no_parameter_for_it(client: Client, path: str) -> None:
    assert problem(client, path, 400, format="api")["errors"][0]["field"] == "format"


@pytest.mark.parametrize(
    ("accepted", "given"),
    [
        ("application/json", "application/json"),
        ("application/yaml", "application/yaml"),
        ("application/vnd.oai.openapi+json", "application/vnd.oai.openapi+json"),
        ("text/csv", "application/vnd.oai.openapi"),
        ("*/*", "application/vnd.oai.openapi"),
    ],
)
def test_the_schema_has_two_forms_and_says_so(client: Client, accepted: str, given: str) -> None:
    schema = client.get("/api/v1/schema/", headers={"Accept": accepted})

    assert schema.status_code == 200
    assert schema["Content-Type"] == given
    assert "accept" in schema["Vary"].lower().split(", ")


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        ("{", "application/json", 400),
        ("", "application/json", 400),
        ("[]", "application/json", 400),
        ("null", "application/json", 400),
        ('"text"', "application/json", 400),
        ("\xff\xfe", "application/json", 400),
        ("[" * 60_000, "application/json", 400),
        ('{"email": NaN}', "application/json", 400),
        ("email=a@example.org", "application/x-www-form-urlencoded", 415),
        ("email=a@example.org", "text/plain", 415),
        ("<email/>", "application/xml", 415),
    ],
)
def test_what_is_not_a_json_object_is_refused(client: Client, body: str, content_type: str, status: int) -> None:
    from tests.support.newsletters import make_newsletter

    newsletter = make_newsletter()

    response = client.generic(
        "POST",
        f"/api/v1/newsletters/{newsletter.slug}/subscriptions/",
        body.encode("latin-1"),
        content_type=content_type,
    )

    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["detail"]


def test_problems_are_not_kept_by_caches(client: Client) -> None:
    for path in ("/content/?locale=de", "/content/article/not-yet/", "/nothing/"):
        response = client.get(f"/api/v1{path}")
        assert response["Cache-Control"] == "no-store", path
        assert "ETag" not in response


def test_a_host_that_is_not_ours_is_refused(client: Client) -> None:
    response = client.get("/api/v1/content/", headers={"Host": "evil.example"})

    assert response.status_code == 400
    assert b"evil.example" not in response.content
    assert response["Content-Type"] == "application/problem+json"


def test_a_fault_of_ours_is_a_problem_that_tells_nothing_of_it(monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    from api.answers import content

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(content, "listing", fail)

    response = Client(raise_request_exception=False).get("/api/v1/content/")

    assert response.status_code == 500
    assert response["Content-Type"] == "application/problem+json"
    assert b"secret" not in response.content
    assert "the secret of the house" in caplog.text


def test_addresses_in_answers_do_not_follow_the_host_of_the_question(client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    for n in range(3):
        make_article(f"№{n}")

    response = client.get(
        "/api/v1/content/?page_size=1", headers={"Host": "other.example", "X-Forwarded-Host": "a.example"}
    )

    assert settings.BASE_URL in response.json()["next"]
    assert "example" not in response.content.decode()


def test_the_language_of_the_reader_changes_no_document(client: Client, news: Any) -> None:
    etags = {
        client.get("/api/v1/content/", headers={"Accept-Language": code})["ETag"] for code in ("uk", "en", "ru", "de")
    }

    assert len(etags) == 1


def test_reading_opens_no_session_and_asks_one_question(client: Client, news: Any) -> None:
    from django.db import connection

    client.cookies["sessionid"] = "x" * 32
    with CaptureQueriesContext(connection) as captured:
        client.get("/api/v1/content/article/novyna/")

    assert len(captured) == 1


def test_the_schema_and_its_pages_come_from_here(client: Client) -> None:
    schema = client.get("/api/v1/schema/", headers={"Accept": "application/json"})
    page = client.get("/api/v1/docs/", headers={"Accept": "text/html"})

    assert schema.status_code == page.status_code == 200
    assert "/api/v1/content/" in json.loads(schema.content)["paths"]
    for address in re.findall(r'(?:src|href)="([^"]+)"', page.content.decode()):
        assert not address.startswith(("http:", "https:", "//")), address


def test_documents_are_stable_in_their_bytes(client: Client, news: Any) -> None:
    api(client, "/content/")
    assert client.get("/api/v1/content/").content == client.get("/api/v1/content/").content
