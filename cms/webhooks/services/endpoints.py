"""What is done to an endpoint: begin, pause, resume, rotate, try."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cms.content.outbox import record
from cms.webhooks import events, signing
from cms.webhooks.models import Endpoint, Secret
from cms.webhooks.services.queueing import store
from cms.webhooks.source import change_log

#: For how long the earlier secret signs too after a rotation, if nothing else is asked for.
OVERLAP = timedelta(hours=24)


def wake() -> None:
    """Ask the workers to look, when the transaction commits."""
    record("webhooks.wanted")


@transaction.atomic
def begin(endpoint: Endpoint) -> Secret:
    """Store a new endpoint with its first secret. It is told what changes from now on."""
    endpoint.position, endpoint.position_mark = change_log().end()
    endpoint.save()
    return signing.new_secret(endpoint)


@transaction.atomic
def pause(endpoint_id: int, reason: str) -> None:
    """Send this endpoint nothing more. Its place in the log stays, and its open deliveries wait."""
    changed = Endpoint.objects.filter(pk=endpoint_id, state=Endpoint.State.ACTIVE).update(
        state=Endpoint.State.PAUSED, reason=reason
    )
    if changed and reason != Endpoint.Reason.BY_HAND:
        record("webhooks.paused", endpoint=endpoint_id, reason=str(reason))


@transaction.atomic
def resume(endpoint_id: int) -> None:
    """Send again: first what waits, then what has changed meanwhile."""
    endpoint = Endpoint.objects.select_for_update().get(pk=endpoint_id)
    endpoint.state, endpoint.reason = Endpoint.State.ACTIVE, Endpoint.Reason.NONE
    endpoint.failures, endpoint.failing_since, endpoint.rests_until = 0, None, None
    endpoint.save(update_fields=["state", "reason", "failures", "failing_since", "rests_until"])
    endpoint.deliveries.filter(state="pending").update(next_attempt_at=timezone.now())
    wake()


@transaction.atomic
def rotate(endpoint_id: int, overlap: timedelta = OVERLAP) -> Secret:
    """Give an endpoint another secret. The one before signs too until the overlap has passed; older ones end now."""
    endpoint = Endpoint.objects.select_for_update().get(pk=endpoint_id)
    now = timezone.now()
    for place, secret in enumerate(signing.valid_secrets(endpoint)):
        secret.expires_at = now + overlap if place == 0 else now
        secret.save(update_fields=["expires_at"])
    return signing.new_secret(endpoint)


@transaction.atomic
def reveal(endpoint_id: int) -> str | None:
    """The newest secret in words, once; None if it has been shown."""
    secret = Secret.objects.select_for_update().filter(endpoint=endpoint_id).order_by("-pk").first()
    if secret is None or secret.shown_at is not None:
        return None
    words = signing.written(secret)
    secret.shown_at = timezone.now()
    secret.save(update_fields=["shown_at"])
    return words


@transaction.atomic
def send_ping(endpoint_id: int) -> str:
    """Make a trial delivery, also for a paused endpoint. Returns its event id."""
    event = events.ping(endpoint_id)
    store(Endpoint.objects.get(pk=endpoint_id), [event])
    wake()
    return event.id
