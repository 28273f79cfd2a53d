"""Events as iCalendar (RFC 5545), made of the documents that the API shows.

Times are in UTC, which holds across every change of the clocks; whole days are dates. There is no METHOD, so DTSTAMP
is when the newsroom last changed the event (RFC 5545, 3.8.7.2), and the same events make the same bytes.
"""

import logging
import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vGeo, vText

logger = logging.getLogger(__name__)

CONTENT_TYPE = "text/calendar; charset=utf-8"
#: How long a calendar program may wait before it asks again.
REFRESH = timedelta(hours=1)

_STATUSES = {"cancelled": "CANCELLED", "postponed": "TENTATIVE"}
#: What RFC 5545 allows in no text: control characters, but for the tab and the end of a line.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class _Point(vGeo):
    """A place with six decimals: RFC 5545, 3.8.1.6 knows no exponents, which small numbers get of themselves."""

    def to_ical(self) -> str:
        return f"{self.latitude:.6f};{self.longitude:.6f}"


def calendar(details: Iterable[dict[str, Any]], *, name: str) -> bytes:
    """A calendar of these events (each the detail document of one)."""
    made = Calendar()
    made.add("prodid", "-//Ostriv//Events 1.0//EN")
    made.add("version", "2.0")
    # The library escapes what it knows as text, and knows neither of these as such.
    title = vText(" ".join(_text(name).split()))
    made.add("name", title)
    made.add("x-wr-calname", title)
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for detail in details:
        try:
            made.add_component(_event(detail))
        except Exception:  # whatever one event holds, the others are wanted
            logger.exception("An event is left out of a calendar: %s", detail.get("url"))
    return made.to_ical()


def _event(detail: dict[str, Any]) -> Event:
    changed = _moment(detail["updated_at"])
    event = Event()
    event.add("uid", detail["calendar"]["uid"])
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", detail["calendar"]["sequence"])
    event.add("status", _STATUSES.get(detail["event_status"], "CONFIRMED"))
    _add_times(event, detail)
    event.add("summary", _text(detail["headline"]))
    event.add("description", _text(_description(detail)))
    event.add("url", detail["url"])
    if where := _where(detail):
        event.add("location", _text(where))
    place = detail["place"] or {}
    if place.get("latitude") is not None:
        event.add("geo", _Point((place["latitude"], place["longitude"])))
    if detail["organizer"]:
        event.add("contact", _text(detail["organizer"]["name"]))
    if keywords := [_text(keyword["name"]) for keyword in detail["keywords"]]:
        event.add("categories", keywords)
    return event


def _add_times(event: Event, detail: dict[str, Any]) -> None:
    if detail["all_day"]:
        event.add("dtstart", date.fromisoformat(detail["starts_on"]))
        # The end is the first day on which it is over.
        event.add("dtend", date.fromisoformat(detail["ends_on"]) + timedelta(days=1))
        return
    starts_at = _moment(detail["starts_at"])
    event.add("dtstart", starts_at)
    if detail["ends_at"] and (ends_at := _moment(detail["ends_at"])) > starts_at:
        event.add("dtend", ends_at)


def _where(detail: dict[str, Any]) -> str:
    place = detail["place"]
    if detail["event_status"] == "moved_online" or not place:
        return detail["online_url"]
    return ", ".join(filter(None, [place["name"], place["address"]])) or detail["online_url"]


def _description(detail: dict[str, Any]) -> str:
    """The lede, and what somebody needs who comes."""
    with translation.override(detail["locale"]):
        lines = [
            detail["lede"],
            _("Postponed; the new date is not known yet.") if detail["event_status"] == "postponed" else "",
            _("Online: %s") % detail["online_url"] if detail["online_url"] else "",
            _("Free of charge") if detail["is_free"] else "",
            _("Price: %s") % detail["price"] if detail["price"] else "",
            _("Tickets or registration: %s") % detail["registration_url"] if detail["registration_url"] else "",
            detail["url"],
        ]
    return "\n".join(filter(None, lines))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(microsecond=0)


def _text(value: str) -> str:
    return _CONTROL.sub(" ", value.replace("\r\n", "\n"))
