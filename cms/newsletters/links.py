"""Addresses that stand in mails: on this installation and not on the readers' site, as they must answer a POST."""

from django.conf import settings

from cms.newsletters.tokens import confirmation_token, unsubscribe_token


def confirmation_url(confirmation_id: int) -> str:
    """The page that asks whether the subscription is wanted."""
    return f"{settings.BASE_URL}/newsletters/confirm/{confirmation_token(confirmation_id)}/"


def unsubscribe_url(subscription_id: int, delivery_id: int = 0) -> str:
    """The page, and the one-click address of RFC 8058, that ends a subscription."""
    return f"{settings.BASE_URL}/newsletters/unsubscribe/{unsubscribe_token(subscription_id, delivery_id)}/"
