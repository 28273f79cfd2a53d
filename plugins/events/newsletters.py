"""Events in a newsletter: when and where stand above the headline."""

from datetime import date, datetime
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cms.contract import MailTeaser
from plugins.events.times import local


def _teaser(teaser: dict[str, Any], language: str) -> MailTeaser:
    with translation.override(language):
        place = (teaser["place"] or {}).get("name") or (teaser["place"] or {}).get("address", "")
        note = " · ".join(filter(None, [_state(teaser["event_status"]), when(teaser), place]))
    return MailTeaser(headline=teaser["headline"], lede=teaser["lede"], url=teaser["url"], note=note)


def when(teaser: dict[str, Any]) -> str:
    """The time of an event in the words of the active language: ``14 January 2026, 16:30``."""
    if teaser["all_day"]:
        first, last = (date.fromisoformat(teaser[key]) for key in ("starts_on", "ends_on"))
        return _day(first) if first == last else f"{_day(first)} — {_day(last)}"
    starts = local(datetime.fromisoformat(teaser["starts_at"]))
    if not teaser["ends_at"]:
        return f"{_day(starts)}, {starts:%H:%M}"
    ends = local(datetime.fromisoformat(teaser["ends_at"]))
    if starts.date() == ends.date():
        return f"{_day(starts)}, {starts:%H:%M}–{ends:%H:%M}"
    return f"{_day(starts)}, {starts:%H:%M} — {_day(ends)}, {ends:%H:%M}"


def _day(day: date) -> str:
    return date_format(day, "j E Y")


def _state(status: str) -> str:
    """What must be said first of an event that is not as it was announced."""
    states = {"cancelled": _("Cancelled"), "postponed": _("Postponed"), "moved_online": _("Moved online")}
    return states.get(status, "")


teasers = {"event": _teaser}
