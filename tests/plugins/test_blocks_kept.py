"""A block whose plugin isn't loaded is shown, moved and deleted by editors, and never lost or changed."""

import json
import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core import signing
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupApprovalTask, Page, ReferenceIndex, TaskState, Workflow, WorkflowPage, WorkflowTask

from cms.content.importing import import_items
from cms.content.models import ArticlePage
from cms.newsletters.models import EditionPage
from cms.newsletters.rendering import render_edition
from tests.plugins.body_forms import definition_and_state, opened, save, sent
from tests.support.content import (
    api,
    form_of,
    front_of,
    headlines,
    locale_of,
    make_article,
    make_editor,
    make_image,
    page_form,
    post,
    shown,
)
from tests.support.newsletters import make_edition, make_newsletter

pytestmark = pytest.mark.django_db

HEADING = {
    "type": "heading",
    "value": {"text": "Порт сьогодні", "level": "2"},
    "id": "11111111-0000-4000-8000-000000000001",
}
#: No plugin here has this block. Its value holds what a careless reading would change.
TIDE = {
    "type": "wharf_tide",
    "value": {"станція": "Причал №5", "levels": [1.50, -2, 10**18], "note": "<b>& «так»</b>\u2028", "": None},
    "id": "11111111-0000-4000-8000-000000000002",
}
BODY = [HEADING, TIDE]


@pytest.fixture
def editor() -> Client:
    browser = Client()
    browser.force_login(make_editor())
    return browser


@pytest.fixture
def page() -> ArticlePage:
    return make_article("Припливи", slug="pryplyvy", body=json.dumps(BODY))


def stored(page: Page) -> Any:
    """The body as the database holds it, whatever Django would make of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM content_contentpage WHERE page_ptr_id = %s", [page.pk])
        (value,) = cursor.fetchone()
    return json.loads(value) if isinstance(value, str) else value


def in_revision(page: Page) -> Any:
    return json.loads(Page.objects.get(pk=page.pk).latest_revision.content["body"])


def test_it_is_read_as_a_block_that_needs_its_plugin_and_written_as_it_was(page: ArticlePage) -> None:
    page = ArticlePage.objects.get(pk=page.pk)

    assert [block.block_type for block in page.body] == ["heading", "needs_plugin"]
    page.save()

    assert stored(page) == BODY
    assert in_revision(page) == BODY


def test_the_editor_is_told_which_plugin_is_missing(editor: Client, page: ArticlePage) -> None:
    heading, tide = opened(editor, page)

    assert heading["type"] == "heading"
    assert (tide["type"], tide["id"]) == ("needs_plugin", TIDE["id"])
    assert "«wharf»" in tide["value"]["title"] or "“wharf”" in tide["value"]["title"]


def test_a_draft_saved_in_the_form_keeps_it(editor: Client, page: ArticlePage) -> None:
    response = save(editor, page, opened(editor, page), title="Припливи й відпливи")

    assert response.status_code == 302
    assert in_revision(page) == BODY
    assert stored(page) == BODY


def test_publishing_keeps_it_and_shows_readers_the_rest(client: Client, editor: Client, page: ArticlePage) -> None:
    assert save(editor, page, opened(editor, page), action="publish", title="Нова назва").status_code == 302

    assert stored(page) == BODY
    document = shown(client, page)
    assert document["headline"] == "Нова назва"
    assert [block["type"] for block in document["body"]] == ["heading"]
    assert "Причал" not in json.dumps(document, ensure_ascii=False)


def test_it_can_be_moved_doubled_and_deleted(editor: Client, page: ArticlePage) -> None:
    heading, tide = opened(editor, page)
    copy = {**tide, "id": "11111111-0000-4000-8000-000000000003"}

    save(editor, page, [tide, heading, copy])
    assert in_revision(page) == [TIDE, HEADING, {**TIDE, "id": copy["id"]}]

    save(editor, page, [heading])
    assert in_revision(page) == [HEADING]


def test_a_form_with_an_error_elsewhere_comes_back_with_it(editor: Client, page: ArticlePage) -> None:
    response = save(editor, page, opened(editor, page), action="publish", title="")

    assert response.status_code == 200
    _heading, tide = definition_and_state(response.content.decode())[1]
    assert (tide["type"], tide["id"]) == ("needs_plugin", TIDE["id"])
    assert signing.loads(tide["value"]["signed"], salt="ostriv.kept-block") == [TIDE["type"], TIDE["value"]]


def test_revisions_are_compared_and_restored_with_it(editor: Client, page: ArticlePage) -> None:
    first = page.get_latest_revision()
    save(editor, page, opened(editor, page)[:1], action="publish")
    assert stored(page) == [HEADING]

    compared = editor.get(reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, first.pk, "latest"]))
    assert compared.status_code == 200
    assert "wharf" in compared.content.decode()

    restoring = editor.get(reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, first.pk]))
    state = definition_and_state(restoring.content.decode())[1]
    save(editor, page, state, action="publish", revision=str(first.pk))
    assert stored(page) == BODY


def test_it_goes_through_a_workflow(editor: Client, page: ArticlePage) -> None:
    task = GroupApprovalTask.objects.create(name="Редактор випуску")
    task.groups.add(Group.objects.get(name="Editors"))
    workflow = Workflow.objects.create(name="Випуск")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.update_or_create(page=Page.objects.get(depth=1), defaults={"workflow": workflow})

    assert save(editor, page, opened(editor, page), action="submit", title="На розгляд").status_code == 302
    waiting = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    post(editor, "wagtailadmin_pages:workflow_action", page.pk, "approve", waiting.pk)

    page.refresh_from_db()
    assert page.title == "На розгляд"
    assert stored(page) == BODY


def test_copies_translations_and_aliases_have_it(editor: Client, page: ArticlePage) -> None:
    names = {"new_title": "Копія", "new_slug": "kopiia", "new_parent_page": front_of().pk, "publish_copies": "on"}
    post(editor, "wagtailadmin_pages:copy", page.pk, data=names)
    post(editor, "simple_translation:submit_page_translation", page.pk, data={"locales": [locale_of("en").pk]})
    alias = page.create_alias(update_slug="alias")
    copy, translation = ArticlePage.objects.get(slug="kopiia"), page.get_translation(locale_of("en"))

    for other in (copy, translation, alias):
        assert [(block["type"], block["value"]) for block in stored(other)] == [
            (block["type"], block["value"]) for block in BODY
        ], other

    save(editor, page, list(reversed(opened(editor, page))), action="publish")
    assert stored(alias) == [TIDE, HEADING], "an alias follows its original"


def test_an_import_leaves_a_page_with_it_alone(editor: Client) -> None:
    item = {"id": "tide-1", "locale": "uk", "headline": "Припливи", "body_html": "<p>Текст.</p>"}
    import_items([item])
    page = ArticlePage.objects.get(import_id="tide-1")
    page.body = json.dumps(BODY)
    page.save_revision().publish()

    report = import_items([{**item, "body_html": "<p>Інший текст.</p>"}])

    assert report.kept_ids == ["tide-1"]
    assert stored(page) == BODY


def test_a_preview_shows_the_rest(client: Client, editor: Client, page: ArticlePage) -> None:
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    form = form_of(page, action="", body=sent(opened(editor, page)))

    assert editor.post(address, form).json()["is_valid"]

    (token,) = re.findall(r"token=([\w-]+)", editor.get(address)["Location"])
    assert [block["type"] for block in api(client, f"/preview/{token}/")["body"]] == ["heading"]


def test_the_indexes_take_the_rest_and_the_usage_report_still_opens(editor: Client, page: ArticlePage) -> None:
    image = make_image()
    page.body = json.dumps(
        [{"type": "image", "value": {"image": image.pk, "caption": "", "credit": ""}, "id": HEADING["id"]}, TIDE]
    )
    page.save_revision().publish()
    references = ReferenceIndex.objects.filter(to_object_id=str(image.pk), object_id=str(page.pk))
    assert [row.model_path for row in references] == ["body.image.image"]
    # As the plugin left it when it was there.
    references.update(model_path="body.wharf_tide.image")

    response = editor.get(reverse("wagtailimages:image_usage", args=[image.pk]))

    assert response.status_code == 200
    assert "Припливи" in response.content.decode()
    assert page._meta.get_field("body").get_searchable_content(page.body)


def test_republishing_keeps_it(client: Client, page: ArticlePage) -> None:
    from django.core.management import call_command

    call_command("republish", "--all")

    assert stored(page) == BODY
    assert headlines(client) == ["Припливи"]


def test_a_migration_that_saves_pages_loses_no_block_of_anybody(page: ArticlePage) -> None:
    loader = MigrationLoader(connection)
    historical = loader.project_state(loader.graph.leaf_nodes()).apps.get_model("content", "ArticlePage")
    assert historical is not apps.get_model("content", "ArticlePage")

    old = historical.objects.get(pk=page.pk)
    old.lede = "Із міграції"
    assert len(old.body) == 2
    assert [block.block_type for block in old.body] == ["needs_plugin"] * 2
    old.save()

    assert stored(page) == BODY
    page.refresh_from_db()
    assert page.lede == "Із міграції"


def test_an_edition_keeps_it_and_its_message_goes_out_without() -> None:
    edition = make_edition(make_newsletter(), ("wharf_tide", TIDE["value"]), ("paragraph", "<p>До завтра</p>"))

    message = render_edition(EditionPage.objects.get(pk=edition.pk))

    assert "До завтра" in message.html
    assert "Причал" not in message.html + message.text
    EditionPage.objects.get(pk=edition.pk).save_revision().publish()
    kept, _text = json.loads(edition._meta.get_field("content").value_to_string(EditionPage.objects.get(pk=edition.pk)))
    assert (kept["type"], kept["value"]) == (TIDE["type"], TIDE["value"])


# --- what a form may not do -------------------------------------------------------------------------------------


def signed(kind: str, value: Any) -> dict[str, Any]:
    content = signing.dumps([kind, value], salt="ostriv.kept-block", compress=True)
    return {"type": "needs_plugin", "id": TIDE["id"], "value": {"signed": content}}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        json.dumps(["wharf_tide", {}]),
        signing.dumps(["wharf_tide", {}]),
        signing.dumps(["wharf_tide", {}], salt="ostriv.kept-block") + "x",
    ],
    ids=["empty", "an object", "unsigned", "signed for something else", "signature changed"],
)
def test_a_form_brings_back_only_what_was_given_out(editor: Client, page: ArticlePage, content: str) -> None:
    forged = {"type": "needs_plugin", "id": TIDE["id"], "value": {"signed": content}}

    response = save(editor, page, [forged], action="publish")

    assert response.status_code == 200
    assert "body" in response.context["form"].errors
    assert stored(page) == BODY


def test_a_block_of_the_core_does_not_come_in_past_its_validation(editor: Client, page: ArticlePage) -> None:
    response = save(editor, page, [signed("heading", {"text": "x" * 5000, "level": "9"})], action="publish")

    assert "body" in response.context["form"].errors
    assert stored(page) == BODY


def test_a_block_whose_plugin_went_while_its_form_was_open_is_refused_and_not_dropped(
    editor: Client, page: ArticlePage
) -> None:
    heading, tide = opened(editor, page)
    open_form = {**tide, "type": "wharf_tide", "value": {"station": "Причал"}}

    response = save(editor, page, [heading, open_form], action="publish")

    assert response.status_code == 200
    assert "body" in response.context["form"].errors
    assert stored(page) == BODY


def test_a_new_page_takes_no_forged_block(editor: Client) -> None:
    address = reverse("wagtailadmin_pages:add", args=["content", "articlepage", front_of().pk])
    forged = {"type": "needs_plugin", "id": TIDE["id"], "value": {"signed": "forged"}}

    response = editor.post(address, page_form("Нова", body=sent([forged])))

    assert response.status_code == 200
    assert not ArticlePage.objects.filter(title="Нова").exists()
