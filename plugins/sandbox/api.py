"""The checkout page, under the plugin's own prefix. It asks how the payment should end; it asks for no card."""

import secrets
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cms.contract import format_money
from plugins.sandbox import conf, tasks
from plugins.sandbox.gateways import open_token
from plugins.sandbox.story import STORIES
from plugins.sandbox.texts import TEXTS


# The token itself is the proof that the donor was sent here; there is no session that could be abused.
@csrf_exempt
@require_http_methods(["GET", "POST"])
def checkout(request: HttpRequest, token: str) -> HttpResponse:
    """Show the checkout, or take the decision and send the donor back."""
    content = open_token(token) if conf.may_be_used() else None
    if content is None:
        raise Http404("There is no such checkout.")
    if request.method == "GET":
        return _page(content)
    decision = request.POST.get("decision", "")
    if decision not in STORIES:
        return HttpResponseBadRequest(f"Decide: {', '.join(STORIES)}.")
    # Sent by a worker, as a provider would: the donor is back before or after the news, nobody knows.
    delay = conf.load().later_seconds if decision == "later" else 0
    tasks.report.apply_async((decision, content, tasks.now()), countdown=delay)
    return HttpResponseRedirect(content["return_url"], status=303)


def _page(content: dict[str, Any]) -> HttpResponse:
    locale = content["locale"] if content["locale"] in TEXTS else "uk"
    nonce = secrets.token_urlsafe(12)
    context = {
        "t": TEXTS[locale],
        "locale": locale,
        "checkout": content,
        "amount": format_money(content["amount"], content["currency"], locale),
        "nonce": nonce,
    }
    response = HttpResponse(render_to_string("sandbox/checkout.html", context))
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; frame-ancestors 'none'"
    )
    return response


urlpatterns = [path("checkout/<str:token>/", checkout, name="checkout")]
