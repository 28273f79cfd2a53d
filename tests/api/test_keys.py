"""API keys: what they open, for how long, and that nobody else gets by with a wrong one."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.access import keys
from cms.access.models import ApiKey
from tests.support.content import api, fill_front, make_article, make_author, problem

pytestmark = pytest.mark.django_db


def make_key(*scopes: str, **fields: Any) -> tuple[ApiKey, str]:
    key = ApiKey(name="Статичний сайт", scopes=list(scopes or ("read",)), **fields)
    return key, keys.issue(key, None)


def bearer(presented: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {presented}"}


@pytest.fixture
def private(settings: Any) -> None:
    settings.OSTRIV_API_PUBLIC = False


# --- the register of keys ---------------------------------------------------------------------------------------


def test_only_a_digest_of_a_key_is_stored() -> None:
    key, presented = make_key("read", "drafts", rate=120)

    assert presented.startswith("ostriv_") and len(presented) == 50
    assert key.digest == hashlib.sha256(presented.encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(access_apikey)::text FROM access_apikey")
        ((stored,),) = cursor.fetchall()
    assert presented not in stored and presented[12:] not in stored


def test_a_key_is_found_with_what_it_may_do() -> None:
    _key, presented = make_key("read", "drafts", rate=120)

    facts = keys.find(presented)

    assert facts is not None
    assert (facts.name, facts.rate, facts.opens("drafts"), facts.opens("write")) == ("Статичний сайт", 120, True, False)


@pytest.mark.parametrize("presented", ["", "ostriv_", "ostriv_" + "x" * 43, "ostriv_" + "x" * 5000, "wagtail_x", "ї"])
def test_what_is_no_key_is_not_found(presented: str) -> None:
    make_key()
    assert keys.find(presented) is None


def test_wrong_keys_cost_no_query(django_assert_num_queries: Any) -> None:
    _key, presented = make_key()
    assert keys.find(presented)
    with django_assert_num_queries(0):
        assert [keys.find(f"ostriv_{number:043}") for number in range(50)] == [None] * 50
        assert keys.find(presented)


def test_a_key_ends_when_it_is_revoked_deleted_or_its_time_is_over() -> None:
    first, one = make_key()
    second, two = make_key()
    _third, three = make_key(expires_at=timezone.now() - timedelta(seconds=1))
    assert keys.find(one) and keys.find(two)

    first.revoke()
    second.delete()

    assert [keys.find(each) for each in (one, two, three)] == [None, None, None]
    assert ApiKey.objects.filter(pk=first.pk).exists()


def test_other_processes_are_told_when_a_key_changes_and_not_when_it_is_used() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = 'access_apikey'::regclass "
                       "AND NOT tgisinternal")  # fmt: skip
        ((definition,),) = cursor.fetchall()
    assert "'api-keys'" in definition and "revoked_at" in definition
    assert "last_used_at" not in definition


def test_known_keys_go_on_working_while_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    _key, presented = make_key()
    assert keys.find(presented)
    monkeypatch.setattr(keys, "FRESH", 0.0)

    def away(sql: str, params: Any) -> Any:
        raise connection.Database.OperationalError("the server closed the connection")

    assert keys.find(presented, away)
    assert keys.find("ostriv_" + "x" * 43, away) is None


def test_the_last_use_is_noted_coarsely(client: Client, django_assert_num_queries: Any) -> None:
    key, presented = make_key()
    client.get("/api/v1/types/", headers=bearer(presented))
    key.refresh_from_db()
    noted = key.last_used_at
    assert noted is not None

    keys.forget()
    client.get("/api/v1/types/", headers=bearer(presented))
    key.refresh_from_db()
    assert key.last_used_at == noted

    ApiKey.objects.update(last_used_at=noted - timedelta(minutes=6))
    keys.forget()
    client.get("/api/v1/types/", headers=bearer(presented))
    key.refresh_from_db()
    assert key.last_used_at > noted


# --- the door ---------------------------------------------------------------------------------------------------


def test_a_wrong_key_is_refused_even_where_none_is_needed(client: Client) -> None:
    for path in ("/api/v1/content/", "/feeds/uk/rss.xml", "/api/v1/nothing-here/"):
        response = client.get(path, headers=bearer("ostriv_" + "x" * 43))
        assert response.status_code == 401, path
        assert response["Content-Type"] == "application/problem+json"
        assert response["WWW-Authenticate"] == 'Bearer realm="ostriv", error="invalid_token"'
        assert response["Cache-Control"] == "no-store"
        assert "x" * 43 not in response.text


def test_a_right_key_reads_what_everybody_reads(client: Client) -> None:
    make_article("Відкрита")
    _key, presented = make_key()
    with_key = client.get("/api/v1/content/", headers=bearer(presented))
    assert with_key.json() == api(client, "/content/")


def test_what_others_put_into_the_header_is_none_of_our_business(client: Client) -> None:
    for value in ("Basic dTpw", "Bearer eyJhbGciOi", "nonsense"):
        assert client.get("/api/v1/types/", headers={"Authorization": value}).status_code == 200


@pytest.mark.usefixtures("private")
def test_a_private_api_is_read_with_a_key_only(client: Client) -> None:
    make_article("Для своїх")
    _key, presented = make_key("read")

    for path in ("/api/v1/content/", "/api/v1/schema/", "/feeds/uk/rss.xml", "/sitemap.xml", "/api/v1/nothing-here/"):
        response = client.get(path)
        assert response.status_code == 401, path
        assert response["WWW-Authenticate"] == 'Bearer realm="ostriv"'
        assert "Для своїх" not in response.text
        assert client.head(path).status_code == 401

    allowed = client.get("/api/v1/content/", headers=bearer(presented))
    assert [each["headline"] for each in allowed.json()["results"]] == ["Для своїх"]
    assert allowed["Cache-Control"] == "private, no-cache"


@pytest.mark.usefixtures("private")
def test_in_a_private_api_a_key_for_drafts_only_reads_drafts_only(client: Client) -> None:
    page = make_article("Чернетка", live=False)
    _key, presented = make_key("drafts")

    refused = client.get("/api/v1/content/", headers=bearer(presented))
    assert refused.status_code == 403
    assert refused["WWW-Authenticate"] == 'Bearer realm="ostriv", error="insufficient_scope", scope="read"'
    assert client.get(f"/api/v1/drafts/{page.pk}/", headers=bearer(presented)).status_code == 200


@pytest.mark.usefixtures("private")
def test_readers_of_a_private_api_can_still_give_and_subscribe(client: Client) -> None:
    assert client.get("/api/v1/campaigns/none/progress/").status_code == 404
    assert client.post("/api/v1/campaigns/none/donations/", {}, content_type="application/json").status_code != 401
    assert client.options("/api/v1/content/", headers={"Origin": "https://reader.example"}).status_code == 200


# --- drafts -----------------------------------------------------------------------------------------------------


def test_a_key_for_drafts_opens_the_latest_draft(client: Client) -> None:
    page = make_article("Надруковане", authors=[make_author("Олена")])
    page.title = "Ще пишеться"
    page.save_revision()
    _key, presented = make_key("drafts")

    by_id = client.get(f"/api/v1/drafts/{page.pk}/", headers=bearer(presented))
    by_slug = client.get(f"/api/v1/drafts/article/{page.slug}/?locale=uk", headers=bearer(presented))

    assert by_id.status_code == 200 and by_id.json() == by_slug.json()
    assert by_id.json()["headline"] == "Ще пишеться"
    assert by_id["Cache-Control"] == "private, no-store"
    assert by_id["Referrer-Policy"] == "no-referrer"
    published = api(client, f"/content/article/{page.slug}/")
    assert published["headline"] == "Надруковане" and set(by_id.json()) == set(published)


def test_a_key_for_drafts_opens_the_front_page(client: Client) -> None:
    front = fill_front(make_article("Головна"))
    _key, presented = make_key("drafts")
    document = client.get(f"/api/v1/drafts/{front.pk}/", headers=bearer(presented)).json()
    assert [each["headline"] for each in document["slots"]] == ["Головна"]


def test_drafts_are_for_those_who_have_a_key_for_them(client: Client) -> None:
    page = make_article("Чернетка", live=False)
    _key, presented = make_key("read")

    for path in (f"/api/v1/drafts/{page.pk}/", f"/api/v1/drafts/article/{page.slug}/"):
        nobody, reader = client.get(path), client.get(path, headers=bearer(presented))
        assert nobody.status_code == 401 and nobody["WWW-Authenticate"].startswith("Bearer")
        assert reader.status_code == 403 and 'scope="drafts"' in reader["WWW-Authenticate"]
        assert "drafts" in reader.json()["detail"]
        assert "Чернетка" not in nobody.text + reader.text


@pytest.mark.parametrize(
    "path", ["999999", "99999999999999999999", "article/none", "nothing/none", "article/x?locale=xx"]
)
def test_a_draft_that_is_not_there(client: Client, path: str) -> None:
    _key, presented = make_key("drafts")
    first, _question, query = path.partition("?")
    response = client.get(f"/api/v1/drafts/{first}/?{query}", headers=bearer(presented))
    assert response.status_code == (400 if query else 404)
    assert response["Cache-Control"] == "private, no-store"


def test_an_address_of_a_key_in_the_query_opens_nothing(client: Client) -> None:
    _key, presented = make_key("drafts")
    page = make_article("Чернетка", live=False)
    assert client.get(f"/api/v1/drafts/{page.pk}/?key={presented}").status_code == 401
    problem(client, "/content/", 400, key=presented)


# --- the admin --------------------------------------------------------------------------------------------------


def test_a_key_is_shown_once_when_it_is_made(admin_client: Client) -> None:
    form = {"name": "Збірка сайту", "scopes": ["read", "drafts"], "rate": "600", "expires_at": ""}

    made = admin_client.post(reverse("api_keys:add"), form)

    assert made.status_code == 200, made.content[:300]
    assert "no-store" in made["Cache-Control"]
    key = ApiKey.objects.get()
    presented = made.context["presented"]
    assert presented in made.text
    facts = keys.find(presented)
    assert facts is not None and facts.scopes == {"read", "drafts"}
    assert key.created_by is not None
    for page in (reverse("api_keys:index"), reverse("api_keys:edit", args=[key.pk])):
        shown = admin_client.get(page)
        assert shown.status_code == 200
        assert presented not in shown.text and key.digest not in shown.text


def test_a_key_without_a_scope_or_with_an_end_in_the_past_is_not_made(admin_client: Client) -> None:
    wrong = {"name": "x", "rate": "0", "expires_at": "2001-01-01 10:00"}
    answer = admin_client.post(reverse("api_keys:add"), wrong)
    assert set(answer.context["form"].errors) == {"scopes", "rate", "expires_at"}
    assert not ApiKey.objects.exists()


def test_a_key_is_revoked_in_the_admin(admin_client: Client) -> None:
    key, presented = make_key()
    assert admin_client.get(reverse("api_keys:delete", args=[key.pk])).status_code == 200
    assert admin_client.post(reverse("api_keys:delete", args=[key.pk])).status_code == 302
    key.refresh_from_db()
    assert key.revoked_at and keys.find(presented) is None


def test_editors_don_t_make_keys_unless_they_are_allowed_to(editor: Client) -> None:
    assert editor.get(reverse("api_keys:index")).status_code == 302
    assert editor.post(reverse("api_keys:add"), {"name": "x", "scopes": ["read"], "rate": "1"}).status_code == 302
    assert not ApiKey.objects.exists()
