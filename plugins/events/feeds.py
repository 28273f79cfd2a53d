"""Calendars that a reader's calendar program subscribes to."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from rest_framework.exceptions import ValidationError

from api.contract import parameters, published, published_details, respond_with
from cms.contract import plugin_settings
from plugins.events.agenda import going_on_after
from plugins.events.calendar import CONTENT_TYPE, calendar
from plugins.events.models import CALENDAR
from plugins.events.plugin import EventSettings

#: Events in one calendar at most, the soonest of those that come.
MOST = 500
#: Seconds for which a cache may answer without asking.
FRESH = 60


@require_safe
def all_events(request: HttpRequest) -> HttpResponse:
    """The coming events of one language, and those of the last weeks."""
    locale = _locale(request, parameters.DEFAULT_LOCALE) or parameters.DEFAULT_LOCALE
    since = timezone.now() - timedelta(days=plugin_settings(EventSettings).past_days)
    live = going_on_after(since).filter(locale__language_code=locale)
    ids = list(live.values_list("pk", flat=True)[:MOST])
    public = {each.page_id: each.detail for each in published_details(type="event", page_ids=ids, limit=MOST)}
    with translation.override(locale):
        name = _("%(newsroom)s: events") % {"newsroom": settings.WAGTAIL_SITE_NAME}
    return _answer(request, calendar([public[pk] for pk in ids if pk in public], name=name))


@require_safe
def one_event(request: HttpRequest, slug: str) -> HttpResponse:
    """One event, to be put into a calendar."""
    found = published(type="event", slug=slug, locale=_locale(request))
    if found is None:
        raise Http404("No such event is published.")
    return _answer(request, calendar([found.detail], name=found.detail["headline"]))


def _locale(request: HttpRequest, default: str | None = None) -> str | None:
    try:
        parameters.only(request.GET, {"locale"})
        return parameters.locale(request.GET, default)
    except ValidationError as error:
        raise BadRequest(str(error)) from error


def _answer(request: HttpRequest, body: bytes) -> HttpResponse:
    return respond_with(request, body, CONTENT_TYPE, tags=["content"], fresh=FRESH)


urlpatterns = [
    path(f"{CALENDAR}.ics", all_events, name="calendar"),
    path("<slug:slug>.ics", one_event, name="event"),
]
