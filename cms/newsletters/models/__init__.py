"""Models of the newsletters room; one module a subject."""

from cms.newsletters.models.audience import ConfirmationMail, Subscriber, Subscription
from cms.newsletters.models.edition import EditionPage
from cms.newsletters.models.ledger import Delivery, Dispatch
from cms.newsletters.models.newsletter import Newsletter

__all__ = [
    "ConfirmationMail",
    "Delivery",
    "Dispatch",
    "EditionPage",
    "Newsletter",
    "Subscriber",
    "Subscription",
]
