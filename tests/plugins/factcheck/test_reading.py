"""Fact-checks as readers, search engines and newsletters get them."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone, translation

from cms.newsletters.rendering.plugged import block_in_mail, teaser_in_mail
from cms.registry import states
from cms.registry.blocks import plugin_blocks
from cms.registry.models import PluginFault
from plugins.factcheck import verdicts
from plugins.factcheck.plugin import FactCheckSettings
from tests.plugins.factcheck.newsroom import CLAIM, make_check, stored
from tests.support.content import (
    api,
    body,
    headlines,
    make_article,
    make_author,
    make_folder,
    problem,
    restrict,
    shown,
)

pytestmark = [pytest.mark.django_db, pytest.mark.plugin("factcheck")]


def review_of(document: dict[str, Any]) -> dict[str, Any]:
    article, review = document["json_ld"]["@graph"]
    assert (article["@type"], review["@type"]) == ("NewsArticle", "ClaimReview")
    return review


def card() -> Any:
    return plugin_blocks()["factcheck_verdict"].declared


# --- filters ----------------------------------------------------------------------------------------------------


def test_checks_are_found_by_verdict_and_by_claimant(client: Client) -> None:
    make_check("Перша", verdict="false", claimant="Степан Гай")
    make_check("Друга", verdict="true", claimant="Степан Гай")
    make_check("Третя", verdict="satire", claimant="«Портовий вісник»")
    make_article("Стаття")

    assert headlines(client, verdict="false") == ["Перша"]
    assert headlines(client, verdict="false,satire") == ["Третя", "Перша"]
    assert headlines(client, claimant="stepan-hai") == ["Друга", "Перша"]
    assert headlines(client, claimant="portovyi-visnyk") == ["Третя"]
    assert headlines(client, claimant="stepan-hai", verdict="true", type="factcheck") == ["Друга"]
    assert headlines(client, claimant="stepan-hai", type="article") == []
    assert headlines(client, claimant="nobody") == []


def test_a_verdict_that_there_is_not_is_an_error_that_lists_those_there_are(client: Client) -> None:
    document = problem(client, "/content/", 400, verdict="lie")

    assert "mostly_false" in document["detail"]


def test_a_changed_verdict_is_found_by_the_new_one_only(client: Client) -> None:
    page = make_check(verdict="unproven")
    page.verdict = "false"
    page.save_revision().publish()

    assert headlines(client, verdict="unproven") == []
    assert headlines(client, verdict="false") == [page.title]


def test_the_claim_the_claimant_and_the_sources_are_searched(client: Client) -> None:
    make_check()

    for words in ("насосні", "гай", "виконаних", "дві", "переважно"):
        assert headlines(client, q=words) == ["Чи полагодили насосні"], words


# --- what is not public -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["draft", "embargo", "private", "private folder", "expired", "unpublished"])
def test_a_check_that_is_not_public_is_nowhere(client: Client, state: str) -> None:
    folder = make_folder()
    live = state not in {"draft", "embargo"}
    page = make_check("Таємна", live=live, parent=folder, claim="Таємне твердження")
    article = make_article("Стаття", body=body(("factcheck_verdict", {"factcheck": page.pk})))
    if state == "embargo":
        page.go_live_at = timezone.now() + timedelta(days=1)
        page.save_revision().publish()
    elif state == "private":
        restrict(page)
    elif state == "private folder":
        restrict(folder)
    elif state == "expired":
        page.expire_at = timezone.now() - timedelta(seconds=1)
        page.save_revision().publish()
    elif state == "unpublished":
        page.unpublish()

    problem(client, f"/content/factcheck/{page.slug}/", 404)
    for found in ({}, {"type": "factcheck"}, {"verdict": "mostly_false"}, {"claimant": "stepan-hai"}, {"q": "таємне"}):
        assert "Таємна" not in headlines(client, **found)
    document = shown(client, article)
    assert document["body"][0]["value"] == {"factcheck": None}
    assert "Таємн" not in json.dumps(document, ensure_ascii=False)
    block = card().block.to_python({"factcheck": page.pk})
    assert card().html(block, "uk") == ""


# --- structured data --------------------------------------------------------------------------------------------


def test_search_engines_get_a_claim_review(client: Client) -> None:
    page = make_check(authors=[make_author("Марія Порт")], appearances=["https://tv.example/14", "https://x.example/1"])

    document = shown(client, page)
    review = review_of(document)

    assert document["json_ld"]["@context"] == "https://schema.org"
    assert review["claimReviewed"] == CLAIM["claim"]
    assert review["url"] == document["url"]
    assert review["datePublished"] == document["published_at"]
    assert review["inLanguage"] == "uk"
    mariia = "http://localhost:8000/uk/author/mariia-port/"
    assert review["author"] == [{"@type": "Person", "name": "Марія Порт", "url": mariia}]
    assert review["itemReviewed"] == {
        "@type": "Claim",
        "text": CLAIM["claim"],
        "author": {
            "@type": "Person",
            "name": "Степан Гай",
            "jobTitle": "заступник міського голови",
            "sameAs": "https://rada.example/hai",
        },
        "datePublished": "2026-01-14",
        "appearance": [
            {"@type": "CreativeWork", "url": "https://tv.example/14"},
            {"@type": "CreativeWork", "url": "https://x.example/1"},
        ],
    }
    assert review["reviewRating"] == {
        "@type": "Rating",
        "alternateName": "переважно неправда",
        "ratingValue": 2,
        "bestRating": 5,
        "worstRating": 1,
        "ratingExplanation": CLAIM["explanation"],
    }


def test_a_verdict_beside_the_line_has_words_and_no_number(client: Client) -> None:
    page = make_check(verdict="satire", explanation="")

    assert review_of(shown(client, page))["reviewRating"] == {"@type": "Rating", "alternateName": "сатира"}


def test_a_claim_of_an_organisation_with_little_known_is_reviewed(client: Client) -> None:
    page = make_check(
        claimant="Порт", claimant_type="organization", claimant_role="", claimant_url="", said_on=None, said_where=""
    )

    document = shown(client, page)

    assert review_of(document)["itemReviewed"] == {
        "@type": "Claim",
        "text": CLAIM["claim"],
        "author": {"@type": "Organization", "name": "Порт"},
    }
    assert document["claim"]["said_on"] is None


def test_the_newsroom_signs_where_it_wants_to(client: Client) -> None:
    states.save_settings("factcheck", {"publisher": "Острів. Перевірка"})
    page = make_check(authors=[make_author("Марія Порт")])

    author = review_of(shown(client, page))["author"]

    assert (author["@type"], author["name"]) == ("Organization", "Острів. Перевірка")
    assert page.public_url.startswith(author["url"])
    assert not author["url"].endswith("/")


def test_a_new_signature_holds_for_published_checks_once_they_are_written_anew(client: Client) -> None:
    page = make_check(authors=[make_author("Марія Порт")])
    states.save_settings("factcheck", {"publisher": "Острів. Перевірка"})
    before = review_of(shown(client, page))["author"]

    with translation.override("uk"):
        said = str(FactCheckSettings.__dataclass_fields__["publisher"].metadata["help"])
    call_command("republish", "--all", stdout=StringIO())

    after = review_of(shown(client, page))["author"]
    assert (str(before).count("Марія Порт"), after["name"]) == (1, "Острів. Перевірка")
    assert "«ostriv republish --all»" in said


# --- blocks and mail --------------------------------------------------------------------------------------------


def test_a_card_in_an_article_shows_the_check_as_it_is_now(client: Client) -> None:
    page = make_check()
    article = make_article("Стаття", body=body(("factcheck_verdict", {"factcheck": page.pk})))

    before = shown(client, article)["body"][0]
    page.verdict = "false"
    page.save_revision().publish()
    later = shown(client, article)["body"][0]

    assert before["type"] == "factcheck_verdict"
    assert before["value"]["factcheck"]["verdict"]["key"] == "mostly_false"
    assert before["value"]["factcheck"]["claim"]["text"] == CLAIM["claim"]
    assert later["value"]["factcheck"]["verdict"]["key"] == "false"


def test_a_card_of_a_deleted_check_shows_nothing(client: Client) -> None:
    page = make_check()
    article = make_article("Стаття", body=body(("factcheck_verdict", {"factcheck": page.pk})))
    page.delete()
    article.save_revision().publish()

    assert shown(client, article)["body"][0]["value"] == {"factcheck": None}
    assert not PluginFault.objects.exists()


def test_a_card_on_a_campaign_page_is_escaped(client: Client) -> None:
    page = make_check()
    value = card().block.to_python({"factcheck": page.pk})

    html = card().html(value, "uk")

    assert "&lt;всі&gt;" in html
    assert "переважно неправда" in html
    assert page.public_url in html


def test_a_newsletter_says_the_verdict_first(client: Client) -> None:
    page = make_check()
    (teaser,) = api(client, "/content/", type="factcheck")["results"]

    shown_in_mail = teaser_in_mail(teaser, "uk")
    value = card().block.to_python({"factcheck": page.pk})
    part = block_in_mail("factcheck_verdict", value, "uk")

    assert shown_in_mail is not None
    assert shown_in_mail.note == "Фактчек: переважно неправда"
    assert shown_in_mail.headline == page.title
    assert shown_in_mail.lede == CLAIM["claim"]
    assert part is not None
    assert part.page_ids == (page.pk,)


# --- the schema, the number of queries --------------------------------------------------------------------------


def test_the_schema_describes_a_check(client: Client) -> None:
    schema = json.loads(client.get("/api/v1/schema/", headers={"Accept": "application/json"}).content)

    detail = schema["components"]["schemas"]["FactCheckDetail"]
    assert {"claim", "sources", "verdict", "explanation", "method", "appearances"} <= set(detail["properties"])
    listed = schema["paths"]["/api/v1/content/"]["get"]["parameters"]
    assert {"verdict", "claimant"} <= {each["name"] for each in listed}


def test_a_check_is_one_query_and_so_is_a_list_of_any_length(client: Client, django_assert_num_queries: Any) -> None:
    make_check("Перевірка 0", slug="perevirka")
    headlines(client)  # the states of plugins are read once a second
    with django_assert_num_queries(1):
        api(client, "/content/factcheck/perevirka/")
    with django_assert_num_queries(1):
        assert len(headlines(client, type="factcheck", verdict="mostly_false")) == 1
    for number in range(1, 20):
        make_check(f"Перевірка {number}")
    with django_assert_num_queries(1):
        assert len(headlines(client, type="factcheck", verdict="mostly_false")) == 20


def test_a_draft_of_a_changed_verdict_stays_a_draft(client: Client) -> None:
    page = make_check(verdict="unproven")
    draft = stored().get(pk=page.pk)
    draft.verdict = "false"
    draft.save_revision()

    assert shown(client, page)["verdict"]["key"] == "unproven"
    assert headlines(client, verdict="false") == []


def test_the_demo_has_a_check_in_every_language(client: Client) -> None:
    call_command("import", Path(verdicts.__file__).with_name("demo.jsonl"), stdout=StringIO())

    for locale in ("uk", "ru", "en"):
        (teaser,) = api(client, "/content/", type="factcheck", locale=locale)["results"]
        assert api(client, f"/content/factcheck/{teaser['slug']}/", locale=locale)["sources"]
