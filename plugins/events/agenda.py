"""Which public events come next. The table says when they are; what is published says which of them are public."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import DateField, F, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from cms.contract import plugin_settings, teasers_for
from plugins.events.models import EventPage
from plugins.events.plugin import EventSettings
from plugins.events.times import day_of, zone

Place = tuple[datetime, int]
#: Read beyond what is asked for, so that one reading does where some live events are private.
_SPARE = 20


@dataclass(frozen=True)
class Agenda:
    """Teasers of events, the soonest first, and the place to go on from (None at the end)."""

    teasers: list[dict[str, Any]]
    next: Place | None


def going_on_after(moment: datetime) -> QuerySet[EventPage]:
    """Live events that are not over at this moment, the soonest first."""
    hours = timedelta(hours=plugin_settings(EventSettings).hours)
    last_day = TruncDate(Coalesce("ends_at", "starts_at"), tzinfo=zone(), output_field=DateField())
    events = EventPage.objects.filter(live=True).annotate(
        over_at=Coalesce("ends_at", F("starts_at") + hours), last_day=last_day
    )
    not_over = Q(all_day=False, over_at__gt=moment) | Q(all_day=True, last_day__gte=day_of(moment))
    return events.filter(not_over).order_by("starts_at", "pk")


def agenda(
    *,
    locale: str,
    size: int,
    start: datetime | None = None,
    until: datetime | None = None,
    after: Place | None = None,
) -> Agenda:
    """``size`` public events in this language that are not over at ``start`` (now) and begin before ``until``.

    Two queries, unless very many live events are private.
    """
    events = going_on_after(start or timezone.now()).filter(locale__language_code=locale)
    if until:
        events = events.filter(starts_at__lt=until)
    portion, found = size + 1 + _SPARE, []
    while True:
        rows = list(_beyond(events, after).values_list("starts_at", "pk")[:portion])
        public = teasers_for([pk for _starts_at, pk in rows])
        found += [(place, public[place[1]]) for place in rows if place[1] in public]
        if len(found) > size or len(rows) < portion:
            break
        after = rows[-1]
    page = found[:size]
    return Agenda([teaser for _place, teaser in page], page[-1][0] if len(found) > size else None)


def _beyond(events: QuerySet[EventPage], place: Place | None) -> QuerySet[EventPage]:
    if place is None:
        return events
    starts_at, pk = place
    return events.filter(Q(starts_at__gt=starts_at) | Q(starts_at=starts_at, pk__gt=pk))
