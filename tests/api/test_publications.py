"""What readers see follows what editors do: at once, in the same transaction, and nothing before its time."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from api.publications import reconcile, writer
from api.publications.models import Publication
from cms.content import scheduling
from tests.support.content import (
    add,
    api,
    fill_front,
    form_of,
    front_of,
    headlines,
    locale_of,
    make_article,
    make_folder,
    make_section,
    page_form,
    post,
    problem,
    resolved,
    restrict,
    shown,
)

pytestmark = pytest.mark.django_db


def let_come(page: Page) -> None:
    """Make the moment of a scheduled page one that has just passed."""
    moment = timezone.now() - timedelta(seconds=1)
    revision = page.latest_revision
    revision.content["go_live_at"] = moment.isoformat()
    revision.approved_go_live_at = moment
    revision.save(update_fields=["content", "approved_go_live_at"])


# --- publish, edit, take down -----------------------------------------------------------------------------------


def test_an_article_written_in_the_admin_is_public_at_once(client: Client, editor: Client) -> None:
    section = make_section("Порт")
    page = add(
        editor,
        front_of(),
        page_form(
            "Проєкт нового причалу",
            lede="Підводка",
            section=section.pk,
            tags="море, порт",
            body=streamfield(
                [("paragraph", rich_text("<p>Перший <b>абзац</b></p>")), ("heading", {"text": "Далі", "level": "2"})]
            ),
        ),
    )

    document = shown(client, page)

    assert page.slug == "proiekt-novoho-prychalu"
    assert document["headline"] == "Проєкт нового причалу"
    assert document["section"]["slug"] == "port"
    assert set(document["tags"]) == {"more", "port"}
    assert [each["type"] for each in document["body"]] == ["paragraph", "heading"]
    assert "Перший <b>абзац</b>" in document["body"][0]["value"]
    assert document["published_at"]
    assert headlines(client, q="абзац") == ["Проєкт нового причалу"]
    assert resolved(client, "/uk/proiekt-novoho-prychalu/")["id"] == page.pk
    assert resolved(client, "/uk/proiekt-novoho-prychalu")["kind"] == "page"


def test_a_draft_written_in_the_admin_is_not_public(client: Client, editor: Client) -> None:
    page = add(editor, front_of(), page_form("Чернетка", action=""))

    assert not page.live
    assert headlines(client) == []
    problem(client, "/content/article/chernetka/", 404)


def test_an_edit_is_public_when_it_is_published_and_not_before(client: Client, editor: Client) -> None:
    page = make_article("Перша назва", lede="перша")

    post(
        editor,
        "wagtailadmin_pages:edit",
        page.pk,
        data=form_of(page, action="", title="Друга назва", lede="друга", slug="druha"),
    )
    assert shown(client, page)["headline"] == "Перша назва"
    assert headlines(client, q="друга") == []
    problem(client, "/content/article/druha/", 404)

    post(editor, "wagtailadmin_pages:edit", page.pk, data=form_of(page))
    page.refresh_from_db()
    assert page.slug == "druha"
    assert shown(client, page)["headline"] == "Друга назва"
    assert shown(client, page)["lede"] == "друга"
    problem(client, "/content/article/persha-nazva/", 404)
    assert headlines(client, q="перша") == []


def test_the_date_of_the_first_publication_stays(client: Client, editor: Client) -> None:
    page = make_article()
    first = shown(client, page)

    post(editor, "wagtailadmin_pages:edit", page.pk, data=form_of(page, lede="Нова"))

    second = shown(client, page)
    assert second["published_at"] == first["published_at"]
    assert second["updated_at"] > first["updated_at"]


def test_what_an_editor_takes_down_is_gone(client: Client, editor: Client) -> None:
    page = make_article("Новина")

    post(editor, "wagtailadmin_pages:unpublish", page.pk)

    assert headlines(client) == []
    problem(client, f"/content/article/{page.slug}/", 404)
    problem(client, "/resolve/", 404, path="/uk/novyna/")
    post(editor, "wagtailadmin_pages:edit", page.pk, data=form_of(page))
    assert headlines(client) == ["Новина"]


def test_what_an_editor_deletes_is_gone_with_all_below_it(client: Client, editor: Client) -> None:
    folder = make_folder()
    make_article("Внизу", parent=make_folder(parent=folder))
    page, other = make_article("Сама"), make_article("Інша")
    assert len(headlines(client)) == 3

    post(editor, "wagtailadmin_pages:delete", page.pk)
    assert headlines(client) == ["Інша", "Внизу"]
    post(editor, "wagtailadmin_pages:delete", folder.pk)

    assert headlines(client) == ["Інша"]
    assert set(Publication.objects.filter(type="article").values_list("pk", flat=True)) == {other.pk}


# --- privacy ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["page", "folder", "folder above"])
def test_what_becomes_private_is_gone_and_comes_back(client: Client, editor: Client, worker: Any, where: str) -> None:
    above = make_folder()
    folder = make_folder(parent=above)
    page = make_article("Новина", parent=folder)
    make_article("Поруч")
    restricted = {"page": page, "folder": folder, "folder above": above}[where]

    privacy = reverse("wagtailadmin_pages:set_privacy", args=[restricted.pk])
    assert editor.post(privacy, {"restriction_type": "login"}).status_code == 200
    assert headlines(client) == ["Поруч"]
    problem(client, f"/content/article/{page.slug}/", 404)
    # Publishing it again does not open it.
    page.save_revision().publish()
    assert headlines(client) == ["Поруч"]

    assert editor.post(privacy, {"restriction_type": "none"}).status_code == 200
    worker()
    assert set(headlines(client)) == {"Новина", "Поруч"}


def test_a_private_folder_in_a_public_one_stays_private_when_that_is_moved_or_opened(
    client: Client, worker: Any
) -> None:
    outer = make_folder()
    inner = make_folder(parent=outer)
    make_article("Прихована", parent=inner)
    make_article("Відкрита", parent=outer)
    restrict(inner)
    above = restrict(outer)

    assert headlines(client) == []
    above.delete()
    worker()
    assert headlines(client) == ["Відкрита"]
    Page.objects.get(pk=outer.pk).move(make_folder(), pos="last-child")
    assert headlines(client) == ["Відкрита"]


def test_moving_into_a_private_folder_hides_and_out_of_it_shows(client: Client, editor: Client) -> None:
    private = make_folder()
    restrict(private)
    page = make_article("Новина")

    post(editor, "wagtailadmin_pages:move_confirm", page.pk, private.pk)
    assert headlines(client) == []

    post(editor, "wagtailadmin_pages:move_confirm", page.pk, front_of().pk)
    assert headlines(client) == ["Новина"]


def test_a_large_folder_is_hidden_at_once_and_shown_again_with_the_help_of_the_worker(
    client: Client, worker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "AT_ONCE", 3)
    folder = make_folder()
    hidden = make_folder(parent=folder)
    for n in range(4):
        make_article(f"Прихована {n}", parent=hidden)
    restrict(hidden)
    for n in range(7):
        make_article(f"№{n}", parent=folder)
    privacy = restrict(folder)
    assert headlines(client) == []

    privacy.delete()
    worker()
    assert len(headlines(client)) == 7

    Page.objects.get(pk=folder.pk).specific.move(make_folder(slug="new-place"), pos="last-child")
    worker()
    assert all(each["path"].startswith("/uk/new-place/") for each in api(client, "/content/")["results"])


# --- place in the tree ------------------------------------------------------------------------------------------


def test_a_move_changes_the_path_and_resolve_follows(client: Client, editor: Client) -> None:
    page = make_article("Новина", slug="novyna")
    folder = make_folder(slug="2026")

    post(editor, "wagtailadmin_pages:move_confirm", page.pk, folder.pk)

    assert shown(client, page)["path"] == "/uk/2026/novyna/"
    assert resolved(client, "/uk/2026/novyna/")["id"] == page.pk
    assert resolved(client, "/uk/novyna/") == {"kind": "redirect", "location": "/uk/2026/novyna/", "status": 301}


def test_a_folder_with_another_slug_changes_the_paths_below(client: Client, editor: Client, commits: Any) -> None:
    folder = make_folder("Рік", slug="2025")
    page = make_article("Новина", slug="novyna", parent=folder)
    data = nested_form_data({"title": "Рік", "slug": "2026", "comments": inline_formset([]), "action-publish": "on"})

    with commits(execute=True):  # Wagtail tells of a new slug when it is committed
        post(editor, "wagtailadmin_pages:edit", folder.pk, data=data)

    assert shown(client, page)["path"] == "/uk/2026/novyna/"
    assert resolved(client, "/uk/2025/novyna/")["location"] == "/uk/2026/novyna/"


def test_a_page_with_another_slug_is_found_by_it(client: Client, editor: Client, commits: Any) -> None:
    page = make_article("Новина", slug="stara")

    with commits(execute=True):
        post(editor, "wagtailadmin_pages:edit", page.pk, data=form_of(page, slug="nova"))

    problem(client, "/content/article/stara/", 404)
    assert api(client, "/content/article/nova/")["path"] == "/uk/nova/"
    assert resolved(client, "/uk/stara/")["location"] == "/uk/nova/"


def test_a_redirect_to_what_is_not_public_leads_nowhere(client: Client, editor: Client, commits: Any) -> None:
    page = make_article("Новина", slug="stara")
    with commits(execute=True):
        post(editor, "wagtailadmin_pages:edit", page.pk, data=form_of(page, slug="nova"))

    page.refresh_from_db()
    restrict(page)

    problem(client, "/resolve/", 404, path="/uk/stara/")


@pytest.mark.parametrize(
    "path", ["", "uk/a/", "/" * 3000, "/uk/\x00/", "/nema/", "/uk/../admin/", "//evil.example/", "/uk/%00/"]
)
def test_a_path_that_leads_nowhere_is_a_problem(client: Client, path: str) -> None:
    assert client.get("/api/v1/resolve/", {"path": path}).status_code in (400, 404)


def test_the_path_of_a_front_page_is_a_front(client: Client) -> None:
    fill_front()

    document = resolved(client, "/uk/")

    assert (document["kind"], document["locale"], document["path"]) == ("front", "uk", "/uk/")


# --- by the clock -----------------------------------------------------------------------------------------------


def test_a_scheduled_article_is_public_when_its_moment_has_come(client: Client, editor: Client) -> None:
    later = timezone.now() + timedelta(hours=1)
    page = add(editor, front_of(), page_form("Згодом", go_live_at=timezone.localtime(later).strftime("%Y-%m-%d %H:%M")))

    assert page.approved_schedule
    assert headlines(client) == []
    assert scheduling.run_due() == 0
    let_come(page)
    assert headlines(client) == [], "the public tables hold nothing of it before it is published"

    assert scheduling.run_due() == 1

    assert headlines(client) == ["Згодом"]
    assert scheduling.run_due() == 0


def test_scheduled_changes_of_a_public_article_are_not_shown_before(client: Client) -> None:
    page = make_article("Тепер")
    page.title, page.go_live_at = "Потім", timezone.now() + timedelta(hours=1)
    page.save_revision(approved_go_live_at=page.go_live_at).publish()

    assert headlines(client) == ["Тепер"]


def test_an_expired_article_is_gone_before_anybody_takes_it_down(client: Client) -> None:
    page = make_article("Минуще", expire_at=timezone.now() + timedelta(hours=1))
    assert headlines(client) == ["Минуще"]
    moment = timezone.now() - timedelta(seconds=1)
    Publication.objects.filter(pk=page.pk).update(expires_at=moment)
    Page.objects.filter(pk=page.pk).update(expire_at=moment)

    assert headlines(client) == []
    problem(client, f"/content/article/{page.slug}/", 404)
    problem(client, "/resolve/", 404, path=page.public_path)
    assert page.pk not in reconcile.compare().missing
    assert scheduling.run_due() == 1
    assert not Publication.objects.filter(pk=page.pk).exists()
    page.refresh_from_db()
    assert not page.live and page.expired


def test_one_page_that_cannot_be_published_holds_up_no_other(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = make_article("Перша", live=False), make_article("Друга", live=False)
    for page in (first, second):
        page.go_live_at = timezone.now() - timedelta(minutes=1)
        page.save_revision(approved_go_live_at=timezone.now() - timedelta(minutes=1))
    render = writer.render

    def fail_for_first(page: Page) -> Publication:
        if page.pk == first.pk:
            raise RuntimeError("no")
        return render(page)

    monkeypatch.setattr(writer, "render", fail_for_first)

    assert scheduling.run_due() == 1
    first.refresh_from_db()
    assert not first.live
    assert headlines(client) == ["Друга"]


# --- copies, aliases, translations ------------------------------------------------------------------------------


def test_a_folder_can_be_copied_with_what_is_published_in_it(client: Client, editor: Client) -> None:
    folder = make_folder("Рік", slug="rik")
    make_article("Новина", parent=folder, slug="novyna")

    post(
        editor,
        "wagtailadmin_pages:copy",
        folder.pk,
        data={
            "new_title": "Копія",
            "new_slug": "kopiia",
            "new_parent_page": front_of().pk,
            "copy_subpages": "on",
            "publish_copies": "on",
        },
    )

    results = api(client, "/content/")["results"]
    assert [each["headline"] for each in results] == ["Новина", "Новина"]
    assert len({each["slug"] for each in results}) == 2
    assert {each["path"].split("/")[2] for each in results} == {"rik", "kopiia"}


def test_an_article_can_be_copied_to_another_folder_under_its_own_slug(client: Client, editor: Client) -> None:
    page, folder = make_article("Новина", slug="novyna"), make_folder()

    post(
        editor,
        "wagtailadmin_pages:copy",
        page.pk,
        data={"new_title": "Новина", "new_slug": "novyna", "new_parent_page": folder.pk, "publish_copies": "on"},
    )

    assert sorted(each["slug"] for each in api(client, "/content/")["results"]) == ["novyna", "novyna-2"]


def test_an_alias_is_no_second_publication_and_does_not_stand_in_the_way_of_its_original(
    client: Client, editor: Client
) -> None:
    page = make_article("Новина", slug="novyna")
    page.create_alias(parent=make_folder())
    assert headlines(client) == ["Новина"]

    post(editor, "wagtailadmin_pages:edit", page.pk, data=form_of(page, title="Новіша"))

    assert headlines(client) == ["Новіша"]


def test_an_alias_that_becomes_a_page_of_its_own_is_published(client: Client, editor: Client) -> None:
    alias = make_article("Новина").create_alias(parent=make_folder())

    post(editor, "wagtailadmin_pages:convert_alias", alias.pk)

    assert headlines(client) == ["Новина", "Новина"]


def test_a_translation_is_public_when_it_is_published(client: Client, editor: Client) -> None:
    section = make_section("Порт")
    page = make_article("Острів", section=section)

    post(
        editor,
        "simple_translation:submit_page_translation",
        page.pk,
        data={"locales": [locale_of("en").pk], "include_subtree": ""},
    )
    copy = page.get_translation(locale_of("en"))
    assert not copy.live
    assert copy.section is None, "the section has no English yet, and its Ukrainian one is not the page's"
    assert headlines(client, locale="en") == []

    post(editor, "wagtailadmin_pages:edit", copy.pk, data=form_of(copy, title="The island"))

    assert headlines(client, locale="en") == ["The island"]
    assert [each["locale"] for each in shown(client, page)["translations"]] == ["en"]


def test_a_slug_that_a_type_and_language_has_is_refused_in_the_form(client: Client, editor: Client) -> None:
    make_article("Новина", slug="novyna")

    response = editor.post(
        reverse("wagtailadmin_pages:add", args=["content", "articlepage", make_folder().pk]),
        page_form("Інша", slug="novyna"),
    )

    assert response.status_code == 200
    assert "slug" in response.context["form"].errors
    assert headlines(client) == ["Новина"]


def test_headlines_alike_get_slugs_of_their_own(client: Client) -> None:
    for parent in (front_of(), make_folder(), make_folder()):
        make_article("Та сама новина", parent=parent)

    assert len({each["slug"] for each in api(client, "/content/")["results"]}) == 3
