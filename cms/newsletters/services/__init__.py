"""What can be done with newsletters. Views, tasks and commands call these and decide nothing themselves.

Handing messages to a mail server is ``cms.newsletters.sending``, which rests on these.
"""

from cms.newsletters.services.dispatching import (
    DispatchRefused,
    audience_size,
    cancel_dispatch,
    finish_dispatches,
    freeze,
    resend_delivery,
    schedule_dispatch,
    settle_uncertain,
    start_due_dispatches,
    warnings_for,
)
from cms.newsletters.services.erasure import erase_subscriber
from cms.newsletters.services.subscriptions import (
    Confirmed,
    add_confirmed_subscriber,
    confirm,
    find_newsletter,
    subscribe,
    unsubscribe,
)

__all__ = [
    "Confirmed",
    "DispatchRefused",
    "add_confirmed_subscriber",
    "audience_size",
    "cancel_dispatch",
    "confirm",
    "erase_subscriber",
    "find_newsletter",
    "finish_dispatches",
    "freeze",
    "resend_delivery",
    "schedule_dispatch",
    "settle_uncertain",
    "start_due_dispatches",
    "subscribe",
    "unsubscribe",
    "warnings_for",
]
