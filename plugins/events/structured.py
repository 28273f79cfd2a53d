"""Structured data of an event: https://schema.org/Event,
https://developers.google.com/search/docs/appearance/structured-data/event"""

from typing import Any

from api.contract import structured_data
from plugins.events.models import EventPage
from plugins.events.times import day_of, local

JsonLd = dict[str, Any]
_STATUSES = {
    EventPage.Status.SCHEDULED: "EventScheduled",
    EventPage.Status.CANCELLED: "EventCancelled",
    EventPage.Status.POSTPONED: "EventPostponed",
    EventPage.Status.MOVED_ONLINE: "EventMovedOnline",
}


@structured_data(EventPage)
def event(page: EventPage, common: JsonLd) -> JsonLd:
    """The event itself: search engines show it as one, not as an article about it."""
    found: JsonLd = {
        "@context": common["@context"],
        "@type": "Event",
        "url": page.public_url,
        "name": page.title,
        "description": common["description"],
        "inLanguage": common["inLanguage"],
        "startDate": _start(page),
        "eventStatus": f"https://schema.org/{_STATUSES[EventPage.Status(page.status)]}",
        "eventAttendanceMode": f"https://schema.org/{_attendance(page)}",
    }
    if ends := _end(page):
        found["endDate"] = ends
    if locations := _locations(page):
        found["location"] = locations[0] if len(locations) == 1 else locations
    if page.organizer:
        found["organizer"] = {"@type": "Organization", "name": page.organizer}
        if page.organizer_url:
            found["organizer"]["url"] = page.organizer_url
    if page.is_free:
        found["isAccessibleForFree"] = True
    if page.registration_url:
        found["offers"] = {"@type": "Offer", "url": page.registration_url}
    return found


def _start(page: EventPage) -> str:
    """With the offset of the newsroom's town on that day; a date where no hours are shown."""
    return day_of(page.starts_at).isoformat() if page.all_day else local(page.starts_at).isoformat(timespec="seconds")


def _end(page: EventPage) -> str:
    if page.all_day:
        return day_of(page.ends_at or page.starts_at).isoformat()
    return local(page.ends_at).isoformat(timespec="seconds") if page.ends_at else ""


def _attendance(page: EventPage) -> str:
    if page.is_online_only:
        return "OnlineEventAttendanceMode"
    return "MixedEventAttendanceMode" if page.online_url else "OfflineEventAttendanceMode"


def _locations(page: EventPage) -> list[JsonLd]:
    locations: list[JsonLd] = []
    if page.has_place and not page.is_online_only:
        place: JsonLd = {"@type": "Place", "name": page.place_name or page.address}
        if page.address:
            place["address"] = page.address
        if page.latitude is not None:
            place["geo"] = {
                "@type": "GeoCoordinates",
                "latitude": float(page.latitude),
                "longitude": float(page.longitude),
            }
        locations.append(place)
    if page.online_url:
        locations.append({"@type": "VirtualLocation", "url": page.online_url})
    return locations
