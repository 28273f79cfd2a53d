"""From "send this edition" to a frozen message and a frozen audience; and the end of it."""

import logging
from datetime import datetime

from django.db import Error as DatabaseError
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.content.outbox import record
from cms.newsletters.models import Delivery, Dispatch, EditionPage, Newsletter, Subscription
from cms.newsletters.rendering import RenderingError, render_edition

logger = logging.getLogger(__name__)

State = Dispatch.State
#: States of a message that somebody has, or may have.
GONE = [Delivery.State.SENDING, Delivery.State.SENT, Delivery.State.UNCERTAIN]


class DispatchRefused(Exception):
    """This edition can't be sent, or this delivery can't be changed; says why."""


def audience_size(newsletter: Newsletter) -> int:
    """How many people would get an edition that is sent now."""
    return Subscription.objects.filter(newsletter=newsletter, state=Subscription.State.CONFIRMED).count()


def warnings_for(edition: EditionPage) -> list[str]:
    """What stands in the way of sending this edition, in words for an editor. Empty if nothing does."""
    found = []
    if Dispatch.objects.filter(edition=edition).exclude(state=State.CANCELLED).exists():
        found.append(_("This edition has been sent, or is about to be. An edition is sent once."))
    if not edition.live:
        found.append(_("This edition is not published. Publish it first: the message links to its web version."))
    if not len(edition.content) and not edition.lede:
        found.append(_("This edition is empty."))
    if not audience_size(edition.newsletter):
        found.append(_("Nobody is subscribed to “%s” yet.") % edition.newsletter)
    return found


@transaction.atomic
def schedule_dispatch(edition: EditionPage, when: datetime | None = None, by=None) -> Dispatch:
    """Have this edition sent at this moment (aware), or at once. It is frozen when it starts, not before.

    ``by`` is the user who asked. Raises DispatchRefused.
    """
    # The row is locked so that two editors who press the button at once get one dispatch and one clear sentence.
    EditionPage.objects.select_for_update(of=("self",)).get(pk=edition.pk)
    edition = EditionPage.objects.select_related("newsletter__locale").get(pk=edition.pk)
    if found := warnings_for(edition):
        raise DispatchRefused(found[0])
    try:
        render_edition(edition)  # what can't be made into a message is said to the editor, not to a worker's log
    except RenderingError as error:
        raise DispatchRefused(_("This edition can't be made into a message: %s") % error) from error
    dispatch = Dispatch.objects.create(
        edition=edition,
        newsletter=edition.newsletter,
        subject=edition.title,
        scheduled_at=when or timezone.now(),
        requested_by=by,
    )
    record("edition.dispatched", dispatch=dispatch.pk)
    return dispatch


def start_due_dispatches() -> list[int]:
    """Freeze every dispatch whose moment has come. Returns their ids. Several workers may call this at once.

    One that can't be frozen is cancelled with a note and holds up no other. A fault of the database is no fault of
    the edition's: it is raised, and the next call tries again.
    """
    due = Dispatch.objects.filter(state=State.SCHEDULED, scheduled_at__lte=timezone.now())
    started = []
    for pk in due.values_list("pk", flat=True):
        try:
            if freeze(pk):
                started.append(pk)
        except DatabaseError:
            raise
        except Exception as error:
            logger.exception("Dispatch %s can't be started", pk)
            _give_up(pk, _("This edition can't be made into a message: %s") % error)
    return started


@transaction.atomic
def _give_up(dispatch_id: int, why: str) -> None:
    dispatch = Dispatch.objects.select_for_update().filter(pk=dispatch_id, state=State.SCHEDULED).first()
    if dispatch is not None:
        _cancel(dispatch, why)


@transaction.atomic
def freeze(dispatch_id: int) -> bool:
    """Start a dispatch: keep its message and its audience as they are now. Returns whether this call started it."""
    dispatch = (
        Dispatch.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("newsletter__locale")
        .filter(pk=dispatch_id, state=State.SCHEDULED)
        .first()
    )
    if dispatch is None:
        return False
    edition = EditionPage.objects.filter(pk=dispatch.edition_id, live=True).first()
    if edition is None:
        _cancel(dispatch, _("The edition was no longer published when its moment came."))
        return False
    message = render_edition(edition)
    newsletter = dispatch.newsletter
    dispatch.revision = edition.live_revision
    dispatch.subject, dispatch.html, dispatch.text = message.subject, message.html, message.text
    dispatch.from_name, dispatch.from_email = newsletter.from_name, newsletter.from_email
    dispatch.reply_to, dispatch.list_id = newsletter.reply_to, list_id_of(newsletter)
    dispatch.state, dispatch.started_at = State.SENDING, timezone.now()
    dispatch.save()
    _freeze_audience(dispatch)
    return True


def list_id_of(newsletter: Newsletter) -> str:
    """The name by which mail programs file this newsletter (RFC 2919)."""
    domain = newsletter.from_email.rpartition("@")[2]
    return f"{newsletter.slug}-{newsletter.locale.language_code}.newsletters.{domain}"


def _freeze_audience(dispatch: Dispatch) -> None:
    """One statement, one moment: whoever is confirmed now gets it, whoever comes later gets the next one."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO newsletters_delivery
                (dispatch_id, subscriber_id, subscription_id, email, state, attempts, next_attempt_at,
                 message_id, response)
            SELECT %s, subscriber.id, subscription.id, subscriber.email, 'pending', 0, statement_timestamp(), '', ''
              FROM newsletters_subscription subscription
              JOIN newsletters_subscriber subscriber ON subscriber.id = subscription.subscriber_id
             WHERE subscription.newsletter_id = %s AND subscription.state = 'confirmed'
             ORDER BY subscription.id
            ON CONFLICT DO NOTHING
            """,
            [dispatch.pk, dispatch.newsletter_id],
        )


@transaction.atomic
def cancel_dispatch(dispatch_id: int, why: str = "") -> None:
    """Stop a dispatch: what hasn't been handed over to the mail server yet is not sent. Raises DispatchRefused."""
    dispatch = Dispatch.objects.select_for_update().get(pk=dispatch_id)
    if dispatch.state not in {State.SCHEDULED, State.SENDING}:
        raise DispatchRefused(_("This dispatch is over; nothing of it can be stopped."))
    _skip_rest(dispatch)
    # Asked after the rest was taken away, so that no message can slip through between question and answer.
    if dispatch.deliveries.filter(state__in=GONE).exists():
        # It has gone to some, so the edition counts as sent: nobody must get it a second time.
        # A message that is being handed over right now is settled by its answer, and tried once more by nobody:
        # its claim is older than the end of its dispatch (see ``is_stopped``).
        dispatch.note = why or _("Stopped by an editor before everybody had it.")
        dispatch.state, dispatch.finished_at = State.SENT, timezone.now()
        dispatch.started_at = dispatch.started_at or dispatch.finished_at
        dispatch.save(update_fields=["note", "state", "started_at", "finished_at"])
        return
    _cancel(dispatch, why)


def is_stopped(delivery: Delivery) -> bool:
    """Whether the dispatch of this message, which is being handed over, ended while it was.

    Only an editor's stop ends a dispatch under a sender's hands. To be asked in a transaction, before the delivery
    is changed: the dispatch is locked, so that a stop comes either before this or after, and then finds the change.
    A message that an editor sends again after the end was claimed after the end.
    """
    dispatch = Dispatch.objects.select_for_update().only("finished_at").get(pk=delivery.dispatch_id)
    if dispatch.finished_at is None or delivery.state != Delivery.State.SENDING:
        return False
    return delivery.claimed_at is not None and delivery.claimed_at < dispatch.finished_at


def _skip_rest(dispatch: Dispatch) -> None:
    dispatch.deliveries.filter(state__in=[Delivery.State.PENDING, Delivery.State.CLAIMED]).update(
        state=Delivery.State.SKIPPED, settled_at=timezone.now()
    )


def _cancel(dispatch: Dispatch, why: str) -> None:
    dispatch.state, dispatch.finished_at, dispatch.note = State.CANCELLED, timezone.now(), why
    dispatch.save(update_fields=["state", "finished_at", "note"])


def finish_dispatches() -> int:
    """Close every dispatch of which nothing is left to do. Returns how many."""
    open_deliveries = Delivery.objects.filter(dispatch=OuterRef("pk"), state__in=Delivery.OPEN)
    return (
        Dispatch.objects.filter(state=State.SENDING)
        .filter(~Exists(open_deliveries))
        .update(state=State.SENT, finished_at=timezone.now())
    )


def settle_uncertain(delivery_id: int) -> None:
    """An editor knows that this uncertain message arrived. Raises DispatchRefused."""
    changed = Delivery.objects.filter(pk=delivery_id, state=Delivery.State.UNCERTAIN).update(
        state=Delivery.State.SENT, settled_at=timezone.now(), response=_("Marked as delivered by an editor.")
    )
    if not changed:
        raise DispatchRefused(_("This delivery is not uncertain (any more)."))


@transaction.atomic
def resend_delivery(delivery_id: int) -> None:
    """An editor decides to send an uncertain or failed message once more. Raises DispatchRefused.

    It keeps its Message-ID, so a mailbox that got the first one can tell that this is the same.
    """
    delivery = (
        Delivery.objects.select_for_update(of=("self",)).select_related("subscription", "dispatch").get(pk=delivery_id)
    )
    if delivery.dispatch.state == State.CANCELLED:
        raise DispatchRefused(_("This dispatch was cancelled; send the edition itself again."))
    if delivery.state not in {Delivery.State.UNCERTAIN, Delivery.State.FAILED}:
        raise DispatchRefused(_("Only an uncertain or a failed message can be sent again."))
    subscription = delivery.subscription
    if subscription is None or subscription.state != Subscription.State.CONFIRMED:
        raise DispatchRefused(_("This person is no longer subscribed."))
    delivery.state = Delivery.State.PENDING
    delivery.attempts, delivery.next_attempt_at = 0, timezone.now()
    delivery.claimed_by = delivery.settled_at = delivery.claimed_at = None
    delivery.save()
    record("edition.dispatched", dispatch=delivery.dispatch_id)
