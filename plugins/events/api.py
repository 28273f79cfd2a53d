"""What the API shows of an event, what it is found by, its structured data, and the list of coming events."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from api.contract import (
    DetailSerializer,
    MomentFilter,
    Problem,
    TeaserSerializer,
    absolute_url,
    parameters,
    respond,
    serializes,
    utc,
)
from plugins.events import structured  # noqa: F401  (importing it registers the structured data)
from plugins.events.agenda import Place, agenda
from plugins.events.models import EventPage
from plugins.events.times import day_of, is_countable


class EventPlaceShape(serializers.Serializer[Any]):
    """Where it is. Both coordinates (WGS 84, in degrees) or none."""

    name = serializers.CharField()
    address = serializers.CharField()
    latitude = serializers.FloatField(allow_null=True, min_value=-90, max_value=90)
    longitude = serializers.FloatField(allow_null=True, min_value=-180, max_value=180)


class EventOrganizerShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    url = serializers.URLField(allow_blank=True)


class EventCalendarShape(serializers.Serializer[Any]):
    """The event in iCalendar."""

    uid = serializers.CharField()
    sequence = serializers.IntegerField(min_value=0)
    url = serializers.URLField()


class _When(serializers.Serializer[EventPage]):
    """When and where: what a teaser and a detail have in common."""

    starts_at = serializers.DateTimeField(default_timezone=UTC)
    ends_at = serializers.DateTimeField(default_timezone=UTC, allow_null=True)
    all_day = serializers.BooleanField(help_text="Show the days and no hours")
    starts_on = serializers.SerializerMethodField(help_text="The first day, in the newsroom's time zone")
    ends_on = serializers.SerializerMethodField(help_text="The last day, in the newsroom's time zone")
    # Not “status”: donations have one, and the schema names a list of choices by its field.
    event_status = serializers.ChoiceField(choices=EventPage.Status.values, source="status")
    place = serializers.SerializerMethodField()

    @extend_schema_field(OpenApiTypes.DATE)
    def get_starts_on(self, page: EventPage) -> str:
        return day_of(page.starts_at).isoformat()

    @extend_schema_field(OpenApiTypes.DATE)
    def get_ends_on(self, page: EventPage) -> str:
        return day_of(page.ends_at or page.starts_at).isoformat()

    @extend_schema_field(EventPlaceShape(allow_null=True))
    def get_place(self, page: EventPage) -> dict[str, Any] | None:
        if not page.has_place:
            return None
        return {
            "name": page.place_name,
            "address": page.address,
            "latitude": None if page.latitude is None else float(page.latitude),
            "longitude": None if page.longitude is None else float(page.longitude),
        }


class EventTeaser(_When, TeaserSerializer):
    """The common teaser with when and where."""


class EventDetail(_When, DetailSerializer):
    """The common detail with when, where, by whom and for how much."""

    time_zone = serializers.SerializerMethodField(help_text="The newsroom's")
    online_url = serializers.URLField(allow_blank=True)
    organizer = serializers.SerializerMethodField()
    is_free = serializers.BooleanField()
    price = serializers.CharField(help_text="In words")
    registration_url = serializers.URLField(allow_blank=True)
    calendar = serializers.SerializerMethodField()

    def get_time_zone(self, page: EventPage) -> str:
        return settings.TIME_ZONE

    @extend_schema_field(EventOrganizerShape(allow_null=True))
    def get_organizer(self, page: EventPage) -> dict[str, str] | None:
        return {"name": page.organizer, "url": page.organizer_url} if page.organizer else None

    @extend_schema_field(EventCalendarShape)
    def get_calendar(self, page: EventPage) -> dict[str, Any]:
        language = page.locale.language_code
        return {
            # Of no address: it stays the same when the newsroom moves to another.
            "uid": f"{page.translation_key}-{language}",
            "sequence": _sequence(page),
            "url": absolute_url(f"/feeds/events/{page.slug}.ics?locale={language}"),
        }


def _sequence(page: EventPage) -> int:
    """Grows with every publication, as SEQUENCE must: the seconds from the first one to the last."""
    if not (page.first_published_at and page.last_published_at):
        return 0
    return max(0, int((page.last_published_at - page.first_published_at).total_seconds()))


serializes(EventPage, teaser=EventTeaser, detail=EventDetail)

filters = [
    MomentFilter(
        name="starts",
        model=EventPage,
        of=lambda page: page.starts_at,
        description="When an event starts",
    )
]


class EventList(serializers.Serializer[Any]):
    results = EventTeaser(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True, help_text="Always null: the list is read forward")


_PARAMETERS = [
    OpenApiParameter("locale", str, enum=parameters.LOCALES, description="The language; the newsroom's first one"),
    OpenApiParameter("from", OpenApiTypes.DATETIME, description="Not over at this moment; now if not given"),
    OpenApiParameter("until", OpenApiTypes.DATETIME, description="Begins before this moment"),
    OpenApiParameter("page_size", int, description=f"1 to {parameters.LARGEST_PAGE}"),
    OpenApiParameter("cursor", str, description="From `next`"),
]
_ERRORS = {
    (400, "application/problem+json"): OpenApiResponse(Problem, description="A parameter is not as it must be"),
}


class Upcoming(APIView):
    """Public events that are not over, the soonest first."""

    @extend_schema(operation_id="events_upcoming", parameters=_PARAMETERS, responses={200: EventList, **_ERRORS})
    def get(self, request: Request) -> HttpResponse:
        query = request.query_params
        parameters.only(query, {str(each.name) for each in _PARAMETERS})
        found = agenda(
            locale=parameters.locale(query) or parameters.DEFAULT_LOCALE,
            size=parameters.page_size(query),
            start=parameters.moment(query, "from"),
            until=parameters.moment(query, "until"),
            after=_cursor(query),
        )
        document = {"results": found.teasers, "next": _address(request, found.next), "previous": None}
        return respond(request, document, tags=["content"])


def _cursor(query: Any) -> Place | None:
    if not (value := query.get("cursor")):
        return None
    text, _, pk = value.rpartition("_")
    try:
        moment = datetime.fromisoformat(text)
        # In UTC, because PostgreSQL takes fewer offsets than Python.
        place = (moment.astimezone(UTC), int(pk)) if moment.tzinfo else None
    except (OverflowError, ValueError):
        place = None
    if place is None or not is_countable(place[0]) or not 0 < place[1] < 2**31:
        raise ValidationError({"cursor": "Not a cursor of this list. Take it from `next`."})
    return place


def _address(request: Request, place: Place | None) -> str | None:
    if place is None:
        return None
    query = {**dict(request.query_params.lists()), "cursor": f"{utc(place[0])}_{place[1]}"}
    return absolute_url(f"{request.path}?{urlencode(query, doseq=True)}")


urlpatterns = [path("upcoming/", Upcoming.as_view(), name="upcoming")]
