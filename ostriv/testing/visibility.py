"""Who sees a page in each state of its life: readers see what is public, everywhere, and nothing else, anywhere."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from api.publications.models import Publication
from cms.content import scheduling
from cms.content.models import ContentRelated, FrontSlot
from ostriv.testing import answers, background, newsroom, pages
from ostriv.testing.subjects import ContentType, for_each_type

#: Made-up words: nothing else in an answer has them.
FIRST, SECOND = "сіроводник", "прилукавець"

__all__ = [
    "test_a_deleted_page_is_shown_nowhere",
    "test_a_draft_is_shown_nowhere",
    "test_a_moved_page_is_shown_at_its_new_path",
    "test_a_page_below_a_private_one_is_shown_nowhere",
    "test_a_private_page_is_shown_nowhere_until_it_is_opened",
    "test_a_published_page_is_shown_everywhere",
    "test_a_restored_revision_is_what_readers_see",
    "test_a_scheduled_page_is_shown_when_its_moment_has_come",
    "test_an_alias_is_no_second_publication",
    "test_an_edit_is_shown_when_it_is_published_and_not_before",
    "test_an_expired_page_is_shown_nowhere",
    "test_an_unpublished_page_is_shown_nowhere",
]


@for_each_type
def test_a_draft_is_shown_nowhere(kind: ContentType, client: Client) -> None:
    page = pages.build(kind.model, live=False, word=FIRST)
    _refer_to(page)

    answers.shown_nowhere(client, page, FIRST, "a draft")


@for_each_type
def test_a_published_page_is_shown_everywhere(kind: ContentType, client: Client) -> None:
    page = pages.build(kind.model, word=FIRST)

    answers.shown_everywhere(client, page, FIRST, "published")
    answers.no_faults(kind.plugin.label)


@for_each_type
def test_an_edit_is_shown_when_it_is_published_and_not_before(kind: ContentType, client: Client) -> None:
    page = pages.build(kind.model, word=FIRST)

    pages.edit(page, SECOND, publish=False)
    _words_are_nowhere(client, page, SECOND, "a draft of what is public")
    answers.shown_everywhere(client, page, FIRST, "published, with a draft over it")

    page = pages.edit(page, SECOND, publish=True)
    answers.shown_everywhere(client, page, SECOND, "published again")


@for_each_type
def test_a_restored_revision_is_what_readers_see(kind: ContentType, client: Client) -> None:
    page = pages.build(kind.model, word=FIRST)
    pages.edit(page, SECOND, publish=True)

    page.revisions.order_by("pk").first().as_object().save_revision().publish()

    answers.shown_everywhere(client, page, FIRST, "restored from an old revision")
    document = client.get(f"/api/v1/content/{kind.name}/{page.slug}/").json()
    assert FIRST in document["headline"] and SECOND not in document["lede"], (
        f"After an old revision of a {kind.name} was published again, readers still see the newer words."
    )


@for_each_type
def test_a_scheduled_page_is_shown_when_its_moment_has_come(kind: ContentType, client: Client) -> None:
    page = pages.build(kind.model, live=False, word=FIRST)
    page.go_live_at = timezone.now() + timedelta(hours=1)
    revision = page.save_revision(approved_go_live_at=page.go_live_at)
    revision.publish()
    _refer_to(page)

    answers.shown_nowhere(client, page, FIRST, "under embargo")

    moment = timezone.now() - timedelta(seconds=1)
    revision.refresh_from_db()
    revision.content["go_live_at"] = moment.isoformat()
    revision.approved_go_live_at = moment
    revision.save()
    scheduling.run_due()
    answers.shown_everywhere(client, page, FIRST, "scheduled, and due")


@for_each_type
def test_an_expired_page_is_shown_nowhere(kind: ContentType, client: Client) -> None:
    page = pages.build(kind.model, word=FIRST, expire_at=timezone.now() + timedelta(hours=1))
    _refer_to(page)
    moment = timezone.now() - timedelta(seconds=1)
    Publication.objects.filter(pk=page.pk).update(expires_at=moment)
    Page.objects.filter(pk=page.pk).update(expire_at=moment)

    answers.shown_nowhere(client, page, FIRST, "expired, and not yet taken down by a worker")

    scheduling.run_due()
    answers.shown_nowhere(client, page, FIRST, "expired")


@for_each_type
def test_an_unpublished_page_is_shown_nowhere(kind: ContentType, client: Client) -> None:
    page = pages.build(kind.model, word=FIRST)
    _refer_to(page)

    page.unpublish()

    answers.shown_nowhere(client, page, FIRST, "unpublished")


@for_each_type
def test_a_private_page_is_shown_nowhere_until_it_is_opened(kind: ContentType, client: Client) -> None:
    page = pages.build(kind.model, word=FIRST)
    _refer_to(page)

    restriction = newsroom.restrict(page)
    answers.shown_nowhere(client, page, FIRST, "private")
    page.save_revision().publish()
    answers.shown_nowhere(client, page, FIRST, "private, and published again")

    restriction.delete()
    background.follow_up()
    answers.shown_everywhere(client, page, FIRST, "public again")


@for_each_type
def test_a_page_below_a_private_one_is_shown_nowhere(kind: ContentType, client: Client) -> None:
    page = pages.build(kind.model, word=FIRST, parent=pages.new_place(kind.model))
    _refer_to(page)

    newsroom.restrict(page.get_parent())

    answers.shown_nowhere(client, page, FIRST, "below a private page")


@for_each_type
def test_a_moved_page_is_shown_at_its_new_path(kind: ContentType, client: Client) -> None:
    page = pages.build(kind.model, word=FIRST)
    before = page.public_path

    page.move(pages.new_place(kind.model), pos="last-child")

    page = kind.model.objects.get(pk=page.pk)
    assert page.public_path != before
    answers.shown_everywhere(client, page, FIRST, "moved")


@for_each_type
def test_a_deleted_page_is_shown_nowhere(kind: ContentType, client: Client) -> None:
    page = pages.build(kind.model, word=FIRST)
    _refer_to(page)
    gone = kind.model.objects.get(pk=page.pk)

    page.delete()

    answers.shown_nowhere(client, gone, FIRST, "deleted")


@for_each_type
def test_an_alias_is_no_second_publication(kind: ContentType, client: Client) -> None:
    page = pages.build(kind.model, word=FIRST)

    alias = page.create_alias(parent=pages.new_place(kind.model), update_slug=f"{page.slug}-alias")

    answers.shown_everywhere(client, page, FIRST, "published, with an alias")
    assert not answers.places(client, alias.specific, FIRST), (
        f"An alias of a {kind.name} is published beside its original: readers see everything twice."
    )
    page.unpublish()
    answers.shown_nowhere(client, alias.specific, FIRST, "an alias of an unpublished one")


def _refer_to(page: Page) -> None:
    """Let public content point to this page: what it refers to must not tell of it either."""
    front = newsroom.front_of(page.locale.language_code)
    front.slots.add(FrontSlot(front=front, page_id=page.pk))
    front.save_revision().publish()
    link = f'<p><a linktype="page" id="{page.pk}">сюди</a></p>'
    blocks = [{"type": "paragraph", "value": link}, {"type": "related", "value": {"pages": [page.pk]}}]
    article = pages.article_with(blocks, live=False)
    article.related_items.add(ContentRelated(page=article, related_id=page.pk))
    article.save_revision().publish()


def _words_are_nowhere(client: Client, page: Page, word: str, state: str) -> None:
    telling = [address for address, text in answers.every_answer(client, page, word).items() if word in text]
    assert not telling, (
        f"The words of a {page.specific_class.get_type_name()} that is {state} are told at {', '.join(telling)}."
    )
