"""Which public events come next. The table says when they are; what is published says which of them are public."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from cms.contract import plugin_settings, teasers_for
from plugins.events.models import LAST_KNOWN, EventPage
from plugins.events.plugin import EventSettings
from plugins.events.times import day_of, first_moment

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
    begun = moment - timedelta(hours=plugin_settings(EventSettings).hours)
    midnight = first_moment(day_of(moment))
    not_over = (
        Q(all_day=False, ends_at__gt=moment)
        | Q(all_day=False, ends_at=None, starts_at__gt=begun)
        | Q(all_day=True, last_known__gte=midnight)
    )
    # What the index knows comes first: it leaves the past unread, all of which the rest would look at.
    events = EventPage.objects.alias(last_known=LAST_KNOWN).filter(last_known__gte=min(begun, midnight))
    return events.filter(not_over, live=True).order_by("starts_at", "pk")


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
