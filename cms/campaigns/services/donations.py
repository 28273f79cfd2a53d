"""Donations: an intent is written down first, then the gateway opens a checkout for it."""

import hashlib
import json
import logging
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode, urlsplit, urlunsplit
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from cms.campaigns.gateways import DonationIntent, Gateway, GatewayError, available_gateways, contained
from cms.campaigns.models.campaign import Campaign, State
from cms.campaigns.models.donation import Donation
from cms.campaigns.money import LEAST, MOST, to_major
from cms.campaigns.services.ledger import settle
from cms.campaigns.statuses import Status

logger = logging.getLogger(__name__)

#: A checkout nobody came back from is called expired after this long. A payment that comes later is still taken.
EXPIRES_AFTER = timedelta(days=2)
#: No gateway takes this long to open a checkout: what has none by then was cut short, and may be tried again.
CUT_SHORT_AFTER = timedelta(minutes=1)


class DonationRefusedError(Exception):
    """The donation can't be made. ``reason`` is one of: not_running, no_gateway, gateway_failed, in_progress."""

    def __init__(self, reason: str, message: str, donation_id: UUID | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.donation_id = donation_id


class InvalidDonationError(ValueError):
    """What the donor sent can't be taken; ``errors`` has a sentence for each field."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {message}" for field, message in errors.items()))
        self.errors = errors


class IdempotencyError(Exception):
    """The Idempotency-Key was used for another donation."""


@dataclass(frozen=True)
class NewDonation:
    """A donation that waits for its donor at ``checkout_url``."""

    id: UUID
    status: str
    checkout_url: str


def create_donation(
    campaign_id: int,
    *,
    amount: int,
    currency: str,
    return_url: str,
    gateway: str = "",
    name: str = "",
    email: str = "",
    message: str = "",
    anonymous: bool = False,
    locale: str = "",
    title: str = "",
    idempotency_key: str = "",
) -> NewDonation:
    """Write the intent down and open a checkout. ``amount`` in minor units.

    With an ``idempotency_key`` a repeated call answers what the first one did; if that was cut short before there was
    a checkout, or the checkout expired, one is opened for the same donation. ``return_url`` must have been checked
    (:func:`allowed_return_url`); it gets ``?donation=<id>`` added. Raises InvalidDonationError, DonationRefusedError,
    IdempotencyError.
    """
    campaign = Campaign.objects.get(pk=campaign_id)
    request = [amount, currency, return_url, gateway, name, email, message, anonymous, locale]
    request_hash = hashlib.sha256(json.dumps(request).encode()).hexdigest()
    title = title or campaign.title
    if idempotency_key and (earlier := _earlier(campaign, idempotency_key)):
        return _again(earlier, request_hash, return_url, title)

    _check_running(campaign)
    chosen = _choose_gateway(campaign, gateway)
    _check_amount(campaign, amount, currency)
    donation = Donation(
        campaign=campaign,
        amount=amount,
        currency=currency,
        gateway=chosen.label,
        name=name.strip(),
        email=email,
        message=message.strip(),
        anonymous=anonymous,
        locale=locale,
        idempotency_key=idempotency_key,
        request_hash=request_hash,
    )
    try:
        with transaction.atomic():
            donation.save(force_insert=True)
    except IntegrityError:
        earlier = _earlier(campaign, idempotency_key) if idempotency_key else None
        if earlier is None:
            raise
        return _again(earlier, request_hash, return_url, title)
    return _open_checkout(donation, chosen, return_url, title)


def _open_checkout(donation: Donation, gateway: Gateway, return_url: str, title: str) -> NewDonation:
    """Ask the gateway, outside any transaction of ours: it may take its time."""
    intent = DonationIntent(
        id=str(donation.pk),
        amount=donation.amount,
        currency=donation.currency,
        campaign=title,
        locale=donation.locale,
        email=donation.email,
    )
    try:
        checkout = contained(
            gateway,
            gateway.create_checkout,
            intent,
            return_url=with_donation(return_url, donation.pk),
            webhook_url=f"{settings.BASE_URL}/api/v1/gateways/{gateway.label}/webhook/",
        )
        if urlsplit(checkout.url).scheme not in ("http", "https"):
            raise GatewayError(f"Gateway {gateway.label!r} gave a checkout without a web address.")
    except GatewayError as error:
        logger.warning("Donation %s: no checkout: %s", donation.pk, error)
        with transaction.atomic():
            kept = Donation.objects.select_for_update().get(pk=donation.pk)
            kept.failed_at = timezone.now()
            settle(kept)
        raise DonationRefusedError(
            "gateway_failed", "The payment provider does not answer. Please try again in a minute.", donation.pk
        ) from error
    # By update: a webhook may have settled the donation in the meantime.
    Donation.objects.filter(pk=donation.pk).update(checkout_url=checkout.url, reference=checkout.reference[:255])
    return NewDonation(id=donation.pk, status=Status.PENDING, checkout_url=checkout.url)


def _earlier(campaign: Campaign, idempotency_key: str) -> Donation | None:
    return Donation.objects.filter(campaign=campaign, idempotency_key=idempotency_key).first()


def _again(earlier: Donation, request_hash: str, return_url: str, title: str) -> NewDonation:
    if earlier.request_hash != request_hash:
        raise IdempotencyError("This Idempotency-Key was used for a donation with other values.")
    if _is_to_be_reopened(earlier):
        _check_running(earlier.campaign)
        gateway = _choose_gateway(earlier.campaign, earlier.gateway)
        claimed = _claim(earlier.pk)
        if claimed is not None:
            return _open_checkout(claimed, gateway, return_url, title)
        earlier.refresh_from_db()
    return _answer(earlier)


def _is_to_be_reopened(donation: Donation) -> bool:
    """Whether a donor who comes back would find no checkout: the process died before it was there, or it expired."""
    if donation.status not in (Status.PENDING, Status.EXPIRED) or donation.failed_at:
        return False
    now, asked = timezone.now(), donation.asked_at or donation.created_at
    if donation.expired_at is not None and donation.checkout_url:
        return asked < donation.expired_at or asked < now - EXPIRES_AFTER
    return asked < now - CUT_SHORT_AFTER and not donation.checkout_url


def _claim(donation_id: UUID) -> Donation | None:
    """Take a donation for a second try; None if somebody else did. Short, as the gateway is asked outside of it."""
    with transaction.atomic():
        donation = Donation.objects.select_for_update().get(pk=donation_id)
        if not _is_to_be_reopened(donation):
            return None
        donation.asked_at, donation.checkout_url = timezone.now(), ""
        donation.save(update_fields=["asked_at", "checkout_url"])
        return donation


def _answer(earlier: Donation) -> NewDonation:
    if not earlier.checkout_url:
        if earlier.failed_at:
            raise DonationRefusedError(
                "gateway_failed", "The payment provider did not answer. Try again with a new key.", earlier.pk
            )
        raise DonationRefusedError("in_progress", "This donation is being made right now. Ask again soon.", earlier.pk)
    return NewDonation(id=earlier.pk, status=earlier.status, checkout_url=earlier.checkout_url)


def _check_running(campaign: Campaign) -> None:
    state = campaign.state
    if state == State.ENDED:
        raise DonationRefusedError("not_running", "This campaign has ended.")
    if state == State.UPCOMING:
        raise DonationRefusedError("not_running", "This campaign has not begun yet.")


def _check_amount(campaign: Campaign, amount: int, currency: str) -> None:
    if currency != campaign.currency:
        raise InvalidDonationError({"currency": f"This campaign takes {campaign.currency}."})
    least, most = LEAST[currency], MOST[currency]
    if not least <= amount <= most:
        raise InvalidDonationError(
            {
                "amount": f"A donation is between {to_major(least)} and {to_major(most)} {currency}, that is between "
                f"{least} and {most} in minor units."
            }
        )


def gateways_of(campaign_gateways: list[str], currency: str) -> dict[str, Gateway]:
    """The gateways that take money for a campaign with these allowed gateways (none named: all)."""
    available = available_gateways(currency)
    if not campaign_gateways:
        return available
    return {label: gateway for label, gateway in available.items() if label in campaign_gateways}


def _choose_gateway(campaign: Campaign, wanted: str) -> Gateway:
    gateways = gateways_of(campaign.gateways, campaign.currency)
    if not gateways:
        raise DonationRefusedError("no_gateway", "No way to pay is switched on for this campaign.")
    if not wanted:
        return next(iter(gateways.values()))
    if wanted not in gateways:
        raise InvalidDonationError({"gateway": f"This campaign is paid through: {', '.join(gateways)}."})
    return gateways[wanted]


def allowed_return_url(url: str) -> bool:
    """Whether a donor may be sent back there: this installation, its frontend, or a site that may call the API.

    With ``OSTRIV_CORS_ORIGINS=*`` no third site is named, so none is allowed.
    """
    try:
        parts = urlsplit(url)
        origin = (parts.scheme, parts.hostname, parts.port)
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or parts.username or parts.password or "\\" in url:
        return False
    sites = [settings.BASE_URL, settings.FRONTEND_URL, *settings.CORS_ALLOWED_ORIGINS]
    return origin in {(site.scheme, site.hostname, site.port) for site in map(urlsplit, sites)}


def with_donation(url: str, donation_id: UUID) -> str:
    """``url`` with ``donation=<id>`` in its query, and its fragment kept."""
    parts = urlsplit(url)
    query = "&".join(filter(None, [parts.query, urlencode({"donation": str(donation_id)})]))
    return urlunsplit(parts._replace(query=query))


def donation_status(donation_id: UUID) -> Donation | None:
    """A donation by its id, with its campaign."""
    return Donation.objects.select_related("campaign").filter(pk=donation_id).first()


def expire_old(limit: int = 500) -> int:
    """Call pending donations that nobody came back from expired. Returns how many."""
    now = timezone.now()
    with transaction.atomic():
        old = (
            Donation.objects.select_for_update(skip_locked=True)
            .filter(status=Status.PENDING, created_at__lt=now - EXPIRES_AFTER)
            .exclude(asked_at__gte=now - EXPIRES_AFTER)
            .order_by("created_at")[:limit]
        )
        for donation in old:
            donation.expired_at = now
            settle(donation)
        return len(old)
