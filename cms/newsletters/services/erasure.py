"""Forgetting a person, as the law gives everybody the right to ask."""

from django.db import transaction
from django.utils import timezone

from cms.newsletters.models import Delivery, Subscriber


@transaction.atomic
def erase_subscriber(subscriber: Subscriber) -> None:
    """Delete a subscriber and every trace of the address; what was sent keeps its numbers."""
    deliveries = Delivery.objects.filter(subscriber=subscriber)
    deliveries.filter(state__in=[Delivery.State.PENDING, Delivery.State.CLAIMED]).update(
        state=Delivery.State.SKIPPED, settled_at=timezone.now()
    )
    deliveries.update(email="", response="")
    subscriber.delete()
