"""Subscribing, confirming and unsubscribing: the state machine of a subscription."""

import enum
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from cms.content.outbox import record
from cms.newsletters.addresses import normalise_address
from cms.newsletters.models import ConfirmationMail, Delivery, Newsletter, Subscriber, Subscription
from cms.newsletters.texts import FALLBACK, LANGUAGES

State = Subscription.State

#: Confirmation messages to one address in a day: for one newsletter, and for all of them.
MAILS_A_DAY = 3
MAILS_A_DAY_IN_ALL = 8


class Confirmed(enum.Enum):
    """What came of a confirmation link."""

    DONE = "done"
    ALREADY = "already"
    SUPERSEDED = "superseded"


def find_newsletter(slug: str, locale: str = "") -> Newsletter | None:
    """The open newsletter with this slug: in this language if there is one, else in any, the newsroom's first."""
    found = list(Newsletter.objects.filter(slug=slug, active=True).select_related("locale").order_by("pk"))
    preferred = [locale, settings.LANGUAGE_CODE]
    found.sort(key=lambda each: (*preferred, each.locale.language_code).index(each.locale.language_code))
    return found[0] if found else None


@transaction.atomic
def subscribe(
    newsletter: Newsletter, email: str, *, name: str = "", locale: str = "", source: str = "", client: str = ""
) -> None:
    """Ask this address whether it wants the newsletter. Nothing that the caller can see depends on its state.

    ``client`` is the network address that asked; only a keyed hash of it is kept. Name and language become the
    subscriber's when the subscription is confirmed, so that nobody can change them for somebody else.

    Raises InvalidAddress.
    """
    address = normalise_address(email)
    language = locale if locale in LANGUAGES else newsletter.locale.language_code
    subscriber = _subscriber_for(address, language)
    subscription, _created = Subscription.objects.select_for_update().get_or_create(
        newsletter=newsletter, subscriber=subscriber, defaults={"source": source[:120]}
    )
    if subscription.state in {State.CONFIRMED, State.SUPPRESSED}:
        return
    if not _may_mail(subscription):
        return
    if subscription.state == State.UNSUBSCRIBED:
        subscription.state = State.PENDING
        subscription.round += 1
        subscription.requested_at = timezone.now()
        subscription.confirmed_at = subscription.ended_at = None
        subscription.source = source[:120]
        subscription.save()
    mail = ConfirmationMail.objects.create(
        subscription=subscription,
        round=subscription.round,
        locale=language if language in LANGUAGES else FALLBACK,
        name=_one_line(name)[:120],
        source=source[:120],
        client=salted_hmac("newsletters.client", client, algorithm="sha256").hexdigest() if client else "",
    )
    record("subscription.requested", confirmation=mail.pk)


def _subscriber_for(address: str, language: str) -> Subscriber:
    # Locked, so that two requests at once count each other's messages.
    existing = Subscriber.objects.select_for_update().filter(email__iexact=address).first()
    if existing:
        return existing
    Subscriber.objects.bulk_create([Subscriber(email=address, locale=language)], ignore_conflicts=True)
    return Subscriber.objects.select_for_update().get(email__iexact=address)


def _may_mail(subscription: Subscription) -> bool:
    recent = ConfirmationMail.objects.filter(
        subscription__subscriber=subscription.subscriber, requested_at__gt=timezone.now() - timedelta(days=1)
    )
    by_subscription = list(recent.values_list("subscription_id", flat=True))
    return by_subscription.count(subscription.pk) < MAILS_A_DAY and len(by_subscription) < MAILS_A_DAY_IN_ALL


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


@transaction.atomic
def confirm(confirmation_id: int) -> Confirmed:
    """The person behind the address says yes. Safe to repeat.

    An older round's link confirms nothing: whoever unsubscribed stays unsubscribed. Raises
    ConfirmationMail.DoesNotExist.
    """
    mail = ConfirmationMail.objects.get(pk=confirmation_id)
    subscription = Subscription.objects.select_for_update().get(pk=mail.subscription_id)
    if subscription.round != mail.round or subscription.state in {State.UNSUBSCRIBED, State.SUPPRESSED}:
        return Confirmed.SUPERSEDED
    if subscription.state == State.CONFIRMED:
        return Confirmed.ALREADY
    now = timezone.now()
    subscription.state = State.CONFIRMED
    subscription.confirmed_at = now
    subscription.consent = {
        "requested_at": mail.requested_at.isoformat(),
        "confirmed_at": now.isoformat(),
        "source": mail.source,
        "client": mail.client,
        "confirmation_mail": mail.pk,
    }
    subscription.save()
    subscriber = Subscriber.objects.filter(pk=subscription.subscriber_id)
    subscriber.update(locale=mail.locale, **({"name": mail.name} if mail.name else {}))
    # What is still due to this address asks a question that has been answered.
    ConfirmationMail.objects.filter(subscription=subscription, due_at__isnull=False).update(due_at=None)
    return Confirmed.DONE


@transaction.atomic
def unsubscribe(subscription_id: int) -> bool:
    """End a subscription at once, and stop what is on its way. Safe to repeat.

    Returns whether this call ended it. Raises Subscription.DoesNotExist.
    """
    subscription = Subscription.objects.select_for_update().get(pk=subscription_id)
    _stop_deliveries(subscription, "Unsubscribed before the message was sent.")
    ConfirmationMail.objects.filter(subscription=subscription, due_at__isnull=False).update(due_at=None)
    if subscription.state in {State.UNSUBSCRIBED, State.SUPPRESSED}:
        return False
    subscription.state = State.UNSUBSCRIBED
    subscription.ended_at = timezone.now()
    subscription.save(update_fields=["state", "ended_at"])
    return True


def suppress(subscriber_id: int) -> int:
    """Stop mailing a subscriber whose address doesn't take mail. Returns how many subscriptions that ended."""
    ended = Subscription.objects.filter(Q(state=State.CONFIRMED) | Q(state=State.PENDING), subscriber=subscriber_id)
    return ended.update(state=State.SUPPRESSED, ended_at=timezone.now())


def _stop_deliveries(subscription: Subscription, why: str) -> None:
    """A claimed message has not been handed over yet: taking it away here takes it from its sender too."""
    Delivery.objects.filter(
        state__in=[Delivery.State.PENDING, Delivery.State.CLAIMED],
        subscriber_id=subscription.subscriber_id,
        dispatch__newsletter_id=subscription.newsletter_id,
    ).update(state=Delivery.State.SKIPPED, settled_at=timezone.now(), response=why)


@transaction.atomic
def add_confirmed_subscriber(
    newsletter: Newsletter, email: str, *, name: str = "", locale: str = "", source: str
) -> Subscription:
    """Add somebody whose consent is known from elsewhere (``source`` says from where), without asking again.

    Whoever unsubscribed or is suppressed stays so: an old list can't bring anybody back. Raises InvalidAddress.
    """
    language = locale if locale in LANGUAGES else newsletter.locale.language_code
    subscriber = _subscriber_for(normalise_address(email), language)
    if name and not subscriber.name:
        subscriber.name = _one_line(name)[:120]
        subscriber.save(update_fields=["name"])
    now = timezone.now()
    subscription, _created = Subscription.objects.select_for_update().get_or_create(
        newsletter=newsletter, subscriber=subscriber, defaults={"source": source[:120]}
    )
    if subscription.state == State.PENDING:
        subscription.state = State.CONFIRMED
        subscription.confirmed_at = now
        subscription.consent = {"source": source, "recorded_at": now.isoformat()}
        subscription.save()
    return subscription
