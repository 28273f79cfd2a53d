"""What readers see follows what editors do: at once, in the same transaction, and nothing before its time."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page
from wagtail.signals import page_published
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from api.publications import reconcile, writer
from api.publications.models import Publication
from cms.content import scheduling
from cms.content.models import ArticlePage, ContentRelated, OutboxEvent, TeaserPage
from cms.content.signals import pages_changed
from tests.support.content import (
    api,
    body,
    fill_front,
    form_of,
    front_of,
    headlines,
    locale_of,
    make_article,
    make_author,
    make_editor,
    make_folder,
    make_image,
    make_page,
    make_section,
    page_form,
    problem,
    restrict,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    """A browser in which an editor is logged in."""
    browser = Client()
    browser.force_login(make_editor())
    return browser


@pytest.fixture
def commits(django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs what waits for a commit, which a test's transaction never makes."""
    from workers.tasks.background import drain_outbox

    monkeypatch.setattr(drain_outbox, "apply_async", lambda **options: None)
    return django_capture_on_commit_callbacks


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Does at once what the worker would do soon: drains the outbox, and runs the tasks that it asks for."""
    from workers import outbox
    from workers.tasks import publish

    monkeypatch.setattr(publish.rewrite_publications, "delay", publish.rewrite_publications.run)
    return outbox.drain


def post(browser: Client, name: str, *arguments: Any, data: dict[str, Any] | None = None) -> Any:
    """Send a form of the admin, and see that it was taken."""
    response = browser.post(reverse(name, args=arguments), data or {})
    form = response.context.get("form") if response.context else None
    assert response.status_code == 302, form.errors if form else response.content[:2000]
    return response


def add(browser: Client, parent: Page, data: dict[str, Any], model: str = "articlepage") -> Page:
    post(browser, "wagtailadmin_pages:add", "content", model, parent.pk, data=data)
    return Page.objects.order_by("-pk").first().specific


def shown(client: Client, page: Page) -> Any:
    return api(client, f"/content/{page.specific_class.get_type_name()}/{page.slug}/", locale=page.locale.language_code)


def resolved(client: Client, path: str) -> Any:
    return api(client, "/resolve/", path=path)


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
def test_what_becomes_private_is_gone_and_comes_back(client: Client, editor: Client, where: str) -> None:
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
    assert set(headlines(client)) == {"Новина", "Поруч"}


def test_a_private_folder_in_a_public_one_stays_private_when_that_is_moved_or_opened(client: Client) -> None:
    outer = make_folder()
    inner = make_folder(parent=outer)
    make_article("Прихована", parent=inner)
    make_article("Відкрита", parent=outer)
    restrict(inner)
    above = restrict(outer)

    assert headlines(client) == []
    above.delete()
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
    assert len(headlines(client)) == 3, "what is private below takes no place of what is not"
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


# --- what publications show of others ---------------------------------------------------------------------------


def test_a_teaser_follows_what_it_opens(client: Client) -> None:
    target = make_article("Ціль", slug="tsil")
    make_page(TeaserPage, "Тизер", slug="tyzer", target_page=target)

    def opens() -> str:
        return str(api(client, "/content/teaser/tyzer/")["url"]).split("/", 3)[3]

    assert opens() == "uk/tsil/"
    target.slug = "nova-tsil"
    target.save_revision().publish()
    assert opens() == "uk/nova-tsil/"
    target.move(make_folder(slug="dali"), pos="last-child")
    assert opens() == "uk/dali/nova-tsil/"
    privacy = restrict(target)
    assert opens() == "uk/tyzer/"
    privacy.delete()
    assert opens() == "uk/dali/nova-tsil/"
    Page.objects.get(pk=target.pk).specific.delete()
    assert opens() == "uk/tyzer/"


def test_a_name_of_a_section_or_an_author_changes_everywhere(client: Client, worker: Any) -> None:
    section, author = make_section("Порт"), make_author("Олена")
    pages = [make_article(section=section, authors=[author]) for _n in range(3)]
    make_article(section=section, live=False)

    section.name, section.slug, author.name = "Гавань", "havan", "Олена Бриз"
    section.save()
    author.save()
    worker()

    assert all(each["section"] == {"slug": "havan", "name": "Гавань"} for each in api(client, "/content/")["results"])
    assert len(headlines(client, section="havan")) == 3
    assert headlines(client, section="port") == []
    assert shown(client, pages[0])["authors"][0]["name"] == "Олена Бриз"
    assert shown(client, pages[0])["json_ld"]["articleSection"] == "Гавань"
    assert len(headlines(client, q="бриз")) == 3


def test_a_picture_with_another_credit_is_shown_so_everywhere(client: Client, worker: Any) -> None:
    image, other = make_image(credit="Архів"), make_image(credit="Інша")
    own = make_article("Зі знімком", image=image)
    inside = make_article("У тексті", body=body(("image", {"image": image.pk, "caption": "", "credit": ""})))
    fill_front(own, image=image)
    untouched = make_article("Без нього", image=other)
    before = Publication.objects.get(pk=untouched.pk).teaser

    image.credit = "Ірина Фотограф"
    image.save()
    worker()

    assert shown(client, own)["image"]["credit"] == "Ірина Фотограф"
    assert shown(client, inside)["body"][0]["value"]["image"]["credit"] == "Ірина Фотограф"
    assert api(client, "/front/")["slots"][0]["image"]["credit"] == "Ірина Фотограф"
    (event,) = OutboxEvent.objects.filter(name="image.changed")
    assert set(event.payload["pages"]) == {own.pk, inside.pk, front_of().pk}
    assert Publication.objects.get(pk=untouched.pk).teaser == before


def test_a_deleted_picture_is_shown_nowhere(client: Client, worker: Any) -> None:
    image = make_image()
    own = make_article("Зі знімком", image=image)
    inside = make_article(
        "У тексті", body=body(("gallery", {"images": [{"image": image.pk, "caption": "Тут", "credit": ""}]}))
    )
    fill_front(own, image=image)

    image.delete()
    worker()

    assert shown(client, own)["image"] is None
    assert shown(client, inside)["body"][0]["value"] == {"images": [{"image": None, "caption": "Тут"}]}
    assert api(client, "/front/")["slots"][0]["image"] is None


def test_a_new_picture_concerns_no_page() -> None:
    make_image()

    assert not OutboxEvent.objects.filter(name="image.changed").exists()


# --- leaks ------------------------------------------------------------------------------------------------------

HIDDEN = ["draft", "scheduled", "private", "under a private folder", "expired", "deleted", "unpublished", "draft edit"]


def hide(page: ArticlePage, how: str) -> None:
    """Make a published page what the name says."""
    moment = timezone.now() - timedelta(seconds=1)
    match how:
        case "private":
            restrict(page)
        case "under a private folder":
            folder = make_folder()
            restrict(folder)
            page.move(folder, pos="last-child")
        case "expired":
            Page.objects.filter(pk=page.pk).update(expire_at=moment)
            page.refresh_from_db()
            page.expire_at = moment
            writer.write([page])
        case "deleted":
            page.delete()
        case "unpublished":
            page.unpublish()


@pytest.mark.parametrize("how", HIDDEN)
def test_what_is_not_public_appears_in_no_answer(client: Client, worker: Any, how: str) -> None:
    secret, section, author = "Потаємниця", make_section(), make_author()
    fields: dict[str, Any] = {
        "section": section,
        "authors": [author],
        "tags": [secret],
        "lede": secret,
        "body": body(("paragraph", f"<p>{secret}</p>")),
        "slug": "potaiemnytsia",
    }
    if how in ("draft", "scheduled"):
        page = make_article(secret, live=False, **fields)
        if how == "scheduled":
            page.go_live_at = timezone.now() + timedelta(hours=1)
            page.save_revision(approved_go_live_at=page.go_live_at).publish()
    elif how == "draft edit":
        page = make_article("Звичайна", slug="zvychaina")
        page.title, page.lede, page.slug, page.body = secret, secret, "potaiemnytsia", fields["body"]
        page.tags.add(secret)
        page.save_revision()
    else:
        page = make_article(secret, **fields)
    link = f'<p><a linktype="page" id="{page.pk}">посилання</a></p>'
    public = make_article("Публічна", body=body(("related", {"pages": [page.pk]}), ("paragraph", link)))
    public.related_items = [ContentRelated(related=page)]
    public.save_revision().publish()
    make_page(TeaserPage, "Тизер", slug="tyzer", target_page=page)
    fill_front(page, public)
    other = page.copy_for_translation(locale_of("en"), copy_parents=True)
    other.title, other.slug = "Translation", "translation"
    other.lede, other.body = "", []
    other.tags.clear()
    other.save_revision().publish()
    hide(page, how)
    worker()

    addresses = [
        "/content/", "/content/?page_size=100", "/content/?q=потаємниця", "/content/?tag=potaiemnytsia",
        f"/content/?section={section.slug}", f"/content/?author={author.slug}",
        "/content/?type=article,teaser,campaign,edition",
        "/content/article/publichna/", "/content/teaser/tyzer/", "/content/?locale=en",
        "/content/article/translation/?locale=en",
        "/front/", "/front/?locale=en", "/sections/", "/authors/", "/tags/", "/site/", "/types/",
        "/content/article/potaiemnytsia/", "/resolve/?path=/uk/potaiemnytsia/", "/resolve/?path=/en/translation/",
        f"/content/article/{page.pk}/", "/campaigns/", "/newsletters/",
    ]  # fmt: skip
    for address in addresses:
        response = client.get(f"/api/v1{address}")
        text = json.dumps(response.json(), ensure_ascii=False).lower()
        if response.status_code == 404 and "potaiemnytsia" in address:
            continue  # the answer repeats what was asked for
        assert "потаємниця" not in text, address
        assert "potaiemnytsia" not in text, address
    for public_path in ("/sitemap.xml", "/news-sitemap.xml", "/feeds/", "/uk/potaiemnytsia/"):
        assert "потаємниця" not in client.get(public_path).content.decode().lower()
    counts = {each["slug"]: each["count"] for each in api(client, "/sections/")["results"]}
    assert counts[section.slug] == 0


# --- transactions and races -------------------------------------------------------------------------------------


def test_a_fault_after_publishing_leaves_neither_page_nor_publication_changed(client: Client, editor: Client) -> None:
    page = make_article("Перша")
    events = OutboxEvent.objects.count()

    def fail(**kwargs: Any) -> None:
        raise RuntimeError("a fault of a plugin")

    page_published.connect(fail)
    try:
        with pytest.raises(RuntimeError, match="a fault of a plugin"):
            editor.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form_of(page, title="Друга"))
        with pytest.raises(RuntimeError, match="a fault of a plugin"):
            editor.post(
                reverse("wagtailadmin_pages:add", args=["content", "articlepage", front_of().pk]), page_form("Нова")
            )
    finally:
        page_published.disconnect(fail)

    page.refresh_from_db()
    assert (page.title, page.draft_title) == ("Перша", "Перша")
    assert page.revisions.count() == 1
    assert headlines(client) == ["Перша"]
    assert ArticlePage.objects.count() == 1
    assert OutboxEvent.objects.count() == events


def test_a_fault_in_rendering_leaves_the_old_text_with_readers(
    client: Client, editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = make_article("Перша")

    def fail(page: Page) -> None:
        raise RuntimeError("no rendering today")

    monkeypatch.setattr(writer, "render", fail)
    with pytest.raises(RuntimeError):
        editor.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form_of(page, title="Друга"))

    page.refresh_from_db()
    assert page.title == "Перша"
    assert headlines(client) == ["Перша"]


def test_two_pages_never_share_an_address_of_the_api(client: Client) -> None:
    first, second = make_article("Перша", slug="slug"), make_article("Друга", parent=make_folder())
    Page.objects.filter(pk=second.pk).update(slug="slug")  # as two publishing at the same moment would
    second.refresh_from_db()

    with pytest.raises(Exception, match="publication_found_by_one_slug"), transaction.atomic():
        writer.write([second])

    assert api(client, "/content/article/slug/")["id"] == first.pk


# --- in bulk ----------------------------------------------------------------------------------------------------


def queries_of_rewriting(pages: list[ArticlePage]) -> int:
    with CaptureQueriesContext(connection) as captured:
        writer.rewrite([page.pk for page in pages])
    return len(captured)


def test_rewriting_many_takes_as_many_queries_as_rewriting_a_few() -> None:
    section, author, image = make_section(), make_author(), make_image()

    def make() -> ArticlePage:
        return make_article(
            section=section, authors=[author], image=image, tags=["а", "б"], body=body(("paragraph", "<p>Так</p>"))
        )

    few = [make() for _n in range(2)]
    many = [make() for _n in range(20)]
    queries_of_rewriting([*few, *many])  # renditions are made once

    assert queries_of_rewriting(many) == queries_of_rewriting(few)


def test_pages_written_past_wagtail_are_published_when_they_are_announced(client: Client) -> None:
    pages = [make_article(f"№{n}", live=False) for n in range(3)]
    ArticlePage.objects.update(live=True, published_at=timezone.now())
    assert headlines(client) == []

    pages_changed.send(ArticlePage, pages=list(ArticlePage.objects.all()))

    assert len(headlines(client)) == 3
    ArticlePage.objects.update(live=False)
    pages_changed.send(ArticlePage, pages=list(ArticlePage.objects.all()))
    assert headlines(client) == []
    assert len(pages) == 3


def test_teasers_written_together_with_what_they_open_know_its_address(client: Client) -> None:
    target = make_article("Ціль", slug="tsil")
    teaser = make_page(TeaserPage, "Тизер", slug="tyzer", target_page=target)
    Publication.objects.all().delete()

    writer.rewrite([teaser.pk, target.pk])

    assert api(client, "/content/teaser/tyzer/")["url"].endswith("/uk/tsil/")


# --- reconciliation ---------------------------------------------------------------------------------------------


def test_reconciliation_finds_and_repairs_what_went_past(client: Client) -> None:
    missing, stale, moved, surplus = (make_article(name) for name in ("Нема", "Стара", "Деінде", "Зайва"))
    fine, draft = make_article("Добра"), make_article("Чернетка", live=False)
    reconcile.reconcile()
    assert not reconcile.compare()
    Publication.objects.filter(pk=missing.pk).delete()
    Page.objects.filter(pk=stale.pk).update(title="Нова", last_published_at=timezone.now())
    Page.objects.filter(pk=moved.pk).update(url_path="/uk/else/where/")
    Page.objects.filter(pk=surplus.pk).update(live=False)

    found = reconcile.reconcile()

    assert (found.missing, found.surplus) == ([missing.pk], [surplus.pk])
    assert set(found.stale) == {stale.pk, moved.pk}
    assert set(headlines(client)) == {"Нема", "Нова", "Деінде", "Добра"}
    assert api(client, f"/content/article/{moved.slug}/")["path"] == "/uk/else/where/"
    assert not reconcile.compare()
    assert fine.pk and not Publication.objects.filter(pk=draft.pk).exists()


def test_reconciliation_takes_down_what_a_restored_privacy_hides(client: Client) -> None:
    folder = make_folder()
    page = make_article("Новина", parent=folder)
    from wagtail.models import PageViewRestriction

    PageViewRestriction.objects.bulk_create([PageViewRestriction(page_id=folder.pk, restriction_type="login")])
    assert headlines(client) == ["Новина"]

    assert reconcile.reconcile().surplus == [page.pk]

    assert headlines(client) == []


def test_republish_writes_what_differs_and_with_all_everything(client: Client, capsys: Any) -> None:
    page = make_article("Новина")
    make_page(TeaserPage, "Тизер", slug="tyzer", target_page=page)
    call_command("republish")
    capsys.readouterr()
    Publication.objects.update(teaser='{"headline": "зіпсовано"}')

    call_command("republish")
    assert capsys.readouterr().out
    assert set(headlines(client)) == {"зіпсовано"}
    call_command("republish", "--all")

    assert set(headlines(client)) == {"Новина", "Тизер"}
    assert api(client, "/content/teaser/tyzer/")["url"].endswith(page.public_path)


def test_marketing_can_not_publish_articles(client: Client) -> None:
    browser = Client()
    browser.force_login(make_editor("Marketing"))

    response = browser.post(
        reverse("wagtailadmin_pages:add", args=["content", "articlepage", front_of().pk]), page_form("Ні")
    )

    assert response.status_code in (302, 403)
    assert headlines(client) == []
