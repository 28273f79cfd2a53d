"""The two small pages behind the links in mails.

A GET changes nothing: mail scanners open every link before the reader does. The token in the address is the secret
that a CSRF token would be, so the forms carry none; one could not be checked anyway, as RFC 8058 posts come from
the mailbox provider and the browser is told to send no Referer.
"""

import base64
import hashlib
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language_from_request
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cms.newsletters import services, tokens
from cms.newsletters.addresses import masked
from cms.newsletters.models import ConfirmationMail, Subscription
from cms.newsletters.rendering.parts import newsroom_name
from cms.newsletters.texts import texts

_STYLE = render_to_string("newsletters/page.css")
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "private, no-store",
}


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_subscription(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, and on POST confirm."""
    try:
        mail_id = tokens.read_confirmation_token(token)
        mail = ConfirmationMail.objects.select_related("subscription__subscriber", "subscription__newsletter").get(
            pk=mail_id
        )
    except tokens.ExpiredToken:
        return _problem(request, "expired", HTTPStatus.GONE)
    except (tokens.BadToken, ConfirmationMail.DoesNotExist):
        return _problem(request, "invalid", HTTPStatus.BAD_REQUEST)
    if request.method != "POST":
        return _page(mail.locale, mail.subscription, "confirm_title", "confirm_question", action="confirm_action")
    outcome = services.confirm(mail_id)
    if outcome is services.Confirmed.SUPERSEDED:
        return _page(mail.locale, mail.subscription, "superseded_title", "superseded", status=HTTPStatus.GONE)
    return _page(mail.locale, mail.subscription, "confirmed_title", "confirmed")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_reader(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, and on POST unsubscribe at once: from the button here, or from a mailbox's own (RFC 8058)."""
    try:
        ending = tokens.read_unsubscribe_token(token)
        subscription = Subscription.objects.select_related("subscriber", "newsletter").get(pk=ending.subscription_id)
    except (tokens.BadToken, Subscription.DoesNotExist):
        return _problem(request, "invalid", HTTPStatus.BAD_REQUEST)
    language = subscription.subscriber.locale
    if request.method == "POST":
        services.unsubscribe(subscription.pk)
        return _page(language, subscription, "unsubscribed_title", "unsubscribed")
    if subscription.state not in {Subscription.State.CONFIRMED, Subscription.State.PENDING}:
        return _page(language, subscription, "unsubscribed_title", "unsubscribed")
    return _page(language, subscription, "unsubscribe_title", "unsubscribe_question", action="unsubscribe")


def _page(
    language: str,
    subscription: Subscription,
    title: str,
    text: str,
    *,
    action: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    words = vars(texts(language))
    named = {"newsletter": subscription.newsletter.name, "email": masked(subscription.subscriber.email)}
    return _respond(
        {
            "language": language,
            "title": words[title],
            "text": words[text].format(**named),
            "action": words.get(action, ""),
        },
        status,
    )


def _problem(request: HttpRequest, name: str, status: int) -> HttpResponse:
    """A link that names nobody: the language is the browser's."""
    language = get_language_from_request(request)
    words = vars(texts(language))
    return _respond({"language": language, "title": words[f"{name}_title"], "text": words[name]}, status)


def _respond(context: dict[str, Any], status: int) -> HttpResponse:
    language = context["language"]
    html = render_to_string(
        "newsletters/page.html",
        {
            **context,
            "style": _STYLE,
            "newsroom": newsroom_name(language),
            "home_url": f"{settings.FRONTEND_URL}/{language}/",
        },
    )
    return HttpResponse(html, status=status, headers=_HEADERS)
