"""What is taken away is forgotten: completions and corrections know the words of what is public, and no others."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from api.models import Publication, RaisedTags, SearchEntry, SearchStruck, SearchUnread, SearchWord
from api.search import vocabulary
from cms.content import scheduling
from cms.content.models import ArticlePage
from tests.support.content import api, body, make_article, make_author, make_folder, restrict
from tests.support.races import ended, meanwhile, sessions_that_wait
from workers.tasks import search as tasks

pytestmark = pytest.mark.django_db


def completions(client: Client, beginning: str, locale: str = "uk") -> list[str]:
    found: list[str] = api(client, "/search/suggest/", q=beginning, locale=locale)["completions"]
    return found


def frequencies() -> dict[str, int]:
    return dict(SearchWord.objects.filter(locale="uk").values_list("form", "frequency"))


def learned(title: str, **options: Any) -> ArticlePage:
    page = make_article(title, **options)
    tasks.learn_words()
    return page


# --- what is taken away ---------------------------------------------------------------------------------------------


def _unpublish(page: Page) -> None:
    page.unpublish()


def _delete(page: Page) -> None:
    Page.objects.get(pk=page.pk).delete()


def _hide(page: Page) -> None:
    restrict(page)


def _let_expire(page: Page) -> None:
    Page.objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    scheduling.run_due()


def _delete_past_the_code(page: Page) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM api_publication WHERE page_id = %s", [page.pk])


@pytest.mark.parametrize("take_away", [_unpublish, _delete, _hide, _let_expire, _delete_past_the_code])
def test_a_word_of_what_is_taken_away_is_no_completion_any_more(
    client: Client, take_away: Callable[[Page], None]
) -> None:
    page = learned("Справа Ковальчука", body=body(("paragraph", "<p>Свідчила Загребельна</p>")))
    assert completions(client, "ковал") == ["ковальчука"]

    take_away(page)
    tasks.learn_words()

    assert completions(client, "ковал") == []
    assert completions(client, "загреб") == []
    assert not SearchWord.objects.exists(), "no dictionary form is left either"
    assert not SearchStruck.objects.exists()


@pytest.mark.parametrize("looked_into", [0, 50])
def test_a_word_that_stands_elsewhere_too_stays(
    client: Client, monkeypatch: pytest.MonkeyPatch, looked_into: int
) -> None:
    monkeypatch.setattr(vocabulary, "_NEWEST", looked_into)
    page = learned("Справа Ковальчука")
    learned("Вирок", body=body(("paragraph", "<p>Суд виправдав Ковальчука</p>")))

    page.unpublish()
    tasks.learn_words()

    assert completions(client, "ковал") == ["ковальчука"]
    assert completions(client, "справ") == []


@pytest.mark.parametrize("looked_into", [0, 50])
def test_the_same_word_in_another_language_is_another(
    client: Client, monkeypatch: pytest.MonkeyPatch, looked_into: int
) -> None:
    monkeypatch.setattr(vocabulary, "_NEWEST", looked_into)
    page = learned("Справа Ковальчука")
    learned("Дело Ковальчука", locale="ru")

    page.unpublish()
    tasks.learn_words()

    assert completions(client, "ковал") == []
    assert completions(client, "ковал", locale="ru") == ["ковальчука"]


def test_an_edited_article_forgets_what_was_struck_out(client: Client) -> None:
    page = learned("Справа Ковальчука", lede="Суд почався")

    page.title = "Справа відомого підприємця"
    page.save_revision().publish()
    tasks.learn_words()

    assert completions(client, "ковал") == []
    assert completions(client, "підпр") == ["підприємця"]
    assert completions(client, "спра") == ["справа"]


def test_a_name_that_is_no_author_any_more_is_forgotten(client: Client) -> None:
    page = learned("Новина", authors=[make_author("Кармелюк")])
    assert completions(client, "карме") == ["кармелюк"]

    page.bylines.all().delete()
    Page.objects.get(pk=page.pk).specific.save_revision().publish()
    tasks.learn_words()

    assert completions(client, "карме") == []


def test_what_a_private_folder_holds_is_forgotten(client: Client) -> None:
    folder = make_folder("Архів")
    learned("Справа Ковальчука", parent=folder)

    restrict(folder)
    tasks.learn_words()

    assert completions(client, "ковал") == []


def test_what_is_published_again_is_known_again(client: Client) -> None:
    page = learned("Справа Ковальчука")
    page.unpublish()
    tasks.learn_words()

    page.save_revision().publish()
    tasks.learn_words()

    assert completions(client, "ковал") == ["ковальчука"]


def test_what_is_taken_away_before_it_was_learned_is_never_known() -> None:
    make_article("Справа Ковальчука").unpublish()

    tasks.learn_words()

    assert not SearchWord.objects.exists()


@pytest.mark.parametrize("looked_into", [0, 50])
def test_a_word_that_is_left_in_another_form_only_is_known_and_completes_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch, looked_into: int
) -> None:
    monkeypatch.setattr(vocabulary, "_NEWEST", looked_into)
    other = learned("Здобуті кубки")
    page = learned("Кубок")
    assert frequencies()["кубок"] == 1

    page.unpublish()
    tasks.learn_words()

    assert completions(client, "куб") == ["кубки"]
    assert frequencies()["кубок"] == 0, "it is the dictionary form of what is written"
    assert api(client, "/search/", q="кубок")["correction"] is None

    other.unpublish()
    tasks.learn_words()

    assert not SearchWord.objects.exists()


def test_words_that_only_hold_others_together_are_kept() -> None:
    page = learned("Через річку", lede="Новина")
    learned("Інше", body=body(("paragraph", "<p>Їхали через міст</p>")))

    page.unpublish()
    tasks.learn_words()

    assert "через" in frequencies()
    assert "річку" not in frequencies()


def test_a_correction_names_nobody_who_was_taken_away(client: Client) -> None:
    page = learned("Справа Загребельної")
    assert api(client, "/search/", q="Загребельнйої")["correction"] is not None

    page.unpublish()
    tasks.learn_words()

    assert api(client, "/search/", q="Загребельнйої")["correction"] is None


def test_nothing_is_noted_of_a_page_that_is_written_as_it_was() -> None:
    page = learned("Справа Ковальчука")

    Page.objects.get(pk=page.pk).specific.save_revision().publish()

    assert not SearchStruck.objects.exists()


def test_caches_are_told_when_words_went_and_not_when_none_did() -> None:
    page = learned("Справа Ковальчука")
    learned("Справа Ковальчука")
    told = RaisedTags.objects.filter(tags="search").order_by("pk")

    page.unpublish()
    last = told.last()
    tasks.learn_words()
    assert told.last() == last, "all its words stand elsewhere"

    Page.objects.get(slug="sprava-kovalchuka-2").specific.unpublish()
    last = told.last()
    tasks.learn_words()
    assert told.last() != last


def test_what_is_noted_does_not_hold_the_words_themselves() -> None:
    page = learned("Справа Ковальчука")

    page.unpublish()

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM api_searchstruck noted WHERE noted::text ILIKE '%%ковальчук%%'")
        assert cursor.fetchone() == (0,)
    assert SearchStruck.objects.exists()


def test_the_newest_is_forgotten_first() -> None:
    pages = [make_article(name) for name in ("Перший", "Другий")]
    tasks.learn_words()
    for page in pages:
        page.unpublish()

    assert vocabulary.forget(1) == 1

    assert "перший" in frequencies()
    assert "другий" not in frequencies()


# --- the sweep ------------------------------------------------------------------------------------------------------


def test_the_sweep_finds_what_nobody_noted(client: Client) -> None:
    page = learned("Справа Ковальчука")
    learned("Вирок")
    page.unpublish()
    SearchStruck.objects.all().delete()

    tasks.sweep_words()
    tasks.learn_words()

    assert completions(client, "ковал") == []
    assert completions(client, "виро") == ["вирок"]
    assert not SearchStruck.objects.exists()


def test_sweeps_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "_BEHIND", 1)
    learned("Справа Ковальчука")

    tasks.sweep_words()
    noted = SearchStruck.objects.count()
    tasks.sweep_words()

    assert SearchStruck.objects.count() == noted >= 1


# --- races ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_word_that_is_published_while_it_is_forgotten_is_learned() -> None:
    learned("Справа Ковальчука").unpublish()

    with transaction.atomic():
        make_article("Вирок Ковальчука")
        ended(meanwhile(tasks.learn_words))
        assert not SearchWord.objects.exists(), "nobody else sees the new page yet"
    tasks.learn_words()

    assert frequencies()["ковальчука"] == 1


@pytest.mark.django_db(transaction=True)
def test_a_word_that_is_forgotten_while_another_page_has_it_is_not_lost() -> None:
    going = learned("Справа Ковальчука")
    with transaction.atomic():
        _delete_past_the_code(going)  # editors would wait for each other
        ended(meanwhile(lambda: make_article("Вирок Ковальчука")))
        ended(meanwhile(tasks.learn_words))
    tasks.learn_words()

    assert "ковальчука" in frequencies()
    assert "справа" not in frequencies()


@pytest.mark.django_db(transaction=True)
def test_a_page_that_is_taken_away_while_it_is_read_is_forgotten(poll: Callable[..., Any]) -> None:
    page = make_article("Справа Ковальчука")
    with transaction.atomic():
        vocabulary.learn()
        assert "ковальчука" in frequencies()
        going = meanwhile(lambda: Page.objects.get(pk=page.pk).specific.unpublish())
        poll(sessions_that_wait, what="the editor waiting for whoever reads the page")
    ended(going)
    tasks.learn_words()

    assert not SearchWord.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_edit_that_is_made_while_the_page_is_read_is_learned_and_forgets(poll: Callable[..., Any]) -> None:
    page = make_article("Справа Ковальчука")

    def edit() -> None:
        edited = Page.objects.get(pk=page.pk).specific
        edited.title = "Справа підприємця"
        edited.save_revision().publish()

    with transaction.atomic():
        vocabulary.learn()
        editing = meanwhile(edit)
        poll(sessions_that_wait, what="the editor waiting for whoever reads the page")
    ended(editing)
    tasks.learn_words()

    assert "підприємця" in frequencies()
    assert "ковальчука" not in frequencies()


@pytest.mark.django_db(transaction=True)
def test_the_second_of_two_edits_is_learned_though_the_first_was_not_read_yet() -> None:
    page = make_article("Справа Ковальчука")

    with transaction.atomic():
        page.title = "Справа підприємця"
        page.save_revision().publish()
        ended(meanwhile(tasks.learn_words))
        assert SearchUnread.objects.filter(pk=page.pk).exists()
    tasks.learn_words()

    assert "підприємця" in frequencies()
    assert "ковальчука" not in frequencies()


@pytest.mark.django_db(transaction=True)
def test_who_forgets_waits_for_nobody_and_one_does_it_at_a_time() -> None:
    learned("Справа Ковальчука").unpublish()
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [vocabulary._LEARNING])

        assert vocabulary.forget(10) == 0

    assert SearchStruck.objects.exists()
    assert vocabulary.forget(10) == 1
    assert not SearchWord.objects.exists()


# --- many -----------------------------------------------------------------------------------------------------------


def test_what_a_plugin_published_is_forgotten_when_its_pages_go_at_once() -> None:
    pages = [make_article(f"Рецепт номер{number} каструля") for number in range(5)]
    make_article("Каструля")
    tasks.learn_words()

    # As a purge does it: a portion of pages in one statement, and every row of theirs.
    Page.objects.filter(pk__in=[page.pk for page in pages]).delete()
    tasks.learn_words()

    assert not Publication.objects.filter(pk__in=[page.pk for page in pages]).exists()
    assert {form for form, number in frequencies().items() if number} == {"каструля"}
    assert SearchEntry.objects.count() == 1
