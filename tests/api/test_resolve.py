"""What stands at a path: a page, a front page, a redirect of any kind, or what may have been meant."""

from difflib import SequenceMatcher
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from api.answers.resolving import LONGEST_PATH, MOST_HOPS
from cms.content.models import ContentPage
from tests.support.content import front_of, locale_of, make_article, make_folder, problem, resolved, restrict

pytestmark = pytest.mark.django_db


def rename(page: Page, slug: str, commits: Any) -> None:
    with commits(execute=True):
        page.slug = slug
        page.save_revision().publish()
    page.refresh_from_db()


def redirect(old_path: str, *, page: Page | None = None, link: str = "", permanent: bool = True) -> Redirect:
    """A redirect as an editor makes it."""
    made = Redirect(
        old_path=Redirect.normalise_path(old_path),
        site=Site.objects.get(is_default_site=True),
        redirect_page=page,
        redirect_link=link,
        is_permanent=permanent,
    )
    made.save()
    return made


def leads_to(client: Client, path: str) -> str:
    document = resolved(client, path)
    assert document["kind"] == "redirect"
    return str(document["location"])


def nearest(client: Client, path: str) -> Any:
    return problem(client, "/resolve/", 404, path=path)["nearest"]


# --- pages ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/uk/novyna/", "/uk/novyna", "/uk/novyna/?utm_source=x", "/uk/novyna#dali"])
def test_a_page_is_found_at_its_path_however_it_is_written(client: Client, path: str) -> None:
    page = make_article("Новина")

    assert resolved(client, path) == {
        "kind": "page",
        "id": page.pk,
        "type": "article",
        "slug": "novyna",
        "locale": "uk",
        "path": "/uk/novyna/",
    }


def test_a_front_page_is_a_front(client: Client) -> None:
    front = front_of("ru")
    front.save_revision().publish()

    found = resolved(client, "/ru")

    assert (found["kind"], found["id"], found["locale"], found["path"]) == ("front", front.pk, "ru", "/ru/")


def test_a_page_is_found_by_one_statement_and_a_redirect_by_two(client: Client) -> None:
    page = make_article("Новина")
    redirect("/stara/", page=page)

    def count(path: str) -> int:
        resolved(client, path)
        with CaptureQueriesContext(connection) as captured:
            resolved(client, path)
        return len([each for each in captured.captured_queries if "registry_pluginstate" not in each["sql"]])

    assert count("/uk/novyna/") == 1
    assert count("/stara/") == 2


# --- where pages were -------------------------------------------------------------------------------------------


def test_old_slugs_lead_to_the_page_in_one_step_however_often_it_was_renamed(client: Client, commits: Any) -> None:
    page = make_article("Новина", slug="persha")
    for slug in ("druha", "tretia", "chetverta"):
        rename(page, slug, commits)

    for old in ("persha", "druha", "tretia"):
        assert resolved(client, f"/uk/{old}/") == {"kind": "redirect", "location": "/uk/chetverta/", "status": 301}


def test_a_page_that_is_renamed_back_stands_where_it_stood(client: Client, commits: Any) -> None:
    page = make_article("Новина", slug="persha")
    rename(page, "druha", commits)
    rename(page, "persha", commits)

    assert resolved(client, "/uk/persha/")["kind"] == "page"
    assert leads_to(client, "/uk/druha/") == "/uk/persha/"


def test_a_new_page_at_an_old_path_stands_before_the_redirect(client: Client, commits: Any) -> None:
    page = make_article("Новина", slug="stara")
    rename(page, "nova", commits)
    other = make_article("Інша", slug="stara")

    assert resolved(client, "/uk/stara/")["id"] == other.pk


def test_a_folder_that_moves_takes_along_all_that_is_below_it(client: Client) -> None:
    folder, year = make_folder(slug="2025"), make_folder(slug="arkhiv")
    inner = make_folder(slug="liutyi", parent=folder)
    page = make_article("Новина", parent=inner)

    Page.objects.get(pk=folder.pk).specific.move(year, pos="last-child")

    assert leads_to(client, "/uk/2025/liutyi/novyna/") == "/uk/arkhiv/2025/liutyi/novyna/"
    assert resolved(client, "/uk/arkhiv/2025/liutyi/novyna/")["id"] == page.pk


def test_a_rename_and_a_move_after_each_other_are_one_step(client: Client, commits: Any) -> None:
    page = make_article("Новина", slug="stara")
    rename(page, "nova", commits)
    Page.objects.get(pk=page.pk).specific.move(make_folder(slug="2026"), pos="last-child")

    assert leads_to(client, "/uk/stara/") == "/uk/2026/nova/"
    assert leads_to(client, "/uk/nova/") == "/uk/2026/nova/"


def test_a_draft_that_is_renamed_leaves_no_trace(client: Client, commits: Any) -> None:
    page = make_article("Новина", slug="stara", live=False)
    rename_draft = ContentPage.objects.get(pk=page.pk)
    with commits(execute=True):
        rename_draft.slug = "nova"
        rename_draft.save()

    problem(client, "/resolve/", 404, path="/uk/stara/")
    assert not Redirect.objects.filter(old_path="/uk/stara").exists()


def test_every_language_has_redirects_of_its_own(client: Client, commits: Any) -> None:
    page = make_article("Острів", slug="ostriv")
    other = page.copy_for_translation(locale_of("en"), copy_parents=True)
    other.save_revision().publish()

    rename(other, "island", commits)

    assert leads_to(client, "/en/ostriv/") == "/en/island/"
    assert resolved(client, "/uk/ostriv/")["kind"] == "page"


# --- redirects that editors make --------------------------------------------------------------------------------


def test_a_redirect_leads_to_a_page_a_path_or_elsewhere(client: Client) -> None:
    page = make_article("Новина")
    redirect("/do-storinky/", page=page)
    redirect("/do-shliakhu/", link="/uk/novyna/")
    redirect("/bez-skisky/", link="/uk/novyna")
    redirect("/do-frontendu/", link="/uk/pro-nas/")
    redirect("/nazovni/", link="https://elsewhere.example/a?b=1#c", permanent=False)

    assert resolved(client, "/do-storinky/") == {"kind": "redirect", "location": "/uk/novyna/", "status": 301}
    assert leads_to(client, "/do-shliakhu/") == "/uk/novyna/"
    assert leads_to(client, "/bez-skisky/") == "/uk/novyna/"
    assert leads_to(client, "/do-frontendu/") == "/uk/pro-nas/", "pages of the frontend itself are not ours to know"
    assert resolved(client, "/nazovni") == {
        "kind": "redirect",
        "location": "https://elsewhere.example/a?b=1#c",
        "status": 302,
    }


def test_a_redirect_keeps_what_stands_behind_the_path(client: Client) -> None:
    make_article("Новина")
    redirect("/dopomohty/", link="/uk/novyna/?from=banner#form")
    redirect("/ziizd/", link=f"{settings.FRONTEND_URL}/uk/novyna/#dali")

    assert leads_to(client, "/dopomohty/") == "/uk/novyna/?from=banner#form"
    assert leads_to(client, "/ziizd/") == "/uk/novyna/#dali"


def test_an_address_elsewhere_is_not_taken_for_a_path_of_ours(client: Client) -> None:
    make_article("Новина")
    redirect("/insha/", link="//elsewhere.example/uk/novyna/")
    redirect("/lyst/", link="mailto:desk@ostriv.example")
    redirect("/zlamana/", link="http://[elsewhere/uk/novyna/")

    assert leads_to(client, "/insha/") == "//elsewhere.example/uk/novyna/"
    assert leads_to(client, "/lyst/") == "mailto:desk@ostriv.example"
    assert leads_to(client, "/zlamana/") == "http://[elsewhere/uk/novyna/"


def test_a_chain_is_followed_to_its_end_and_is_for_good_only_if_each_step_is(client: Client) -> None:
    make_article("Новина")
    redirect("/persha/", link="/druha/")
    redirect("/druha/", link="/tretia/", permanent=False)
    redirect("/tretia/", link="/uk/novyna/")

    assert resolved(client, "/persha/") == {"kind": "redirect", "location": "/uk/novyna/", "status": 302}
    assert resolved(client, "/tretia/")["status"] == 301


def test_a_chain_that_is_too_long_leads_nowhere(client: Client) -> None:
    make_article("Новина")
    redirect("/krok-0/", link="/uk/novyna/")
    for step in range(1, MOST_HOPS + 1):
        redirect(f"/krok-{step}/", link=f"/krok-{step - 1}/")

    assert leads_to(client, f"/krok-{MOST_HOPS - 1}/") == "/uk/novyna/"
    problem(client, "/resolve/", 404, path=f"/krok-{MOST_HOPS}/")


@pytest.mark.parametrize("links", [["/a/"], ["/b/", "/a/"], ["/b/", "/c/", "/b/"]])
def test_redirects_in_a_circle_lead_nowhere(client: Client, links: list[str]) -> None:
    for name, link in zip("abc", links, strict=False):
        redirect(f"/{name}/", link=link)

    problem(client, "/resolve/", 404, path="/a/")


@pytest.mark.parametrize("hidden", ["private", "unpublished", "draft"])
def test_a_redirect_to_what_readers_do_not_see_leads_nowhere(client: Client, hidden: str) -> None:
    page = make_article("Таємниця", live=hidden != "draft")
    redirect("/stara/", page=page)
    if hidden == "private":
        restrict(page)
    elif hidden == "unpublished":
        page.unpublish()

    document = problem(client, "/resolve/", 404, path="/stara/")

    assert "taiemnytsia" not in str(document)


def test_a_redirect_of_an_editor_stays_when_a_page_is_renamed(client: Client, commits: Any) -> None:
    page, other = make_article("Новина", slug="stara"), make_article("Інша")
    made = redirect("/uk/nova/", page=other)
    rename(page, "nova", commits)
    rename(page, "novisha", commits)

    made.refresh_from_db()
    assert made.redirect_page_id == other.pk
    assert leads_to(client, "/uk/nova/") == "/uk/insha/"


# --- nothing ----------------------------------------------------------------------------------------------------


def test_what_may_have_been_meant_is_named(client: Client) -> None:
    make_article("Інше зовсім")
    page = make_article("Міст через Дніпро закриють")

    found = nearest(client, "/uk/mist-cherez-dnipro-zakryiyt/")

    assert found == {
        "id": page.pk,
        "type": "article",
        "slug": page.slug,
        "locale": "uk",
        "path": page.public_path,
        "url": page.public_url,
        "headline": "Міст через Дніпро закриють",
    }


def test_a_slug_is_found_in_another_folder_and_in_another_language(client: Client) -> None:
    page = make_article("Новина", slug="velyka-novyna", parent=make_folder(slug="2026"))

    assert nearest(client, "/uk/2025/velyka-novyna/")["id"] == page.pk
    assert nearest(client, "/ru/velyka-novyna/")["id"] == page.pk


def test_of_two_that_are_as_like_the_one_closer_by_is_named(client: Client) -> None:
    make_article("Новина", slug="velyka-novyna", locale="ru", parent=make_folder(slug="arkhiv", locale="ru"))
    here = make_article("Новина", slug="velyka-novyna", parent=make_folder(slug="arkhiv"))

    assert nearest(client, "/uk/arkhiv/insha/velyka-novyna/")["id"] == here.pk


@pytest.mark.parametrize("path", ["/uk/zovsim-ne-te/", "/", "/x/", "/wp-login.php", "/uk/%D0%BD%D0%BE/"])
def test_what_is_like_nothing_has_no_nearest(client: Client, path: str) -> None:
    make_article("Новина про рибу")

    assert nearest(client, path) is None


def test_what_readers_do_not_see_is_not_meant(client: Client) -> None:
    page = make_article("Таємна новина", slug="taiemna-novyna")
    restrict(page)
    make_article("Чернетка", slug="taiemna-novyna-2", live=False)

    assert nearest(client, "/uk/taiemna-novina/") is None


@pytest.mark.parametrize("path", ["", "uk/novyna/", "https://ostriv.example/uk/", "/a\x00b/", "/" + "x" * LONGEST_PATH])
def test_what_is_no_path_is_refused(client: Client, path: str) -> None:
    (error,) = problem(client, "/resolve/", 400, path=path)["errors"]

    assert error["field"] == "path"
    assert "2,000" in error["message"]


def test_a_path_is_needed_once_and_nothing_else(client: Client) -> None:
    assert problem(client, "/resolve/", 400)["errors"][0]["field"] == "path"
    assert problem(client, "/resolve/", 400, path=["/a/", "/b/"])["errors"][0]["field"] == "path"
    (error,) = problem(client, "/resolve/", 400, path="/a/", locale="uk")["errors"]
    assert error["field"] == "locale" and "Allowed: path" in error["message"]


# --- what caches are told ---------------------------------------------------------------------------------------


def test_answers_carry_the_tags_of_what_they_depend_on(client: Client) -> None:
    page = make_article("Новина")
    redirect("/stara/", page=page)
    redirect("/nazovni/", link="https://elsewhere.example/")

    def tags(path: str) -> set[str]:
        return set(client.get("/api/v1/resolve/", {"path": path})["Cache-Tag"].split(","))

    assert tags("/uk/novyna/") == {f"page-{page.pk}"}
    assert tags("/stara/") == {"redirects", "content", f"page-{page.pk}"}
    assert tags("/nazovni/") == {"redirects", "content"}
    assert client.get("/api/v1/resolve/", {"path": "/nema/"})["Cache-Control"] == "no-store"


def test_hardly_anything_is_compared_letter_by_letter_however_long_the_path(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[int] = []

    class Counting(SequenceMatcher[str]):
        def ratio(self) -> float:
            compared.append(max(len(self.a), len(self.b)))
            return super().ratio()

    monkeypatch.setattr("api.answers.resolving.SequenceMatcher", Counting)
    for number in range(30):
        make_article("Новина", slug=f"a{'bcdfghjklmnpqrstvwxz'[number % 20] * 150}-{number}")
    page = make_article("Новина", slug="a" * 200)

    assert nearest(client, f"/uk/{'a' * 255}/")["id"] == page.pk
    assert len(compared) <= 4
    assert max(compared) <= 100
