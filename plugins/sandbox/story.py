"""What the sandbox reports for each way a payment can end, and how untidily.

Real providers send webhooks twice and let them overtake each other. The sandbox does so too, on purpose, and always
in the same way for the same checkout: two bits of the SHA-256 of its reference decide.

=====  =====================================
bits   the events arrive
=====  =====================================
0      in order, once
1      in order, each one twice
2      in reverse order, once
3      in reverse order, each one twice
=====  =====================================
"""

import hashlib
from typing import Any

#: The events of each decision, in the order in which they would happen.
STORIES = {
    "pay": ["payment.authorized", "payment.succeeded"],
    "later": ["payment.authorized", "payment.succeeded"],
    "decline": ["payment.authorized", "payment.declined"],
    "refund": ["payment.authorized", "payment.succeeded", "payment.refunded"],
}


def untidiness(reference: str) -> int:
    """0 to 3: which line of the table above."""
    return hashlib.sha256(reference.encode()).digest()[0] % 4


def events_for(decision: str, checkout: dict[str, Any], at: int) -> list[dict[str, Any]]:
    """The events to send, one webhook each, in the order in which to send them. ``at``: seconds since the epoch."""
    reference = checkout["reference"]
    events = [
        {
            "id": f"evt_{reference}_{kind}",
            "type": kind,
            "movement": f"{'re' if kind == 'payment.refunded' else 'ch'}_{reference}",
            "reference": reference,
            "donation": checkout["donation"],
            "amount": checkout["amount"],
            "currency": checkout["currency"],
            "at": at + second,
        }
        for second, kind in enumerate(STORIES[decision])
    ]
    bits = untidiness(reference)
    if bits & 2:
        events.reverse()
    if bits & 1:
        events = [event for event in events for _delivery in range(2)]
    return events
