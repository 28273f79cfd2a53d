"""A fact-check through the editor's own form: what is taken, what is refused, and which verdicts there are."""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from cms.registry import states
from plugins.factcheck import verdicts
from tests.plugins.factcheck.newsroom import CLAIM, SOURCE, add, form, make_check, stored
from tests.support.content import api, front_of, headlines, problem

pytestmark = [pytest.mark.django_db, pytest.mark.plugin("factcheck")]

ADDRESS = "/content/factcheck/chy-polahodyly-nasosni/"


def offered(editor: Client, page: Any = None) -> list[str]:
    """The verdicts in the menu of the form."""
    if page is None:
        address = reverse("wagtailadmin_pages:add", args=["factcheck", "factcheckpage", front_of().pk])
    else:
        address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    choices = editor.get(address).context["form"].fields["verdict"].choices
    return [str(key) for key, _words in choices if key]


def test_an_editor_publishes_a_check_in_the_form_and_readers_see_it(client: Client, editor: Client) -> None:
    assert add(editor, lede="Порахували").status_code == 302

    document = api(client, ADDRESS)
    assert document["type"] == "factcheck"
    assert document["claim"] == {
        "text": CLAIM["claim"],
        "claimant": {
            "name": "Степан Гай",
            "slug": "stepan-hai",
            "type": "person",
            "role": "заступник міського голови",
            "url": "https://rada.example/hai",
        },
        "said_on": "2026-01-14",
        "said_where": "сесія міської ради",
    }
    assert document["verdict"] == {
        "key": "mostly_false",
        "label": "переважно неправда",
        "rating": 2,
        "best": 5,
        "worst": 1,
    }
    assert document["sources"] == [SOURCE]
    assert document["appearances"] == ["https://tv.example/14"]
    assert document["explanation"] == CLAIM["explanation"]
    assert "<b>акти</b>" in document["method"]


def test_the_teaser_is_the_common_one_with_the_claim_and_the_verdict(client: Client) -> None:
    make_check()

    (teaser,) = api(client, "/content/", type="factcheck")["results"]
    document = api(client, ADDRESS)

    assert teaser == {key: document[key] for key in teaser}
    assert {"claim", "verdict", "headline", "section", "image", "tags"} <= set(teaser)
    assert not {"sources", "explanation", "body"} & set(teaser)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("claim", ""),
        ("claim", "х" * 1001),
        ("claimant", ""),
        ("claimant_url", "javascript:alert(1)"),
        ("claimant_type", "ship"),
        ("said_on", "учора"),
        ("verdict", ""),
        ("verdict", "fake"),
        ("verdict", "whatever"),
        ("sources", []),
        ("sources", [{**SOURCE, "title": ""}]),
        ("sources", [{**SOURCE, "url": "ftp//nowhere"}]),
        ("sources", [{**SOURCE, "kind": "rumour"}]),
        ("appearances", [{"url": "data:text/html,hi"}]),
    ],
)
def test_a_wrong_value_is_refused_and_nothing_is_published(
    client: Client, editor: Client, field: str, wrong: Any
) -> None:
    response = add(editor, **{field: wrong})

    assert response.status_code == 200
    assert headlines(client, type="factcheck") == []
    shown = response.context["form"]
    assert shown.errors.get(field) or shown.formsets[field].total_error_count()


def test_a_draft_may_lack_what_a_publication_needs(client: Client, editor: Client) -> None:
    assert add(editor, action="", verdict="", claim="", sources=[]).status_code == 302

    problem(client, ADDRESS, 404)


def test_the_preview_of_an_unfinished_draft_is_shown(client: Client, editor: Client) -> None:
    add(editor, action="", verdict="", claim="", claimant="", sources=[])
    page = stored().get()

    address = editor.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))["Location"]
    document = api(client, f"/preview/{address.partition('token=')[2]}/")

    assert document["verdict"] is None
    assert document["claim"]["claimant"]["slug"] == ""


def test_the_newsroom_chooses_its_scale(client: Client, editor: Client) -> None:
    assert offered(editor) == list(verdicts.SCALES["five"])

    states.save_settings("factcheck", {"scale": "manipulation"})

    assert offered(editor) == list(verdicts.SCALES["manipulation"])
    assert add(editor, verdict="manipulation").status_code == 302
    assert api(client, ADDRESS)["verdict"]["label"] == "маніпуляція"


def test_a_published_verdict_survives_another_scale(client: Client, editor: Client) -> None:
    page = make_check(verdict="mostly_true")
    before = api(client, ADDRESS)["verdict"]

    states.save_settings("factcheck", {"scale": "three"})

    assert offered(editor, page) == [*verdicts.SCALES["three"], "mostly_true"]
    saved = editor.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), form(verdict="mostly_true", explanation="Уточнили")
    )
    assert saved.status_code == 302
    assert api(client, ADDRESS)["verdict"] == before
    assert api(client, ADDRESS)["explanation"] == "Уточнили"


def test_every_verdict_has_words_in_every_language() -> None:
    for verdict in verdicts.VERDICTS.values():
        words = {language: verdict.label(language) for language in ("en", "uk", "ru")}
        assert words["en"].isascii(), words
        assert not words["uk"].isascii() and not words["ru"].isascii(), words


def test_every_verdict_of_a_scale_is_known_and_rated_in_order() -> None:
    assert set(verdicts.SCALES) == {key for key, _words in verdicts.SCALE_CHOICES}
    for keys in verdicts.SCALES.values():
        ratings = [verdicts.VERDICTS[key].rating for key in keys]
        rated = [rating for rating in ratings if rating is not None]
        assert rated == sorted(rated, reverse=True)
        assert ratings[len(rated) :] == [None] * 3
        assert (rated[0], rated[-1]) == (verdicts.BEST, verdicts.WORST)


def test_the_label_is_in_the_language_of_the_page(client: Client) -> None:
    for locale, label in (("uk", "вирвано з контексту"), ("ru", "вырвано из контекста"), ("en", "Out of context")):
        make_check(f"Check {locale}", locale=locale, verdict="out_of_context")
        (teaser,) = api(client, "/content/", locale=locale, type="factcheck")["results"]
        assert teaser["verdict"] == {"key": "out_of_context", "label": label, "rating": None, "best": 5, "worst": 1}


def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "factcheck", "--check", "--dry-run", verbosity=0)
