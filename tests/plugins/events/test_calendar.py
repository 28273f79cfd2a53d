"""iCalendar (RFC 5545): made of plain values, and as calendar programs fetch it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from plugins.events.calendar import calendar
from tests.plugins.events.newsroom import add, edit, feed, make_event, only_event, read, stored, summaries
from tests.support.content import api, make_folder, restrict

pytestmark = [pytest.mark.django_db, pytest.mark.plugin("events")]

DETAIL: dict[str, Any] = {
    "calendar": {"uid": "0d6c1f1e-uk", "sequence": 3},
    "locale": "uk",
    "headline": "Відкриття виставки; «Море, порт, люди»",
    "lede": "Перший рядок\nдругий \\ рядок, і дуже довга лінія літер, яку треба скласти кілька разів поспіль",
    "url": "https://ostriv.example/uk/vystavka/",
    "updated_at": "2026-11-20T10:00:00.123456Z",
    "event_status": "scheduled",
    "all_day": False,
    "starts_at": "2027-05-14T15:30:00Z",
    "ends_at": "2027-05-14T17:30:00Z",
    "starts_on": "2027-05-14",
    "ends_on": "2027-05-14",
    "place": {"name": "Музей", "address": "вул. Портова, 5", "latitude": 46.482526, "longitude": 30.723309},
    "online_url": "",
    "organizer": {"name": "Музей, порт", "url": ""},
    "is_free": True,
    "price": "",
    "registration_url": "https://museum.example/reg",
    "keywords": [{"slug": "more", "name": "море"}, {"slug": "port", "name": "порт, місто"}],
}


def made(**changes: Any) -> Any:
    return only_event(read(calendar([{**DETAIL, **changes}], name="Події")))


# --- made of plain values ---------------------------------------------------------------------------------------


def test_an_event_says_all_that_is_known_of_it() -> None:
    event = made()

    assert str(event["UID"]) == "0d6c1f1e-uk"
    assert event["SEQUENCE"] == 3
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert str(event["STATUS"]) == "CONFIRMED"
    assert str(event["SUMMARY"]) == DETAIL["headline"]
    assert str(event["LOCATION"]) == "Музей, вул. Портова, 5"
    assert (event["GEO"].latitude, event["GEO"].longitude) == (46.482526, 30.723309)
    assert str(event["URL"]) == DETAIL["url"]
    assert str(event["CONTACT"]) == "Музей, порт"
    assert [str(each) for each in event["CATEGORIES"].cats] == ["море", "порт, місто"]
    description = str(event["DESCRIPTION"])
    assert description.startswith(DETAIL["lede"])
    assert "Вхід вільний" in description
    assert "https://museum.example/reg" in description


HOSTILE = "Раз; два, три \\ чотири\r\nEND:VCALENDAR\nX-WR-CALNAME:інша"


def test_whatever_a_text_holds_the_calendar_stays_whole() -> None:
    place = {**DETAIL["place"], "name": HOSTILE, "address": ""}
    body = calendar([{**DETAIL, "headline": HOSTILE, "lede": HOSTILE, "place": place}], name=HOSTILE)

    found = read(body)
    # The library reads these two as they are written.
    written = r"Раз\; два\, три \\ чотири END:VCALENDAR X-WR-CALNAME:інша"
    assert str(found["NAME"]) == str(found["X-WR-CALNAME"]) == written
    event, text = only_event(found), HOSTILE.replace("\r\n", "\n")
    assert str(event["SUMMARY"]) == str(event["LOCATION"]) == text
    assert str(event["DESCRIPTION"]).startswith(text)
    assert body.count(b"\r\nEND:VCALENDAR") == 1


def test_a_place_by_the_equator_is_written_without_an_exponent() -> None:
    body = calendar([{**DETAIL, "place": {**DETAIL["place"], "latitude": 0.000001, "longitude": -0.5}}], name="Події")

    assert b"\r\nGEO:0.000001;-0.500000\r\n" in body


def test_an_event_that_cannot_be_written_is_left_out_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    endless = {**DETAIL, "all_day": True, "ends_on": "9999-12-31", "url": "https://ostriv.example/uk/vichne/"}

    assert summaries(read(calendar([endless, DETAIL], name="Події"))) == [DETAIL["headline"]]
    assert endless["url"] in caplog.text


def test_long_cyrillic_lines_are_folded_at_75_octets_between_letters() -> None:
    body = calendar([{**DETAIL, "headline": "Їжа й щастя " * 40}], name="Події " * 30)

    assert summaries(read(body)) == ["Їжа й щастя " * 40]


def test_the_same_events_make_the_same_bytes() -> None:
    assert calendar([DETAIL], name="Події") == calendar([DETAIL], name="Події")


def test_letters_that_no_calendar_may_hold_are_left_out() -> None:
    event = made(headline="Раз\x0bдва\x00три\x7f")

    assert str(event["SUMMARY"]) == "Раз два три "


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "hours"),
    [
        # Europe/Kyiv, 28 March 2027: 02:30 +02:00 to 04:30 +03:00.
        ("2027-03-28T00:30:00Z", "2027-03-28T01:30:00Z", 1),
        # Europe/Kyiv, 25 October 2026: 02:30 +03:00 to 04:30 +02:00.
        ("2026-10-24T23:30:00Z", "2026-10-25T02:30:00Z", 3),
    ],
)
def test_the_moments_hold_when_the_clocks_change(starts_at: str, ends_at: str, hours: int) -> None:
    event = made(starts_at=starts_at, ends_at=ends_at)

    assert event["DTSTART"].dt == datetime.fromisoformat(starts_at)
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(hours=hours)
    assert event["DTSTART"].to_ical().endswith(b"Z")


def test_whole_days_are_dates_and_end_on_the_day_after() -> None:
    event = made(all_day=True, starts_on="2027-03-27", ends_on="2027-03-28")

    assert event["DTSTART"].dt == date(2027, 3, 27)
    assert event["DTEND"].dt == date(2027, 3, 29)
    assert event["DTSTART"].params["VALUE"] == event["DTEND"].params["VALUE"] == "DATE"


@pytest.mark.parametrize("ends_at", [None, DETAIL["starts_at"]])
def test_an_event_without_a_length_has_no_end(ends_at: str | None) -> None:
    assert "DTEND" not in made(ends_at=ends_at)


@pytest.mark.parametrize(
    ("status", "said"),
    [("scheduled", "CONFIRMED"), ("cancelled", "CANCELLED"), ("postponed", "TENTATIVE"), ("moved_online", "CONFIRMED")],
)
def test_the_status_is_one_that_calendars_know(status: str, said: str) -> None:
    assert str(made(event_status=status, online_url="https://meet.example/1")["STATUS"]) == said


def test_an_event_moved_online_is_there() -> None:
    event = made(event_status="moved_online", online_url="https://meet.example/1")

    assert str(event["LOCATION"]) == "https://meet.example/1"
    assert "https://meet.example/1" in str(event["DESCRIPTION"])


def test_an_event_nowhere_has_no_place() -> None:
    event = made(place=None)

    assert "LOCATION" not in event
    assert "GEO" not in event


# --- as it is fetched -------------------------------------------------------------------------------------------


def test_the_feed_has_what_comes_and_what_was_lately(client: Client) -> None:
    now = timezone.now()
    for title, days in (("Давно", -40), ("Торік", -400), ("Учора", -1), ("Завтра", 1), ("За рік", 365)):
        make_event(title, now + timedelta(days=days))
    make_event("Tomorrow", now + timedelta(days=1), locale="en")

    assert summaries(feed(client)) == ["Учора", "Завтра", "За рік"]
    assert summaries(feed(client, locale="en")) == ["Tomorrow"]
    assert summaries(feed(client, locale="ru")) == []
    assert str(feed(client)["NAME"]) == "Ostriv: події"


def test_one_event_has_a_calendar_of_its_own_in_each_language(client: Client) -> None:
    make_event("Jazz", "2020-01-01T18:00:00+02:00", slug="jazz")
    make_event("Jazz in the port", "2020-01-01T18:00:00+02:00", slug="jazz", locale="en")

    assert summaries(feed(client, "/feeds/events/jazz.ics")) == ["Jazz"]
    assert summaries(feed(client, "/feeds/events/jazz.ics", locale="en")) == ["Jazz in the port"]
    uids = {str(only_event(feed(client, "/feeds/events/jazz.ics", locale=code))["UID"]) for code in ("uk", "en")}
    assert len(uids) == 2
    assert client.get("/feeds/events/jazz.ics?locale=ru").status_code == 404
    assert client.get("/feeds/events/nothing.ics").status_code == 404


@pytest.mark.parametrize("path", ["calendar", "jazz"])
def test_a_language_that_there_is_not_is_an_error(client: Client, path: str) -> None:
    make_event("Jazz", slug="jazz")

    assert client.get(f"/feeds/events/{path}.ics?locale=de").status_code == 400
    assert client.get(f"/feeds/events/{path}.ics?language=uk").status_code == 400


def test_a_change_keeps_the_uid_and_raises_the_sequence(client: Client, editor: Client) -> None:
    add(editor)
    page = stored().get()
    first_published_at = timezone.now() - timedelta(hours=2)
    stored().filter(pk=page.pk).update(first_published_at=first_published_at)
    before = only_event(feed(client, "/feeds/events/vechir-poezii.ics"))

    edit(editor, page, status="cancelled")
    after = only_event(feed(client, "/feeds/events/vechir-poezii.ics"))

    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["LAST-MODIFIED"].dt >= before["LAST-MODIFIED"].dt
    assert str(after["STATUS"]) == "CANCELLED"


def test_a_calendar_program_that_has_it_is_told_so(client: Client) -> None:
    page = make_event(starts_at=timezone.now() + timedelta(days=1))
    first = client.get("/feeds/events/calendar.ics")

    again = client.get("/feeds/events/calendar.ics", headers={"If-None-Match": first["ETag"]})
    page.title = "Вечір прози"
    page.save_revision().publish()
    changed = client.get("/feeds/events/calendar.ics", headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, again.status_code, changed.status_code) == (200, 304, 200)
    assert again.content == b""
    assert "public" in first["Cache-Control"]
    assert client.post("/feeds/events/calendar.ics").status_code in {403, 405}


@pytest.mark.parametrize("state", ["draft", "embargo", "private", "private folder", "expired", "unpublished"])
def test_an_event_that_is_not_public_is_in_no_calendar(client: Client, state: str) -> None:
    folder = make_folder()
    starts_at = timezone.now() + timedelta(days=1)
    page = make_event("Таємна", starts_at, live=state not in {"draft", "embargo"}, parent=folder)
    if state == "embargo":
        page.go_live_at = timezone.now() + timedelta(days=1)
        page.save_revision().publish()
    elif state == "private":
        restrict(page)
    elif state == "private folder":
        restrict(folder)
    elif state == "expired":
        page.expire_at = timezone.now() - timedelta(seconds=1)
        page.save_revision().publish()
    elif state == "unpublished":
        page.unpublish()

    assert summaries(feed(client)) == []
    assert client.get(f"/feeds/events/{page.slug}.ics").status_code == 404
    assert api(client, "/x/events/upcoming/")["results"] == []
    assert api(client, "/content/", type="event", starts_after="2026-01-01T00:00:00Z")["results"] == []


def test_the_feed_takes_two_queries_for_any_number_of_events(client: Client, django_assert_num_queries: Any) -> None:
    starts_at = timezone.now() + timedelta(days=1)
    make_event(starts_at=starts_at)
    feed(client)  # the states of plugins are read once a second
    with django_assert_num_queries(2):
        assert len(feed(client).events) == 1
    for number in range(19):
        make_event(f"Подія {number}", starts_at)
    with django_assert_num_queries(2):
        assert len(feed(client).events) == 20
    with django_assert_num_queries(1):
        feed(client, "/feeds/events/vechir-poezii.ics")
