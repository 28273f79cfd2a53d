"""Wrong questions are a 400 that names the parameter and what is allowed; heavy ones a 503; none is a 500."""

from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.test import Client

from api.parameters import LARGEST_PAGE, LONGEST_QUERY, MOST_IDS, MOST_VALUES
from api.problems import Unavailable
from api.publications.database import limited
from api.publications.statements import MOST_SHELVES
from tests.support.content import api, headlines, make_article, problem

pytestmark = pytest.mark.django_db

#: A wrong value of each parameter of lists, and a word of what is allowed.
WRONG: list[tuple[str, Any, str]] = [
    ("type", "poem", "article"),
    ("type", "article,poem", "article"),
    ("exclude_type", "poem", "article"),
    ("has", "colour", "image"),
    ("has", "image,colour", "image"),
    ("locale", "de", "uk, ru"),
    ("locale", "uk,de", "uk, ru"),
    ("locale", "UK", "uk, ru"),
    ("locale", "", "uk, ru"),
    ("order", "headline", "-published_at"),
    ("order", ["published_at", "-published_at"], "more than once"),
    ("page_size", "0", str(LARGEST_PAGE)),
    ("page_size", str(LARGEST_PAGE + 1), str(LARGEST_PAGE)),
    ("page_size", "-1", str(LARGEST_PAGE)),
    ("page_size", "٣", str(LARGEST_PAGE)),
    ("page_size", "1e1", str(LARGEST_PAGE)),
    ("page_size", ["5", "6"], "more than once"),
    ("published_after", "yesterday", "2026-01-31"),
    ("published_after", "2026-01-31T12:00:00", "offset"),
    ("published_before", "2026-02-30", "2026-01-31"),
    ("published_before", "9999-01-01", "2026-01-31"),
    ("updated_after", "", "2026-01-31"),
    ("updated_before", "0000-00-00", "2026-01-31"),
    ("ids", "1,x", str(MOST_IDS)),
    ("ids", "9" * 30, str(MOST_IDS)),
    ("ids", ",".join(["1"] * (MOST_IDS + 1)), str(MOST_IDS)),
    ("exclude_ids", "-1", str(MOST_IDS)),
    ("section", ",".join(["a"] * (MOST_VALUES + 1)), str(MOST_VALUES)),
    ("section", "x" * 256, "too long"),
    ("tag", "a\x00b", "too long"),
    ("author", ["a,b"] * 26, str(MOST_VALUES)),
    ("source", "x" * 300, "too long"),
    ("exclude_section", ",".join(["a"] * (MOST_VALUES + 1)), str(MOST_VALUES)),
    ("exclude_tag", "a\x00", "too long"),
    ("q", "x" * (LONGEST_QUERY + 1), str(LONGEST_QUERY)),
    ("q", "\x00", str(LONGEST_QUERY)),
    ("cursor", "abc", "`next`"),
    ("cursor", "eC4wLjA", "`next`"),
    ("cursor", "x" * 500, "`next`"),
    ("fields", "colour", "headline"),
    ("expand", "section", "related"),
    ("colour", "red", "section"),
    ("sections", "port", "section"),
    ("rich_text", "markdown", "section"),
]


@pytest.mark.parametrize(("name", "value", "allowed"), WRONG, ids=lambda each: str(each)[:30].replace("\x00", "0"))
def test_a_wrong_parameter_is_named_with_what_is_allowed(client: Client, name: str, value: Any, allowed: str) -> None:
    document = problem(client, "/content/", 400, **{name: value})

    assert [each["field"] for each in document["errors"]] == [name]
    assert allowed in document["errors"][0]["message"]
    assert len(document["errors"][0]["message"]) < 2000, "an answer does not repeat what was sent"


@pytest.mark.parametrize(
    ("name", "value"),
    [("colour", "red"), ("page_size", "5"), ("locale", "de"), ("locale", ""), ("fields", "x"), ("rich_text", "md")],
)
def test_a_detail_refuses_what_means_nothing_there(client: Client, name: str, value: str) -> None:
    page = make_article()

    assert problem(client, f"/content/article/{page.slug}/", 400, **{name: value})["errors"][0]["field"] == name


def test_values_that_combine_to_too_many_are_refused_and_the_parameter_named(client: Client) -> None:
    make_article("Стаття")
    many = ",".join(f"tag-{n}" for n in range(MOST_VALUES))
    types = [each["type"] for each in api(client, "/types/")["results"]]
    assert headlines(client, tag=many) == []

    response = client.get("/api/v1/content/", {"tag": many, "locale": "uk,ru,en", "type": ",".join(types)})

    if 3 * len(types) * MOST_VALUES > MOST_SHELVES:
        assert response.status_code == 400
        (error,) = response.json()["errors"]
        assert error["field"] == "tag" and str(MOST_SHELVES) in error["message"]
    else:
        assert response.status_code == 200


def test_a_text_for_an_address_is_read_as_data(client: Client) -> None:
    make_article("Стаття", tags=["море"])

    for value in ("'; DROP TABLE api_publication; --", "%", "_", "{}", "{a,b}", "NULL", '"', "\\", "uk//tag=more", "‮"):
        for name in ("section", "author", "tag", "source", "exclude_tag"):
            assert headlines(client, **{name: value}) == (["Стаття"] if name == "exclude_tag" else []), (name, value)


# --- what takes too long ----------------------------------------------------------------------------------------


def timeout() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return str(cursor.fetchone()[0])


def test_a_statement_that_takes_too_long_is_unavailable_and_the_limit_ends_with_the_block() -> None:
    before = timeout()

    with pytest.raises(Unavailable), limited(20), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(30)")

    assert timeout() == before
    with limited(20):
        assert timeout() == "20ms"
    assert timeout() == before


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_given_back_is_not_touched() -> None:
    with limited(20):
        raw: Any = connection.connection
        connection.close()
        raw.execute("SET statement_timeout = 77")  # another thread has it now, with a limit of its own

    assert raw.execute("SHOW statement_timeout").fetchone()[0] == "77ms"
    raw.execute("RESET statement_timeout")


@pytest.mark.parametrize("path", ["/content/?tag=a", "/content/article/nema/", "/resolve/?path=/uk/", "/tags/"])
def test_a_question_that_the_database_can_not_answer_in_time_is_a_503(client: Client, path: str) -> None:
    # Somebody holds the tables: whoever asks waits, as for any statement that does not end.
    with psycopg.connect(**connection.get_connection_params() | {"autocommit": False}) as other:
        other.execute("LOCK TABLE api_publication, api_shelf IN ACCESS EXCLUSIVE MODE")
        with transaction.atomic():
            response = client.get(f"/api/v1{path}")
            transaction.set_rollback(True)
        other.rollback()

    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"
    assert int(response["Retry-After"]) > 0
    assert response["Cache-Control"] == "no-store"
    assert "takes too long" in response.json()["detail"]
    assert timeout() != "2s"
