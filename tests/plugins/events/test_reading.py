"""Events as readers, search engines and newsletters get them: the list of what comes, filters, JSON-LD, mail."""

import json
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from cms.newsletters.rendering.plugged import block_in_mail, teaser_in_mail
from cms.registry import states
from cms.registry.blocks import plugin_blocks
from cms.registry.models import PluginFault
from plugins.events import calendar
from plugins.events.agenda import going_on_after
from tests.plugins.events.newsroom import make_event
from tests.support.content import api, body, headlines, make_article, problem, restrict, shown

pytestmark = [pytest.mark.django_db, pytest.mark.plugin("events")]


def upcoming(client: Client, **parameters: Any) -> list[str]:
    return [each["headline"] for each in api(client, "/x/events/upcoming/", **parameters)["results"]]


def soon(days: float = 0, **time: Any) -> datetime:
    return timezone.now() + timedelta(days=days, **time)


# --- what comes -------------------------------------------------------------------------------------------------


def test_events_come_soonest_first_and_those_that_are_over_do_not(client: Client) -> None:
    make_event("За місяць", soon(30))
    make_event("Завтра", soon(1))
    make_event("Учора", soon(-1), ends_at=soon(-0.9))
    make_event("Триває", soon(-1), ends_at=soon(1))
    make_event("Скасована", soon(2), status="cancelled")
    make_article("Стаття")

    assert upcoming(client) == ["Триває", "Завтра", "Скасована", "За місяць"]
    document = api(client, "/x/events/upcoming/")
    assert (document["next"], document["previous"]) == (None, None)
    assert document["results"][1] == api(client, "/content/", type="event", q="Завтра")["results"][0]


def test_an_event_without_an_end_lasts_as_long_as_the_newsroom_says(client: Client) -> None:
    make_event("Без кінця", soon(hours=-3))
    assert upcoming(client) == []

    states.save_settings("events", {"hours": 4})

    assert upcoming(client) == ["Без кінця"]


def test_an_event_of_whole_days_lasts_until_its_last_midnight(client: Client) -> None:
    make_event("Ярмарок", "2027-03-27T00:00:00+02:00", ends_at="2027-03-28T10:00:00+03:00", all_day=True)

    assert upcoming(client, **{"from": "2027-03-28T23:59:59+03:00"}) == ["Ярмарок"]
    assert upcoming(client, **{"from": "2027-03-29T00:00:00+03:00"}) == []


def test_a_time_span_is_asked_for_by_from_and_until(client: Client) -> None:
    for day in (1, 2, 3):
        make_event(f"Травень {day}", f"2027-05-0{day}T18:00:00+03:00", ends_at=f"2027-05-0{day}T20:00:00+03:00")

    assert upcoming(client, **{"from": "2027-05-01T20:00:00+03:00"}) == ["Травень 2", "Травень 3"]
    assert upcoming(client, **{"from": "2027-05-01T19:59:59+03:00"}) == ["Травень 1", "Травень 2", "Травень 3"]
    assert upcoming(client, until="2027-05-02T15:00:00Z") == ["Травень 1"]
    assert upcoming(client, until="2027-05-02T15:00:01Z") == ["Травень 1", "Травень 2"]


def test_each_language_has_its_own_events(client: Client) -> None:
    make_event("Концерт", soon(1))
    make_event("A concert", soon(1), locale="en")

    assert upcoming(client) == upcoming(client, locale="uk") == ["Концерт"]
    assert upcoming(client, locale="en") == ["A concert"]


def test_the_list_is_read_to_its_end_page_by_page(client: Client) -> None:
    moment = soon(1)
    titles = [f"Подія {number}" for number in range(7)]
    for number, title in enumerate(titles):
        # Some at the very same moment.
        page = make_event(title, moment + timedelta(hours=number // 3))
        if number == 4:
            restrict(page)
    del titles[4]

    found: list[str] = []
    address = "/api/v1/x/events/upcoming/?page_size=2"
    while address:
        document = client.get(address).json()
        assert len(document["results"]) <= 2
        found += [each["headline"] for each in document["results"]]
        address = document["next"]

    assert found == titles


def test_many_private_events_hide_no_public_one(client: Client) -> None:
    for number in range(30):
        restrict(make_event(f"Таємна {number}", soon(1)))
    make_event("Відкрита", soon(2))

    document = api(client, "/x/events/upcoming/", page_size=1)

    assert [each["headline"] for each in document["results"]] == ["Відкрита"]
    assert document["next"] is None


@pytest.mark.parametrize(
    ("parameter", "wrong"),
    [
        ("locale", "de"),
        ("from", "tomorrow"),
        ("until", "2027-05-01T18:00:00"),
        ("page_size", "0"),
        ("page_size", "101"),
        ("cursor", "nonsense"),
        ("cursor", "2027-05-01T18:00:00_1"),
        ("cursor", "2027-05-01T18:00:00Z_99999999999"),
        ("cursor", "0001-01-01T00:00:00+02:00_1"),
        ("cursor", "9999-12-31T23:59:59-02:00_1"),
        ("cursor", "1899-12-31T23:59:59Z_1"),
        ("from", "0001-01-01"),
        ("from", "9998-12-31T23:59:59Z"),
        ("until", "9999-12-31T23:59:59-02:00"),
        ("sort", "place"),
    ],
)
def test_a_wrong_parameter_is_an_error_that_names_it(client: Client, parameter: str, wrong: str) -> None:
    assert problem(client, "/x/events/upcoming/", 400, **{parameter: wrong})["errors"][0]["field"] == parameter
    assert not PluginFault.objects.exists()


@pytest.mark.parametrize("parameter", ["from", "until", "cursor"])
def test_an_offset_that_only_python_knows_is_a_time_as_any_other(client: Client, parameter: str) -> None:
    make_event("Травень", "2027-05-02T18:00:00+03:00")
    moment = "2027-05-02T23:59:00+23:59"

    found = upcoming(client, **{parameter: f"{moment}_1" if parameter == "cursor" else moment})

    assert found == ([] if parameter == "until" else ["Травень"])
    assert not PluginFault.objects.exists()


def test_the_past_is_left_unread(client: Client) -> None:
    make_event("Подія", soon(1))

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = going_on_after(timezone.now()).order_by().explain()

    assert "events_last_known" in plan


def test_the_list_takes_two_queries_for_any_number_of_events(client: Client, django_assert_num_queries: Any) -> None:
    make_event("Подія", soon(1))
    upcoming(client)  # the states of plugins are read once a second
    with django_assert_num_queries(2):
        assert len(upcoming(client)) == 1
    for number in range(19):
        make_event(f"Подія {number}", soon(1))
    with django_assert_num_queries(2):
        assert len(upcoming(client)) == 20


def test_an_answer_that_a_frontend_has_is_not_sent_again(client: Client) -> None:
    make_event("Подія", soon(1))
    first = client.get("/api/v1/x/events/upcoming/")

    again = client.get("/api/v1/x/events/upcoming/", headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, again.status_code) == (200, 304)
    assert "content" in first["Cache-Tag"]


# --- lists, details ---------------------------------------------------------------------------------------------


def test_the_list_of_content_is_narrowed_by_when_an_event_starts(client: Client) -> None:
    make_event("Травень", "2027-05-01T18:00:00+03:00")
    make_event("Червень", "2027-06-01T18:00:00+03:00")
    make_article("Стаття")

    assert headlines(client, starts_after="2027-05-02") == ["Червень"]
    assert headlines(client, starts_before="2027-05-02") == ["Травень"]
    assert headlines(client, type="event", starts_after="2027-05-01T15:00:00Z", starts_before="2027-06-01") == [
        "Травень"
    ]
    assert headlines(client, type="article", starts_after="2027-05-01") == []
    problem(client, "/content/", 400, starts_after="tomorrow")


def test_the_place_and_the_organiser_are_searched(client: Client) -> None:
    make_event(place_name="Будинок культури", organizer="Міська бібліотека", price="сто гривень")

    for words in ("будинок", "бібліотека", "гривень"):
        assert headlines(client, q=words) == ["Вечір поезії"], words


def test_a_draft_of_another_day_stays_a_draft(client: Client) -> None:
    page = make_event("Подія", soon(1))
    draft = type(page).objects.get(pk=page.pk)
    draft.starts_at = soon(50)
    draft.save_revision()

    assert upcoming(client, until=soon(2).isoformat()) == ["Подія"]


# --- structured data --------------------------------------------------------------------------------------------


def json_ld(client: Client, **fields: Any) -> dict[str, Any]:
    return shown(client, make_event(**fields))["json_ld"]


def test_search_engines_get_an_event(client: Client) -> None:
    document = json_ld(
        client,
        ends_at="2027-05-14T20:30:00+03:00",
        lede="Читають троє",
        place_name="Порт",
        address="вул. Портова, 5",
        latitude="46.482526",
        longitude="30.723309",
        organizer="Бібліотека",
        organizer_url="https://library.example/",
        is_free=True,
        registration_url="https://library.example/reg",
    )

    assert document.pop("url").endswith("/vechir-poezii/")
    assert document == {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": "Вечір поезії",
        "description": "Читають троє",
        "inLanguage": "uk",
        "startDate": "2027-05-14T18:30:00+03:00",
        "endDate": "2027-05-14T20:30:00+03:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {
            "@type": "Place",
            "name": "Порт",
            "address": "вул. Портова, 5",
            "geo": {"@type": "GeoCoordinates", "latitude": 46.482526, "longitude": 30.723309},
        },
        "organizer": {"@type": "Organization", "name": "Бібліотека", "url": "https://library.example/"},
        "isAccessibleForFree": True,
        "offers": {"@type": "Offer", "url": "https://library.example/reg"},
    }


def test_the_offset_is_that_of_the_day(client: Client) -> None:
    """The clocks go forward on 28 March 2027 and back on 31 October 2027."""
    night = json_ld(client, starts_at="2027-03-28T02:30:00+02:00", ends_at="2027-03-28T04:30:00+03:00")

    assert (night["startDate"], night["endDate"]) == ("2027-03-28T02:30:00+02:00", "2027-03-28T04:30:00+03:00")


def test_whole_days_are_dates_for_search_engines(client: Client) -> None:
    fair = json_ld(client, starts_at="2027-03-27T12:00:00+02:00", ends_at="2027-03-28T12:00:00+03:00", all_day=True)

    assert (fair["startDate"], fair["endDate"]) == ("2027-03-27", "2027-03-28")


@pytest.mark.parametrize(
    ("fields", "status", "mode", "kinds"),
    [
        ({"status": "cancelled", "place_name": "Порт"}, "EventCancelled", "Offline", ["Place"]),
        ({"status": "postponed", "place_name": "Порт"}, "EventPostponed", "Offline", ["Place"]),
        (
            {"status": "moved_online", "place_name": "Порт", "online_url": "https://meet.example/1"},
            "EventMovedOnline",
            "Online",
            ["VirtualLocation"],
        ),
        ({"online_url": "https://meet.example/1"}, "EventScheduled", "Online", ["VirtualLocation"]),
        (
            {"place_name": "Порт", "online_url": "https://meet.example/1"},
            "EventScheduled",
            "Mixed",
            ["Place", "VirtualLocation"],
        ),
    ],
)
def test_search_engines_are_told_whether_and_where_it_takes_place(
    client: Client, fields: dict[str, Any], status: str, mode: str, kinds: list[str]
) -> None:
    document = json_ld(client, **fields)

    assert document["eventStatus"] == f"https://schema.org/{status}"
    assert document["eventAttendanceMode"] == f"https://schema.org/{mode}EventAttendanceMode"
    location = document["location"]
    assert [each["@type"] for each in (location if isinstance(location, list) else [location])] == kinds


# --- blocks and mail --------------------------------------------------------------------------------------------


def test_a_text_tells_the_frontend_where_to_ask_for_what_comes(client: Client) -> None:
    make_event("Подія", soon(1))
    make_event("Друга", soon(2))
    article = make_article("Стаття", body=body(("events_upcoming", {"heading": "Куди піти", "limit": 1})))

    value = shown(client, article)["body"][0]["value"]

    assert (value["heading"], value["limit"]) == ("Куди піти", 1)
    found = client.get(value["list_url"]).json()
    assert [each["headline"] for each in found["results"]] == ["Подія"]


def test_a_newsletter_has_what_comes_when_it_is_made(client: Client) -> None:
    value = plugin_blocks()["events_upcoming"].declared.block.to_python({"heading": "Куди піти", "limit": 2})
    assert block_in_mail("events_upcoming", value, "uk") is None

    pages = [make_event(f"Подія {day}", soon(day)) for day in (3, 1, 2)]
    restrict(pages[1])
    part = block_in_mail("events_upcoming", value, "uk")

    assert part is not None
    assert (part.heading, part.page_ids) == ("Куди піти", (pages[2].pk, pages[0].pk))
    assert block_in_mail("events_upcoming", value, "en") is None


@pytest.mark.parametrize(
    ("fields", "language", "note"),
    [
        ({"place_name": "Порт"}, "uk", "14 травня 2027, 18:30 · Порт"),
        ({"ends_at": "2027-05-14T20:30:00+03:00"}, "ru", "14 мая 2027, 18:30–20:30"),
        ({"ends_at": "2027-05-15T01:00:00+03:00"}, "en", "14 May 2027, 18:30 — 15 May 2027, 01:00"),
        ({"all_day": True}, "uk", "14 травня 2027"),
        ({"all_day": True, "ends_at": "2027-05-16T01:00:00+03:00"}, "uk", "14 травня 2027 — 16 травня 2027"),
        ({"status": "cancelled", "address": "Портова, 5"}, "uk", "Скасовано · 14 травня 2027, 18:30 · Портова, 5"),
    ],
)
def test_a_newsletter_says_when_and_where(client: Client, fields: dict[str, Any], language: str, note: str) -> None:
    make_event(**fields)
    (teaser,) = api(client, "/content/", type="event")["results"]

    found = teaser_in_mail(teaser, language)

    assert found is not None
    assert found.note == note


def test_the_schema_describes_events_and_their_list(client: Client) -> None:
    schema = json.loads(client.get("/api/v1/schema/", headers={"Accept": "application/json"}).content)

    detail = schema["components"]["schemas"]["EventDetail"]
    assert {"starts_at", "registration_url"} <= set(detail["properties"])
    assert detail["properties"]["starts_on"]["format"] == "date"
    listed = {each["name"] for each in schema["paths"]["/api/v1/x/events/upcoming/"]["get"]["parameters"]}
    assert listed == {"locale", "from", "until", "page_size", "cursor"}
    assert {"starts_after", "starts_before"} <= {
        each["name"] for each in schema["paths"]["/api/v1/content/"]["get"]["parameters"]
    }


def test_the_demo_has_something_to_come_in_every_language(client: Client) -> None:
    call_command("import", Path(calendar.__file__).with_name("demo.jsonl"), stdout=StringIO())

    for locale in ("uk", "ru", "en"):
        assert upcoming(client, locale=locale, **{"from": "2026-12-01"})
    (fair,) = api(client, "/content/", type="event", tag="yarmarok")["results"]
    assert (fair["starts_on"], fair["ends_on"]) == ("2027-04-24", "2027-04-25")
