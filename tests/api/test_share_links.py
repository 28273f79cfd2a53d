"""Links that show a draft to people without a login."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import get_user
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page
from wagtail.users.models import UserProfile

from cms.access import links
from cms.access.models import ShareLink
from tests.support.content import api, front_of, make_article, make_folder, problem

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def somebody(db: None) -> User:
    return User.objects.create_user("maria", "maria@example.org")


def edited(page: Page, title: str) -> Any:
    page.title = title
    return page.save_revision()


def test_a_link_shows_the_latest_draft_to_anybody(client: Client, somebody: User) -> None:
    page = make_article("Перша", live=False)
    token = links.share(page, DAY, somebody)

    assert api(client, f"/preview/{token}/")["headline"] == "Перша"
    edited(page, "Друга")
    response = client.get(f"/api/v1/preview/{token}/")

    assert response.json()["headline"] == "Друга"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "Cache-Tag" not in response and "ETag" not in response
    problem(client, f"/content/article/{page.slug}/", 404)


def test_a_link_to_one_version_shows_that_one(client: Client, somebody: User) -> None:
    page = make_article("Перша", live=False)
    revision = edited(page, "Друга")
    token = links.share(page, DAY, somebody, revision=revision)
    edited(page, "Третя")
    assert api(client, f"/preview/{token}/")["headline"] == "Друга"


def test_only_a_digest_of_the_token_is_stored(somebody: User) -> None:
    token = links.share(make_article(live=False), DAY, somebody)
    assert token not in str(ShareLink.objects.values().get())
    assert len(ShareLink.objects.get().digest) == 64


def test_a_link_that_was_taken_back_or_has_expired_says_what_to_do(client: Client, somebody: User) -> None:
    page = make_article("Чернетка", live=False)
    revoked, expired = links.share(page, DAY, somebody), links.share(page, DAY, somebody)
    newest, oldest = ShareLink.objects.all()
    oldest.revoke()
    ShareLink.objects.filter(pk=newest.pk).update(created_at=timezone.now() - 2 * DAY, expires_at=timezone.now() - DAY)

    assert "taken this link back" in problem(client, f"/preview/{revoked}/", 410)["detail"]
    assert "expired" in problem(client, f"/preview/{expired}/", 410)["detail"]


def test_a_link_dies_with_its_page(client: Client, somebody: User) -> None:
    page = make_article("Чернетка", live=False)
    token = links.share(page, DAY, somebody)
    page.delete()
    assert "deleted" in problem(client, f"/preview/{token}/", 404)["detail"]
    assert not ShareLink.objects.exists()


def test_a_copy_of_a_page_has_none_of_its_links(somebody: User) -> None:
    page = make_article("Чернетка", live=False)
    links.share(page, DAY, somebody)
    copy = page.copy(update_attrs={"slug": "kopiia"})
    assert not links.links_of(copy).exists()
    assert links.links_of(page).count() == 1


def test_a_token_of_one_page_opens_no_other(client: Client, somebody: User) -> None:
    page, other = make_article("Одна", live=False), make_article("Інша", live=False)
    with pytest.raises(ValueError, match="something else"):
        links.share(page, DAY, somebody, revision=edited(other, "Чужа"))
    token = links.share(page, DAY, somebody)
    assert api(client, f"/preview/{token}/")["id"] == page.pk
    problem(client, f"/preview/{token[:-1]}/", 404)
    problem(client, f"/preview/{token}x/", 404)


@pytest.mark.parametrize("lasting", [timedelta(minutes=59), timedelta(days=31), timedelta(0), -DAY])
def test_a_link_lives_from_an_hour_to_thirty_days(somebody: User, lasting: timedelta) -> None:
    with pytest.raises(ValueError, match="lives from"):
        links.share(make_article(live=False), lasting, somebody)


def test_the_database_keeps_no_link_that_never_worked(somebody: User) -> None:
    page = make_article(live=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        ShareLink.objects.create(page_id=page.pk, digest="x", expires_at=timezone.now() - DAY)


def test_a_page_has_only_so_many_links_and_old_ones_are_forgotten(
    somebody: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "MOST_OF_A_PAGE", 2)
    page = make_article(live=False)
    for _each in range(2):
        links.share(page, DAY, somebody)
    with pytest.raises(links.TooMany):
        links.share(page, DAY, somebody)
    long_ago = timezone.now() - 100 * DAY
    ShareLink.objects.update(created_at=long_ago - DAY, expires_at=long_ago)
    links.share(page, DAY, somebody)
    assert links.links_of(page).count() == 1


def test_when_a_link_was_last_opened_is_noted(client: Client, somebody: User) -> None:
    token = links.share(make_article(live=False), DAY, somebody)
    assert ShareLink.objects.get().last_opened_at is None
    api(client, f"/preview/{token}/")
    first = ShareLink.objects.get().last_opened_at
    assert first is not None
    api(client, f"/preview/{token}/")
    assert ShareLink.objects.get().last_opened_at == first


# --- the editor's screen ----------------------------------------------------------------------------------------


def test_an_editor_makes_a_link_and_takes_it_back(client: Client, editor: Client, settings: Any) -> None:
    page = make_article("Чернетка", live=False)
    screen = reverse("share_page", args=[page.pk])
    assert screen in editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).text

    made = editor.post(screen, {"revision": "", "lasting": str(7 * 24 * 3600), "note": "для юристки"})

    address = made.context["address"]
    assert "no-store" in made["Cache-Control"] and address in made.text
    assert address.startswith(f"{settings.FRONTEND_URL}/preview/?token=share-")
    token = parse_qs(urlsplit(address).query)["token"][0]
    assert api(client, f"/preview/{token}/")["headline"] == "Чернетка"
    listed = editor.get(screen)
    assert "для юристки" in listed.text and token not in listed.text

    link = ShareLink.objects.get()
    assert link.expires_at - link.created_at == timedelta(days=7) and link.created_by is not None
    revoke = reverse("revoke_share_link", args=[page.pk, link.pk])
    assert editor.get(revoke).status_code == 405
    assert editor.post(revoke).status_code == 302
    problem(client, f"/preview/{token}/", 410)


@pytest.mark.parametrize(("language", "word"), [("uk", "Відкликати"), ("ru", "Отозвать"), ("en", "Revoke")])
def test_the_button_says_what_becomes_of_the_link(editor: Client, somebody: User, language: str, word: str) -> None:
    page = make_article("Чернетка", live=False)
    links.share(page, DAY, somebody)
    UserProfile.objects.create(user=get_user(editor), preferred_language=language)
    assert f">{word}</button>" in editor.get(reverse("share_page", args=[page.pk])).text


def test_only_versions_of_the_page_and_times_of_the_list_can_be_chosen(editor: Client) -> None:
    page, other = make_article("Одна", live=False), make_article("Інша", live=False)
    revision = edited(other, "Чужа")
    wrong = {"revision": str(revision.pk), "lasting": "99999999", "note": "x" * 201}
    answer = editor.post(reverse("share_page", args=[page.pk]), wrong)
    assert set(answer.context["form"].errors) == {"revision", "lasting", "note"}
    assert not ShareLink.objects.exists()


def test_who_may_not_edit_a_page_may_not_share_it(client: Client, somebody: User) -> None:
    page = make_article("Чернетка", live=False)
    links.share(page, DAY, somebody)
    link = ShareLink.objects.get()
    for path in (reverse("share_page", args=[page.pk]), reverse("revoke_share_link", args=[page.pk, link.pk])):
        assert client.post(path).status_code == 302  # to the login
        client.force_login(somebody)
        assert client.post(path).status_code in (302, 403)
        client.logout()
    link.refresh_from_db()
    assert link.revoked_at is None and ShareLink.objects.count() == 1


def test_a_link_is_taken_back_on_the_screen_of_its_own_page_only(editor: Client, somebody: User) -> None:
    page, other = make_article("Одна", live=False), make_article("Інша", live=False)
    links.share(page, DAY, somebody)
    link = ShareLink.objects.get()
    assert editor.post(reverse("revoke_share_link", args=[other.pk, link.pk])).status_code == 404


def test_what_readers_never_see_is_not_shared(editor: Client) -> None:
    folder = make_folder("2026")
    assert editor.get(reverse("share_page", args=[folder.pk])).status_code in (302, 403)
    assert (
        reverse("share_page", args=[folder.pk])
        not in editor.get(reverse("wagtailadmin_pages:edit", args=[folder.pk])).text
    )


def test_the_front_page_can_be_shared(client: Client, somebody: User) -> None:
    token = links.share(front_of(), DAY, somebody)
    assert api(client, f"/preview/{token}/")["type"] == "front"
