"""What the tests of events are made of. The models are imported inside: without the plugin there are none."""

from datetime import datetime
from typing import Any

from django.test import Client
from django.urls import reverse
from icalendar import Calendar
from icalendar import Event as CalendarEvent

from tests.support.content import at, front_of, make_page, page_form

FORM = {
    "starts_at": "2027-05-14 18:30",
    "ends_at": "2027-05-14 20:30",
    "status": "scheduled",
    "place_name": "Будинок культури",
    "address": "вул. Портова, 5; Осокорів",
    "latitude": "46.482526",
    "longitude": "30.723309",
    "online_url": "",
    "organizer": "Міська бібліотека",
    "organizer_url": "https://library.example/",
    "price": "100 гривень",
    "registration_url": "https://library.example/reg?a=1&b=2",
}


def stored() -> Any:
    """All events in the database."""
    from plugins.events.models import EventPage

    return EventPage.objects.all()


def form(title: str = "Вечір поезії", **fields: Any) -> dict[str, Any]:
    """What the browser sends for an event."""
    return page_form(title, **{**FORM, **fields})


def add(editor: Client, title: str = "Вечір поезії", **fields: Any) -> Any:
    """Save the form of a new event."""
    return editor.post(
        reverse("wagtailadmin_pages:add", args=["events", "eventpage", front_of().pk]), form(title, **fields)
    )


def edit(editor: Client, page: Any, **fields: Any) -> Any:
    """Save the form of an event that exists."""
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return editor.post(address, form(page.title, slug=page.slug, **fields))


def make_event(
    title: str = "Вечір поезії", starts_at: str | datetime = "2027-05-14T18:30:00+03:00", **fields: Any
) -> Any:
    """An event, published unless ``live`` is false."""
    moments = {"starts_at": starts_at, "ends_at": fields.pop("ends_at", None)}
    times = {name: at(value) if isinstance(value, str) else value for name, value in moments.items()}
    return make_page(stored().model, title, **times, **fields)


def feed(client: Client, path: str = "/feeds/events/calendar.ics", **parameters: Any) -> Calendar:
    """The calendar at an address, read by the library."""
    response = client.get(path, parameters)
    assert response.status_code == 200, response.content[:500]
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return read(response.content)


def read(body: bytes) -> Calendar:
    """A calendar from its bytes, which must keep to RFC 5545, 3.1."""
    assert body.endswith(b"END:VCALENDAR\r\n")
    lines = body.split(b"\r\n")
    assert not [line for line in lines if b"\n" in line or b"\r" in line]
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()  # no fold in the middle of a letter
    calendar = Calendar.from_ical(body)
    assert isinstance(calendar, Calendar)
    assert not calendar.errors
    assert not [event.errors for event in calendar.events if event.errors]
    return calendar


def summaries(calendar: Calendar) -> list[str]:
    return [str(event["SUMMARY"]) for event in calendar.events]


def only_event(calendar: Calendar) -> CalendarEvent:
    (event,) = calendar.events
    return event
