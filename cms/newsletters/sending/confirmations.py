"""Sends the messages that ask for a confirmation. Each is a row that is due until it is sent."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cms.newsletters.links import confirmation_url
from cms.newsletters.models import ConfirmationMail, Subscription
from cms.newsletters.rendering import render_note
from cms.newsletters.sending.letters import compose
from cms.newsletters.sending.smtp import OutcomeUnknown, Refused, SmtpSession
from cms.newsletters.texts import texts
from cms.newsletters.tokens import CONFIRMATION_LIFETIME

#: A message is tried this often; after each attempt the next is this much later than the one before.
MAX_ATTEMPTS = 6
PAUSE = timedelta(minutes=1)


def has_due_confirmations() -> bool:
    """Whether a worker would find one to send."""
    return ConfirmationMail.objects.filter(due_at__lte=timezone.now()).exists()


def send_due_confirmations(limit: int = 200) -> int:
    """Send what is due. Returns how many were sent. Several workers may call this at once.

    The attempt is counted and the row put off before the message goes out. So a crash can send the same question
    twice, which does no harm, and never more often than the attempts allow.
    """
    sent = 0
    with SmtpSession() as session:
        for _turn in range(limit):
            mail = _take()
            if mail is None:
                break
            sent += _send(mail, session)
    return sent


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
    try:
        session.hand_over(newsletter.from_email, mail.subscription.subscriber.email, _letter(mail), begin=lambda: True)
    except (Refused, OutcomeUnknown) as error:
        final = isinstance(error, Refused) and error.permanent
        ConfirmationMail.objects.filter(pk=mail.pk).update(
            error=str(error)[:2000], due_at=None if final else F("due_at")
        )
        return False
    ConfirmationMail.objects.filter(pk=mail.pk).update(sent_at=timezone.now(), due_at=None, error="")
    return True


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
