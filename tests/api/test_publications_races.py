"""What an editor takes away stays away, whatever a worker was about to write at that moment."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from wagtail.models import PageViewRestriction

from api.models import Publication
from api.publications import writer
from api.publications.reconcile import reconcile
from cms.content.outbox import OutboxEvent
from tests.support.content import make_article
from tests.support.races import ended, meanwhile, sessions_that_wait

pytestmark = pytest.mark.django_db(transaction=True)


def while_a_worker_rewrites(page: Any, poll: Callable[..., Any], take_away: Callable[[], None]) -> None:
    """Take a page away in a transaction; before it commits, a worker begins to write the page's publication."""

    with transaction.atomic():
        take_away()
        worker = meanwhile(lambda: writer.rewrite([page.pk]))
        poll(sessions_that_wait, what="the worker waiting for the editor")
    ended(worker)


def test_an_unpublished_page_does_not_come_back(poll: Callable[..., Any]) -> None:
    page = make_article("Відкликана новина")

    while_a_worker_rewrites(page, poll, page.unpublish)

    assert not Publication.objects.filter(pk=page.pk).exists()


def test_a_page_that_was_made_private_does_not_come_back(poll: Callable[..., Any]) -> None:
    page = make_article("Службова новина")

    def hide() -> None:
        PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)

    while_a_worker_rewrites(page, poll, hide)

    assert not Publication.objects.filter(pk=page.pk).exists()


def test_who_opens_a_folder_does_not_wait_for_who_publishes_a_page_in_it() -> None:
    page = make_article("Службова новина")
    privacy = PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)

    with psycopg.connect(**connection.get_connection_params()) as publishing:
        publishing.execute("SELECT FROM wagtailcore_page WHERE id = %s FOR NO KEY UPDATE", [page.pk])
        # That one's next step is the tree's lock: whoever has it and waits for the page waits for ever.
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            privacy.delete()

    assert writer.unfinished(page) == [page.pk]
    assert OutboxEvent.objects.filter(name="content.privacy", done_at__isnull=True).exists(), "the worker writes it"


def test_what_the_broker_forgot_is_found_by_reconciliation() -> None:
    page = make_article("Новина")
    Publication.objects.filter(pk=page.pk).update(teaser="{}")
    writer.mark_stale([page.pk])

    assert reconcile().stale == [page.pk]
    assert reconcile().stale == []
    assert "Новина" in Publication.objects.get(pk=page.pk).teaser
