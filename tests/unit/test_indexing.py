"""Wagtail's indexes are written once for each time that a page is saved, when all of it is there."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Comment, ReferenceIndex
from wagtail.search.models import IndexEntry

from cms.content.models import ArticlePage, ContentByline
from tests.support.content import make_article, make_author, make_image

pytestmark = pytest.mark.django_db


def written(queries: CaptureQueriesContext, model: Any) -> list[str]:
    table = model._meta.db_table
    return [each["sql"] for each in queries if table in each["sql"] and not each["sql"].startswith("SELECT")]


def test_a_draft_writes_no_index() -> None:
    page = make_article("Маяк", image=make_image("Маяк"))
    page.title = "Нова назва"

    with CaptureQueriesContext(connection) as queries:
        page.save_revision()

    assert not written(queries, IndexEntry)
    assert not written(queries, ReferenceIndex)


def test_publishing_writes_the_search_index_once() -> None:
    page = make_article("Маяк", authors=[make_author("Олена"), make_author("Тарас")])
    page.title = "Пароплав"

    with CaptureQueriesContext(connection) as queries:
        page.save_revision().publish()

    assert len([each for each in written(queries, IndexEntry) if each.lstrip().startswith("INSERT")]) == 1
    assert [found.pk for found in ArticlePage.objects.search("пароплав")] == [page.pk]


def test_publishing_writes_what_a_page_and_its_parts_refer_to() -> None:
    page, author, image = make_article("Маяк"), make_author("Олена"), make_image("Маяк")
    page.bylines = [ContentByline(author=author)]
    page.image = image

    page.save_revision().publish()

    assert ReferenceIndex.get_references_to(author).count() == 1
    assert ReferenceIndex.get_references_to(image).count() == 1
    page.bylines = []
    page.save_revision().publish()
    assert not ReferenceIndex.get_references_to(author).exists()


def test_a_comment_on_a_draft_is_indexed_with_its_page(admin_user: Any) -> None:
    page = make_article("Маяк")
    page.wagtail_admin_comments.add(Comment(user=admin_user, text="Звідки це?", contentpath="title"))

    with CaptureQueriesContext(connection) as queries:
        page.save_revision()

    assert page.wagtail_admin_comments.get().text == "Звідки це?"
    assert any(ReferenceIndex._meta.db_table in each["sql"] for each in queries)


def test_a_page_that_could_not_be_saved_is_not_indexed(monkeypatch: pytest.MonkeyPatch) -> None:
    page = make_article("Маяк")
    page.title = "Пароплав"
    page.bylines = [ContentByline(author=make_author("Олена"))]
    monkeypatch.setattr(ContentByline, "save", lambda *_, **__: 1 / 0)

    with CaptureQueriesContext(connection) as queries, pytest.raises(ZeroDivisionError):
        page.save()

    assert not written(queries, IndexEntry)
    make_article("Корабель")
    assert ArticlePage.objects.search("корабель").count() == 1, "what is saved after it is indexed as ever"
