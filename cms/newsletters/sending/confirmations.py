"""Sends the messages that ask for a confirmation. Each is a row that is due until it is sent."""

import logging
import time
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from cms.content.locks import alone
from cms.newsletters.links import confirmation_url
from cms.newsletters.models import ConfirmationMail, Subscription
from cms.newsletters.rendering import RenderingError, render_note
from cms.newsletters.sending.claims import CONFIRMATIONS, SESSION
from cms.newsletters.sending.letters import compose
from cms.newsletters.sending.sender import FIRST_PAUSE, LONGEST_PAUSE
from cms.newsletters.sending.smtp import OutcomeUnknown, Refused, SmtpSession
from cms.newsletters.texts import texts
from cms.newsletters.tokens import CONFIRMATION_LIFETIME

logger = logging.getLogger(__name__)

#: A message is tried this often; after each attempt the next is this much later than the one before.
MAX_ATTEMPTS = 6
PAUSE = timedelta(minutes=1)


def has_due_confirmations() -> bool:
    """Whether a worker would find one to send."""
    return ConfirmationMail.objects.filter(due_at__lte=timezone.now()).exists()


def send_due_confirmations(limit: int = 200, seconds: float = 10.0) -> int:
    """Send what is due, for about this long. Returns how many were sent; nothing is, while another one sends.

    The attempt is counted and the row put off before the message goes out. So a crash can send the same question
    twice, which does no harm, and never more often than the attempts allow. An attempt that the mail server never
    answered is given back: an outage costs readers time and no message.
    """
    until = time.monotonic() + seconds
    sent = 0
    with alone(CONFIRMATIONS, SESSION) as mine, SmtpSession() as session:
        for _turn in range(limit if mine else 0):
            mail = _take() if time.monotonic() < until else None
            if mail is None:
                break
            try:
                sent += _send(mail, session)
            except _Unanswered:
                break
    return sent


class _Unanswered(Exception):
    """The mail server doesn't answer: whatever else is due would fare no better, and would hold up a worker."""


@transaction.atomic
def _take() -> ConfirmationMail | None:
    mail = (
        ConfirmationMail.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("subscription__subscriber", "subscription__newsletter")
        .filter(due_at__lte=timezone.now())
        .order_by("due_at")
        .first()
    )
    if mail is None:
        return None
    subscription = mail.subscription
    if subscription.state != Subscription.State.PENDING or subscription.round != mail.round:
        mail.due_at = None
        mail.save(update_fields=["due_at"])
        return _take()
    mail.attempts += 1
    mail.due_at = timezone.now() + PAUSE * 2**mail.attempts if mail.attempts < MAX_ATTEMPTS else None
    mail.save(update_fields=["attempts", "due_at"])
    return mail


def _send(mail: ConfirmationMail, session: SmtpSession) -> bool:
    newsletter = mail.subscription.newsletter
    row = ConfirmationMail.objects.filter(pk=mail.pk)
    try:
        session.hand_over(newsletter.from_email, mail.subscription.subscriber.email, _letter(mail), begin=lambda: True)
    except (ValueError, RenderingError) as error:  # an address or a name that can't be in a message
        logger.exception("Confirmation %s can't be made into a message", mail.pk)
        row.update(error=str(error)[:2000])
        return False
    except OutcomeUnknown as error:
        row.update(error=str(error)[:2000])
        raise _Unanswered from error
    except Refused as error:
        if error.unusable or not error.code:
            _give_back(mail, error)
            if not error.sender:
                raise _Unanswered from error
        elif error.permanent:
            row.update(error=str(error)[:2000], due_at=None)
        else:
            row.update(error=str(error)[:2000])
        return False
    row.update(sent_at=timezone.now(), due_at=None, error="")
    return True


def _give_back(mail: ConfirmationMail, refusal: Refused) -> None:
    """Nothing was said about this message, so it was not tried. If nobody could be written to, all of them wait.

    They wait as long as deliveries do: half a minute, then always as long as they have waited so far, up to an hour.
    """
    ConfirmationMail.objects.filter(pk=mail.pk).update(
        attempts=mail.attempts - 1, due_at=_next(mail.requested_at), error=str(refusal)[:2000]
    )
    if not refusal.unusable:
        return
    others = ConfirmationMail.objects.filter(due_at__lte=timezone.now())
    if refusal.sender:  # our address is refused, which says nothing about newsletters that have another
        others = others.filter(subscription__newsletter__from_email=mail.subscription.newsletter.from_email)
    waiting = list(others.only("requested_at", "due_at"))
    for each in waiting:
        each.due_at = _next(each.requested_at)
    ConfirmationMail.objects.bulk_update(waiting, ["due_at"], batch_size=500)


def _next(requested_at: datetime) -> datetime | None:
    """When to try again what was asked for then; None if that is too long ago to ask."""
    waited = timezone.now() - requested_at
    if waited > CONFIRMATION_LIFETIME:
        return None
    return timezone.now() + min(max(waited, FIRST_PAUSE), LONGEST_PAUSE)


def _letter(mail: ConfirmationMail) -> bytes:
    newsletter, words = mail.subscription.newsletter, texts(mail.locale)
    message = render_note(
        newsletter,
        mail.locale,
        subject=words.confirm_subject.format(newsletter=newsletter.name),
        lines=[
            words.confirm_lead.format(newsletter=newsletter.name),
            words.confirm_hint.format(days=CONFIRMATION_LIFETIME.days),
        ],
        action=words.confirm_action,
        url=confirmation_url(mail.pk),
    )
    return compose(
        message,
        to=mail.subscription.subscriber.email,
        from_name=newsletter.from_name,
        from_email=newsletter.from_email,
        reply_to=newsletter.reply_to,
        headers={
            "Message-ID": f"<confirm.{mail.pk}.{mail.requested_at:%Y%m%d%H%M%S}"
            f"@{newsletter.from_email.rpartition('@')[2]}>",
            # RFC 3834: an answering machine doesn't answer this.
            "Auto-Submitted": "auto-generated",
        },
    )
