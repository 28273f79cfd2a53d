"""Makes deliveries from the log of changes, for each endpoint from its own place in the log.

An endpoint has few open deliveries at a time: what an import or a long pause piles up stays in the log, and is folded
or told in one event when there is room. A paused endpoint costs nothing.
"""

from django.db import transaction

from cms.webhooks import events
from cms.webhooks.models import Delivery, Endpoint
from cms.webhooks.source import BEGINNING, Change, change_log

#: Open deliveries of one endpoint.
LARGEST_QUEUE = 200
#: Changes that wait for one endpoint before they are told in one event.
LARGEST_BACKLOG = 1000
#: Changes read at a time, and how often in one go.
_PORTION, _PORTIONS = 1000, 50


@transaction.atomic
def fill(endpoint_id: int) -> int:
    """Make the deliveries that an active endpoint has room for. Returns how many.

    The endpoint's place moves in the same transaction: whatever dies, a change is neither passed over nor told twice.
    """
    endpoint = Endpoint.objects.select_for_update().filter(pk=endpoint_id, state=Endpoint.State.ACTIVE).first()
    if endpoint is None:
        return 0
    room = LARGEST_QUEUE - endpoint.deliveries.filter(state__in=Delivery.OPEN).count()
    if room <= 0:
        return 0
    start = (endpoint.position, endpoint.position_mark)
    wanted, end, broken = _wanted(endpoint, start)
    if broken:  # what it was told since the backup is no longer so: it is to read everything
        made = [events.of_many(BEGINNING, end)]
    elif len(wanted) > LARGEST_BACKLOG:
        end = change_log().end()
        made = [events.of_many(start, end)]
    elif len(wanted) > room:
        chosen = _folded(wanted)[:room]
        end = chosen[-1].place
        made = [events.of_change(change) for change in chosen]
    else:
        made = [events.of_change(change) for change in wanted]
    store(endpoint, made)
    if end != start:
        endpoint.position, endpoint.position_mark = end
        endpoint.save(update_fields=["position", "position_mark"])
    return len(made)


def store(endpoint: Endpoint, made: list[events.Event]) -> None:
    """Make a delivery of each event."""
    Delivery.objects.bulk_create(
        [
            Delivery(endpoint=endpoint, event=event.id, kind=event.type, page_id=event.page_id, body=event.body)
            for event in made
        ],
        ignore_conflicts=True,
    )


def _wanted(endpoint: Endpoint, start: tuple[int, int]) -> tuple[list[Change], tuple[int, int], bool]:
    """The changes behind this place that the endpoint asked for, the place up to which these are all, and whether the
    log is another one than it was."""
    wanted: list[Change] = []
    end = start
    for _time in range(_PORTIONS):
        portion = change_log().after(end, _PORTION)
        wanted += [change for change in portion.changes if endpoint.wants(change.kind, change.type, change.locale)]
        end = portion.end
        if portion.broken:
            return [], end, True
        if not portion.has_more or len(wanted) > LARGEST_BACKLOG:
            break
    return wanted, end, False


def _folded(changes: list[Change]) -> list[Change]:
    """Of each page the last change only. Each stands where it stood, so a place in the log cuts them rightly."""
    last = {change.page_id: change.place for change in changes}
    return [change for change in changes if last[change.page_id] == change.place]
