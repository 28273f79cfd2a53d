"""A gateway without a bank behind it: its checkout asks how the payment should end, and reports that."""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext_noop as _

from cms.contract import (
    Change,
    Checkout,
    DonationIntent,
    Gateway,
    LedgerChange,
    SignatureError,
    VerifiedEvent,
    check_signature,
    check_time,
)
from plugins.sandbox import conf

SIGNATURE_HEADER = "sandbox-signature"
_SALT = "ostriv.sandbox"

#: What the events of this provider mean. "authorized" is one of those that every provider has and no ledger needs.
CHANGES = {
    "payment.succeeded": Change.PAYMENT,
    "payment.refunded": Change.REFUND,
    "payment.declined": Change.DECLINED,
    "checkout.expired": Change.EXPIRED,
}


class SandboxGateway(Gateway):
    label = "sandbox"
    name = _("Sandbox (no money moves)")

    def available(self) -> bool:
        return conf.may_be_used()

    def create_checkout(self, donation: DonationIntent, *, return_url: str, webhook_url: str) -> Checkout:
        reference = f"sbx_{donation.id.replace('-', '')}"
        token = signing.dumps(
            {
                "reference": reference,
                "donation": donation.id,
                "amount": donation.amount,
                "currency": donation.currency,
                "campaign": donation.campaign[:120],
                "locale": donation.locale,
                "return_url": return_url,
                "webhook_url": webhook_url,
            },
            salt=_SALT,
            compress=True,
        )
        return Checkout(url=f"{settings.BASE_URL}/api/v1/x/sandbox/checkout/{token}/", reference=reference)

    def verify(self, headers: Mapping[str, str], raw_body: bytes) -> list[VerifiedEvent]:
        if not conf.may_be_used():
            raise SignatureError("The sandbox may not be used here.")
        signed_at, signature = _read_signature(headers.get(SIGNATURE_HEADER, ""))
        check_signature(signature_of(signed_at, raw_body), signature)
        check_time(signed_at)
        return [VerifiedEvent(event_id=event["id"], data=event) for event in json.loads(raw_body)["events"]]

    def parse(self, event: VerifiedEvent) -> LedgerChange | None:
        kind = CHANGES.get(event.data["type"])
        if kind is None:
            return None
        return LedgerChange(
            kind=kind,
            external_id=event.data["movement"],
            reference=event.data["donation"],
            amount=event.data["amount"],
            currency=event.data["currency"],
            occurred_at=datetime.fromtimestamp(event.data["at"], UTC),
        )


def open_token(token: str) -> dict[str, Any] | None:
    """What a checkout is about; None for a token that is not ours."""
    try:
        content: dict[str, Any] = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return content


def signature_of(signed_at: int, raw_body: bytes) -> str:
    """HMAC-SHA256 over the time and the raw body, under a key of our own derived from SECRET_KEY."""
    key = hmac.digest(settings.SECRET_KEY.encode(), b"ostriv.sandbox.webhook", "sha256")
    return hmac.new(key, f"{signed_at}.".encode() + raw_body, hashlib.sha256).hexdigest()


def signed_headers(raw_body: bytes, *, signed_at: int | None = None) -> dict[str, str]:
    """The headers of a webhook with this body."""
    moment = int(time.time()) if signed_at is None else signed_at
    return {
        "Content-Type": "application/json",
        "Sandbox-Signature": f"t={moment},v1={signature_of(moment, raw_body)}",
    }


def _read_signature(header: str) -> tuple[int, str]:
    parts = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    if not parts.get("t", "").isdigit() or not parts.get("v1", "").isascii():
        raise SignatureError("There is no readable Sandbox-Signature header.")
    return int(parts["t"]), parts.get("v1", "")


gateways = [SandboxGateway()]
