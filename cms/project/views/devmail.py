"""`/dev/mail/`: the mail that the development SMTP server kept. Only there while OSTRIV_DEV_MAIL is set."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from cms.project import mailbox

_SHOWN = 200
#: A mail may load pictures and use styles; scripts, forms and frames stay off, whatever it holds.
_MAIL_POLICY = "sandbox allow-popups; default-src 'none'; img-src * data:; style-src 'unsafe-inline'; font-src *"


def _folder() -> Path:
    if not settings.DEV_MAIL_DIR:
        raise Http404
    return Path(settings.DEV_MAIL_DIR)


def _message(message_id: str) -> mailbox.Kept:
    kept = mailbox.load(_folder(), message_id)
    if kept is None:
        raise Http404
    return kept


@never_cache
@require_safe
def messages(request: HttpRequest) -> HttpResponseBase:
    to = request.GET.get("to", "")
    found = [kept.summary() for kept in islice(mailbox.newest_first(_folder(), to=to), _SHOWN)]
    if request.GET.get("format") == "json":
        return JsonResponse({"results": found})
    return render(request, "project/mail_list.html", {"messages": found, "to": to, "shown": _SHOWN})


@never_cache
@require_safe
def message(request: HttpRequest, message_id: str) -> HttpResponseBase:
    document = _message(message_id).document()
    if request.GET.get("format") == "json":
        return JsonResponse(document)
    return render(request, "project/mail_message.html", {"message": document})


@never_cache
@xframe_options_sameorigin
@require_safe
def html_part(request: HttpRequest, message_id: str) -> HttpResponse:
    response = HttpResponse(_message(message_id).part("html"))
    response["Content-Security-Policy"] = _MAIL_POLICY
    return response


@never_cache
@require_safe
def source(request: HttpRequest, message_id: str) -> HttpResponse:
    return HttpResponse(_message(message_id).raw, content_type="text/plain; charset=utf-8")
