"""What publications show of others, what must never leak, and how everything is kept and made to agree."""

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

from api.json_text import dump
from api.publications import reconcile, writer
from api.publications.models import Publication
from cms.content.models import ArticlePage, ContentRelated, OutboxEvent, Tag, TeaserPage
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
    restrict,
    shown,
)
from workers.tasks import publish

pytestmark = pytest.mark.django_db


# --- what publications show of others ---------------------------------------------------------------------------


def test_a_teaser_follows_what_it_opens(client: Client, worker: Any) -> None:
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
    worker()
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


def test_a_name_of_a_tag_changes_everywhere(client: Client, worker: Any) -> None:
    page, other = make_article("Кран", tags=["море"]), make_article("Маяк", tags=["місто"])
    before = Publication.objects.get(pk=other.pk).updated_at
    tag = Tag.objects.get(name="море")

    tag.name = "узбережжя"
    tag.save()
    worker()

    assert shown(client, page)["json_ld"]["keywords"] == ["узбережжя"]
    assert headlines(client, q="узбережжя") == ["Кран"]
    assert headlines(client, q="море") == []
    assert Publication.objects.get(pk=other.pk).updated_at == before


def test_what_concerns_every_publication_is_done_in_portions(
    client: Client, worker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish, "MARKED", 2)
    for n in range(5):
        make_article(f"Новина {n}")
    Publication.objects.update(teaser="{}")

    OutboxEvent.objects.create(name="newsroom.changed")
    worker()

    assert sorted(headlines(client)) == [f"Новина {n}" for n in range(5)]
    portions = OutboxEvent.objects.filter(name="publish.fan_out", done_at__isnull=False)
    assert len({event.payload["before"] for event in portions}) == 2
    assert not Publication.objects.filter(stale=True).exists()


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
    events = OutboxEvent.objects.filter(name="image.changed", payload__image=image.pk)
    # Its renditions were made too, which changes what is shown of it.
    assert {frozenset(event.payload["pages"]) for event in events} == {frozenset({own.pk, inside.pk, front_of().pk})}
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
    for written in Publication.objects.all():
        written.teaser = dump({**json.loads(written.teaser), "headline": "зіпсовано"})
        written.save(update_fields=["teaser"])

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
