"""The live desk: who may do what, what is kept when two editors meet, and that a screen without scripts will do."""

import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page
from wagtail.test.utils.form_data import rich_text

from tests.support.content import front_of, make_author, make_editor, make_image, restrict, shown

pytestmark = [pytest.mark.django_db, pytest.mark.plugin("liveblog")]

Make = Callable[..., Any]


def desk_of(page: Page, name: str = "desk", *arguments: Any) -> str:
    return reverse(f"plugin_liveblog:{name}", args=[page.pk, *arguments])


def form(text: str = "", **fields: Any) -> dict[str, Any]:
    """What the desk's form sends."""
    return {
        "text": rich_text(text),
        "headline": "",
        "author": "",
        "shown_at": "",
        "image": "",
        "image_credit": "",
        **fields,
    }


def form_of(html: str) -> dict[str, Any]:
    """What a browser with scripts would send of the entry's form, left as it was shown."""
    sent = {}
    for field in BeautifulSoup(html, "html.parser").select("#entry-form [name]"):
        if field.find_parent("noscript"):
            continue
        if field.name == "select":
            chosen = field.select_one("option[selected]")
            sent[field["name"]] = chosen["value"] if chosen else ""
        elif field.get("type") != "checkbox" or field.has_attr("checked"):
            sent[field["name"]] = field.text.removeprefix("\n") if field.name == "textarea" else field.get("value", "")
    return sent


def entries() -> Any:
    from plugins.liveblog.models import LiveEntry

    return LiveEntry.objects.order_by("created_at")


def member_of(page: Page, *permissions: str) -> Client:
    """A browser of somebody who has just these page permissions below this page."""
    group = Group.objects.create(name="Чергові")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for codename in permissions:
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.create(group=group, page=page, permission=permission)
    user = User.objects.create_user("cherhova")
    user.groups.add(group)
    browser = Client()
    browser.force_login(user)
    return browser


def test_an_editor_posts_from_the_desk_and_readers_see_it(client: Client, editor: Client, liveblog: Any) -> None:
    author = make_author("Ніна Коваль")
    assert editor.post(desk_of(liveblog, "move"), {"to": "live"}).status_code == 302
    sent = form("<p>Вода <b>прибуває</b></p>", headline="Рівень росте", author=author.pk, pinned="on")

    response = editor.post(desk_of(liveblog), sent)

    assert response.status_code == 302
    document = shown(client, liveblog)
    (entry,) = document["entries"]
    assert document["state"] == "live"
    assert (entry["headline"], entry["author"]["name"], entry["pinned"]) == ("Рівень росте", "Ніна Коваль", True)
    assert re.fullmatch(r"<p>Вода <b>прибуває</b></p>", entry["text"])
    liveblog.refresh_from_db()
    assert not liveblog.has_unpublished_changes
    page = editor.get(desk_of(liveblog)).content.decode()
    assert "Рівень росте" in page
    assert re.search(rf'<option value="{author.pk}" selected>', page), "the next entry is by the same author"


def test_the_desk_lists_live_blogs_the_live_ones_first(editor: Client, make_liveblog: Make) -> None:
    from plugins.liveblog import services
    from plugins.liveblog.models import State

    running = make_liveblog("Вибори наживо")
    make_liveblog("Шторм учора")
    services.move(running.pk, State.LIVE, by=None)

    html = editor.get(reverse("plugin_liveblog:desks")).content.decode()

    assert html.index("Вибори наживо") < html.index("Шторм учора")
    assert desk_of(running) in html
    home = editor.get(reverse("wagtailadmin_home")).content.decode()
    assert reverse("plugin_liveblog:desks") in home


def test_the_editor_of_the_page_has_a_link_to_the_desk(editor: Client, liveblog: Any) -> None:
    assert desk_of(liveblog) in editor.get(reverse("wagtailadmin_pages:edit", args=[liveblog.pk])).content.decode()
    new = editor.get(reverse("wagtailadmin_pages:add", args=["liveblog", "liveblogpage", front_of().pk]))
    assert new.status_code == 200


def test_without_scripts_plain_paragraphs_are_posted_and_formatting_survives_an_untouched_text(
    client: Client, editor: Client, liveblog: Any
) -> None:
    sent = form(plain="Перший рядок\r\nдругий <рядок>\r\n\r\nНовий абзац")
    del sent["text"]
    editor.post(desk_of(liveblog), sent)
    entry = entries().get()
    assert entry.text == "<p>Перший рядок<br/>другий &lt;рядок&gt;</p><p>Новий абзац</p>"

    entry.text = '<p>Слово <b>жирне</b></p><p>і <a href="https://example.org/">посилання</a></p>'
    entry.save()
    html = editor.get(desk_of(liveblog), {"entry": entry.pk}).content.decode()
    assert "Слово жирне\n\nі посилання</textarea>" in html
    again = form(plain="Слово жирне\r\n\r\nі посилання", headline="Тепер із заголовком", edition=1, entry=entry.pk)
    del again["text"]
    assert editor.post(desk_of(liveblog), again).status_code == 302
    assert shown(client, liveblog)["entries"][0]["headline"] == "Тепер із заголовком"
    assert "<b>жирне</b>" in entries().get().text


@pytest.mark.parametrize(
    ("sent", "complaint"),
    [
        ({}, "потребує"),
        ({"image_credit": "Фото читача"}, "потребує"),
        ({"headline": "Завтра", "shown_at": (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%d %H:%M")}, "настав"),
        ({"headline": "д" * 256}, "256"),
        ({"headline": "Хто це", "author": "999999"}, "варіант"),
    ],
)
def test_a_wrong_entry_is_refused_with_its_words_kept(
    editor: Client, liveblog: Any, sent: dict[str, Any], complaint: str
) -> None:
    response = editor.post(desk_of(liveblog), form(**sent), headers={"Accept-Language": "uk"})

    assert response.status_code == 200
    html = response.content.decode()
    assert complaint in html
    assert sent.get("headline", "") in html
    assert not entries().exists()


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 1, 17, 4, 45, 678, tzinfo=UTC),
        datetime(2025, 10, 26, 0, 30, 5, tzinfo=UTC),  # 3:30 in Kyiv, for the first time
        datetime(2025, 10, 26, 1, 30, 5, tzinfo=UTC),  # and for the second: clocks have gone back
    ],
)
@pytest.mark.parametrize("language", ["uk", "en"])
def test_an_entry_saved_as_it_was_shown_is_not_changed(
    editor: Client, liveblog: Any, moment: datetime, language: str
) -> None:
    speaks = {"Accept-Language": language}
    editor.post(desk_of(liveblog), form("<p>Вода <b>прибуває</b></p>", headline="Запис", author=make_author().pk))
    entries().update(shown_at=moment)
    before = entries().values().get()
    html = editor.get(desk_of(liveblog), {"entry": before["id"]}, headers=speaks).content.decode()

    assert re.search(r"/date-time-chooser[^/]*\.js", html), "Wagtail's calendar"
    sent = form_of(html)
    assert re.fullmatch(r"2\d{3}-\d\d-\d\d \d\d:\d\d", sent["shown_at"])
    assert editor.post(desk_of(liveblog), sent, headers=speaks).status_code == 302
    assert entries().values().get() == before

    # And what else is corrected leaves the time alone.
    assert editor.post(desk_of(liveblog), {**sent, "headline": "Правка"}, headers=speaks).status_code == 302
    assert (entries().get().headline, entries().get().shown_at) == ("Правка", moment)


def test_a_corrected_time_moves_an_entry(editor: Client, liveblog: Any, post: Make) -> None:
    entry = post(liveblog, "Запис", shown_at=datetime(2025, 10, 26, 1, 30, 5, tzinfo=UTC))

    def save(shown_at: str, edition: int) -> Any:
        sent = form(entry=entry.pk, edition=edition, headline="Запис", shown_at=shown_at)
        return editor.post(desk_of(liveblog), sent, headers={"Accept-Language": "uk"})

    assert save("2025-10-26 02:59", 1).status_code == 302
    assert entries().get().shown_at == datetime(2025, 10, 25, 23, 59, tzinfo=UTC)
    assert save("2025-10-26 03:29", 2).status_code == 302, "it comes twice"
    assert entries().get().shown_at == datetime(2025, 10, 26, 0, 29, tzinfo=UTC), "the first is meant"
    refused = save("2026-03-29 03:30", 3)
    assert refused.status_code == 200
    assert "такого часу не було" in refused.content.decode(), "clocks have gone forward"


def test_a_second_click_posts_nothing_more(editor: Client, liveblog: Any) -> None:
    shown_form = form_of(editor.get(desk_of(liveblog)).content.decode())
    sent = {**shown_form, **form("<p>Світло є</p>", headline="Світло повернулося"), "name": shown_form["name"]}
    assert editor.post(desk_of(liveblog), sent).status_code == 302
    editor.post(desk_of(liveblog, "move"), {"to": "live"})
    editor.post(desk_of(liveblog, "move"), {"to": "closed"})

    assert editor.post(desk_of(liveblog), sent).status_code == 302
    assert entries().get().pk == uuid.UUID(shown_form["name"])
    assert form_of(editor.get(desk_of(liveblog), {"entry": entries().get().pk}).content.decode()).get("name") is None


def test_other_words_in_a_form_gone_back_to_are_another_entry(editor: Client, make_liveblog: Make) -> None:
    page, other, name = make_liveblog("Шторм"), make_liveblog("Вибори"), str(uuid.uuid4())
    for desk, headline in [(page, "Перший"), (page, "Другий"), (other, "Перший")]:
        assert editor.post(desk_of(desk), form(headline=headline, name=name)).status_code == 302

    assert [(each.page_id, each.headline[0]) for each in entries()] == [(page.pk, "П"), (page.pk, "Д"), (other.pk, "П")]


def test_the_second_of_two_editors_gets_both_texts_and_decides(
    client: Client, editor: Client, liveblog: Any, post: Make
) -> None:
    entry = post(liveblog, "Один загиблий", text="<p>За даними поліції</p>")
    other = Client()
    other.force_login(make_editor())
    first = form("<p>За даними лікарні</p>", entry=entry.pk, edition=1, headline="Одна поранена")
    second = form("<p>За даними сусідів</p>", entry=entry.pk, edition=1, headline="Двоє поранених")

    assert other.post(desk_of(liveblog), first).status_code == 302
    refused = editor.post(desk_of(liveblog), second)

    assert refused.status_code == 409
    html = refused.content.decode()
    for words in ("Одна поранена", "За даними лікарні", "Двоє поранених", "За даними сусідів"):
        assert words in html.encode().decode("unicode_escape", "ignore") or words in html, words
    assert shown(client, liveblog)["entries"][0]["headline"] == "Одна поранена"
    edition = re.search(r'name="edition" value="(\d+)"', html)
    assert edition
    decided = editor.post(desk_of(liveblog), {**second, "edition": edition[1]})
    assert decided.status_code == 302
    assert shown(client, liveblog)["entries"][0]["headline"] == "Двоє поранених"


def test_an_edit_of_what_was_withdrawn_meanwhile_is_a_conflict(editor: Client, liveblog: Any, post: Make) -> None:
    from plugins.liveblog import services

    entry = post(liveblog, "Запис")
    services.withdraw(entry.pk, by=None)

    response = editor.post(desk_of(liveblog), form(entry=entry.pk, edition=1, headline="Правка"))

    assert response.status_code == 409
    assert entries().get().headline == "Запис"


def test_a_pin_set_meanwhile_is_no_conflict_and_survives_an_edit(editor: Client, liveblog: Any, post: Make) -> None:
    from plugins.liveblog import services

    entry = post(liveblog, "Запис")
    services.flag(entry.pk, "pinned", True)

    assert editor.post(desk_of(liveblog), form(entry=entry.pk, edition=1, headline="Правка")).status_code == 302
    changed = entries().get()
    assert (changed.headline, changed.pinned) == ("Правка", True)


def test_two_summaries_meet_and_nothing_is_lost(client: Client, editor: Client, liveblog: Any) -> None:
    def save(text: str, before: str) -> Any:
        return editor.post(desk_of(liveblog), {"summary": rich_text(text), "before": before})

    assert save("<p>Усі живі</p>", "").status_code == 302
    refused = save("<p>Збитки рахують</p>", "")
    assert refused.status_code == 409
    assert "Усі живі" in refused.content.decode()
    assert shown(client, liveblog)["summary"] == "<p>Усі живі</p>"
    from plugins.liveblog.models import Coverage

    assert save("<p>Збитки рахують</p>", Coverage.objects.get().summary).status_code == 302
    assert shown(client, liveblog)["summary"] == "<p>Збитки рахують</p>"


def test_the_buttons_of_an_entry(client: Client, editor: Client, liveblog: Any, post: Make) -> None:
    entry = post(liveblog, "Запис", image=make_image())

    def press(action: str, **headers: str) -> Any:
        return editor.post(desk_of(liveblog, "act", entry.pk), {"action": action}, headers=headers)

    for action, flag, value in [("pin", "pinned", True), ("key", "key", True), ("unpin", "pinned", False)]:
        assert press(action).url == f"{desk_of(liveblog)}#entry-{entry.pk}"
        assert shown(client, liveblog)["entries"][0][flag] is value
    part = press("withdraw", **{"X-Requested-With": "XMLHttpRequest"})
    assert part.status_code == 200 and "<html" not in part.content.decode()
    assert shown(client, liveblog)["entries"] == []
    press("restore")
    assert shown(client, liveblog)["entry_count"] == 1
    assert press("delete").status_code == 404


def test_closing_stops_posting_but_not_correcting(client: Client, editor: Client, liveblog: Any, post: Make) -> None:
    entry = post(liveblog, "Запсі")
    for to in ("live", "closed"):
        editor.post(desk_of(liveblog, "move"), {"to": to})

    words = form("<p>kept words</p>", headline="Ще один")
    refused = editor.post(desk_of(liveblog), words, headers={"Accept-Language": "uk"})
    assert refused.status_code == 200
    html = refused.content.decode()
    assert "Цей онлайн закрито. Щоб писати, відкрийте його знову." in html
    kept = form_of(html)
    assert kept["headline"] == "Ще один" and "kept words" in kept["text"]
    assert 'id="entry-form"' not in editor.get(desk_of(liveblog)).content.decode()
    assert editor.post(desk_of(liveblog), form(entry=entry.pk, edition=1, headline="Запис")).status_code == 302
    assert [each["headline"] for each in shown(client, liveblog)["entries"]] == ["Запис"]
    late = editor.post(desk_of(liveblog, "move"), {"to": "closed"}, follow=True)
    assert late.status_code == 200
    assert shown(client, liveblog)["state"] == "closed"


def test_who_may_only_edit_looks_on(liveblog: Any, post: Make) -> None:
    entry = post(liveblog, "Запис")
    writer = member_of(front_of(), "change_page")

    html = writer.get(desk_of(liveblog)).content.decode()
    assert "Запис" in html and 'id="entry-form"' not in html and 'name="action"' not in html
    # Wagtail sends who may not to the home of the admin, with a message.
    for address, sent in [
        (desk_of(liveblog), form(headline="Самовільно")),
        (desk_of(liveblog, "act", entry.pk), {"action": "withdraw"}),
        (desk_of(liveblog, "move"), {"to": "live"}),
        (desk_of(liveblog), {"summary": rich_text("<p>Кінець</p>"), "before": ""}),
    ]:
        response = writer.post(address, sent)
        assert response.status_code in (302, 403) and response.headers.get("Location", "/admin/") == "/admin/"
    assert [each.headline for each in entries()] == ["Запис"]
    assert not entries().get().withdrawn


def test_who_has_no_permission_on_the_page_sees_nothing(make_liveblog: Make) -> None:
    ours, theirs = make_liveblog("Наш"), make_liveblog("Their own", locale="en")
    member = member_of(front_of("uk"), "change_page", "publish_page")

    assert member.get(desk_of(ours)).status_code == 200
    for address in (desk_of(theirs), desk_of(theirs, "entries")):
        assert member.get(address).status_code in (302, 403)
    index = member.get(reverse("plugin_liveblog:desks")).content.decode()
    assert "Наш" in index and "Their own" not in index


def test_the_desk_is_for_those_who_are_logged_in_and_send_its_token(liveblog: Any) -> None:
    stranger = Client()
    assert stranger.get(desk_of(liveblog)).url.startswith("/admin/login/")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_editor())
    assert strict.post(desk_of(liveblog), form(headline="Підкинуте")).status_code == 403
    assert not entries().exists()


def test_an_entry_of_another_page_is_not_found(editor: Client, make_liveblog: Make, post: Make) -> None:
    ours, other = make_liveblog("Наш"), make_liveblog("Інший")
    entry = post(other, "Чужий")

    assert editor.get(desk_of(ours), {"entry": entry.pk}).status_code == 404
    assert editor.get(desk_of(ours), {"entry": "нісенітниця"}).status_code == 404
    assert editor.post(desk_of(ours, "act", entry.pk), {"action": "pin"}).status_code == 404


def test_entries_wait_at_the_desk_of_a_page_that_is_not_published(
    client: Client, editor: Client, make_liveblog: Make
) -> None:
    page = make_liveblog("Репетиція", live=False)
    assert editor.post(desk_of(page), form(headline="Заздалегідь")).status_code == 302
    assert client.get(f"/api/v1/content/liveblog/{page.slug}/").status_code == 404

    page.save_revision().publish()

    assert shown(client, page)["entries"][0]["headline"] == "Заздалегідь"
    restrict(page)
    assert client.get(f"/api/v1/content/liveblog/{page.slug}/").status_code == 404


def test_the_list_of_the_desk_takes_the_same_queries_however_long_it_is(
    editor: Client, liveblog: Any, post: Make, django_assert_max_num_queries: Any
) -> None:
    def queries() -> int:
        with django_assert_max_num_queries(60) as captured:
            assert editor.get(desk_of(liveblog, "entries")).status_code == 200
        return len(captured)

    post(liveblog, "Перший", author=make_author(), image=make_image())
    editor.get(desk_of(liveblog, "entries"))
    one = queries()
    for number in range(10):
        post(liveblog, f"Запис {number}", author=make_author(), image=make_image())
    assert queries() == one
