"""The admin's own search goes on as Wagtail has it: pages and pictures by their words."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.search.models import IndexEntry

from cms.content.models import ArticlePage
from tests.support.content import make_article, make_image

pytestmark = pytest.mark.django_db


def _shown(editor: Client, name: str, question: str) -> str:
    response = editor.get(reverse(name), {"q": question})
    assert response.status_code == 200
    return str(response.content.decode())


def test_editors_find_pages_and_drafts_by_a_word(editor: Client) -> None:
    make_article("Сонячні панелі на даху")
    make_article("Сонячне затемнення", live=False)
    make_article("Щось інше")

    shown = _shown(editor, "wagtailadmin_pages:search", "панелі")
    assert "Сонячні панелі на даху" in shown and "Щось інше" not in shown
    assert "Сонячне затемнення" in _shown(editor, "wagtailadmin_pages:search", "затемнення")


def test_editors_find_pages_as_they_type(editor: Client) -> None:
    make_article("Сонячні панелі на даху")

    assert "Сонячні панелі" in _shown(editor, "wagtailadmin_pages:search_results", "пане")


def test_editors_find_pictures_by_a_word(editor: Client) -> None:
    make_image("Маяк")
    make_image("Корабель")

    shown = _shown(editor, "wagtailimages:index", "маяк")
    assert "Маяк" in shown and "Корабель" not in shown


def test_wagtails_index_can_be_made_anew(editor: Client) -> None:
    make_article("Сонячні панелі на даху")

    call_command("update_index", verbosity=0)

    assert "Сонячні панелі на даху" in _shown(editor, "wagtailadmin_pages:search", "панелі")


def test_a_word_of_a_short_headline_is_worth_more_than_one_of_a_long_one() -> None:
    make_article("Маяк на півострові, про який двадцять років розповідали всі рибалки нашого узбережжя")
    make_article("Маяк", lede="Інше")

    found = ArticlePage.objects.search("маяк", order_by_relevance=True)

    assert found[0].title == "Маяк"


def test_writing_a_page_into_the_index_reads_no_more_of_it_however_long_it_is() -> None:
    page = make_article("Сонячні панелі на даху")

    with CaptureQueriesContext(connection) as queries:
        page.save_revision().publish()

    of_the_index = [each["sql"] for each in queries if IndexEntry._meta.db_table in each["sql"]]
    assert of_the_index
    assert all("object_id" in each or "LIMIT" in each for each in of_the_index)
