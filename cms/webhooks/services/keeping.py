"""How long the ledger is kept."""

from datetime import timedelta

from django.utils import timezone

from cms.webhooks.models import Delivery, Secret

KEEP = timedelta(days=30)


def forget_old() -> int:
    """Delete deliveries settled long ago, with their attempts, and secrets that sign no more. Returns how many rows."""
    long_ago = timezone.now() - KEEP
    deliveries, _by_model = Delivery.objects.filter(settled_at__lt=long_ago).delete()
    secrets, _by_model = Secret.objects.filter(expires_at__lt=long_ago).delete()
    return deliveries + secrets
