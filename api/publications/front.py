"""The front page: what is stored of it when it is published, and what stands there at a moment.

Stored are references with the moments between which they hold. Who reads puts them together with what is public then
in the front page's language (one that was copied to be translated still points to the originals): so an article, or
its translation, stands in its slot from the very second of its publication, and nobody writes the front page anew.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.publications import images
from api.publications.blocks import reference
from api.times import utc
from cms.content.models import FrontPage, FrontPin, FrontSlot

Document = dict[str, Any]
Teasers = Mapping[int, Mapping[str, Any]]

FRONT = "front"
#: Teasers of the list of what is new beside the slots.
LATEST = 20
#: As many more are read: those that open what stands there already are left out.
SPARE = 20


# --- stored when the front page is published ------------------------------------------------------------------


def stored(page: FrontPage) -> Document:
    """What the publication of this front page keeps: its slots and pins, as references with their moments."""
    return {
        "type": FRONT,
        "locale": page.locale.language_code,
        "path": page.public_path,
        "slots": [_stored_slot(slot) for slot in page.slots.all()],
        "pins": [_stored_pin(pin) for pin in page.pins.all()],
    }


def references_of(document: Document) -> list[int]:
    """The ids of all pages that a stored front page refers to."""
    entries = [*document["slots"], *document["pins"]]
    return sorted({pk for each in entries for pk in (each["$ref"], each.get("fallback")) if pk})


def _stored_slot(slot: FrontSlot) -> Document:
    overrides: Document = {"slot": {"size": slot.size}}
    if slot.headline:
        overrides["headline"] = slot.headline
    if slot.lede:
        overrides["lede"] = slot.lede
    if slot.image:
        overrides["image"] = images.describe(slot.image)
    return {
        **reference(slot.page_id),
        "with": overrides,
        "fallback": slot.fallback_id,
        **_moments(slot),
    }


def _stored_pin(pin: FrontPin) -> Document:
    return {**reference(pin.page_id), "position": pin.position, **_moments(pin)}


def _moments(timed: FrontSlot | FrontPin) -> Document:
    return {
        "from": utc(timed.shown_from) if timed.shown_from else None,
        "until": utc(timed.shown_until) if timed.shown_until else None,
    }


# --- put together when it is read -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Arrangement:
    """What editors have placed, as of one moment: teasers in their slots, and those pinned to places of the list.

    ``until`` is the next moment at which a slot or a pin begins or ends, ``since`` the last one.
    """

    slots: list[Document]
    pins: list[Document]
    since: datetime | None
    until: datetime | None

    @property
    def page_ids(self) -> list[int]:
        return [each["id"] for each in (*self.slots, *self.pins)]


def arrange(document: Document, teasers: Teasers, now: datetime) -> Arrangement:
    """The slots and pins of a stored front page that hold now, with what of them is public. Nothing stands twice.

    ``teasers`` are in its language, by the ids of the pages that it refers to.
    """
    entries = [*document["slots"], *document.get("pins", [])]
    shown = _Shown()
    slots: list[Document] = []
    for entry in _running(document["slots"], now):
        if teaser := _first_unseen(entry, teasers, shown):
            slots.append({**teaser, "slot": {"position": len(slots) + 1, **_size(entry)}})
    pins = [
        {**teaser, "pin": {"position": entry["position"], "until": entry["until"]}}
        for entry in sorted(_running(document.get("pins", []), now), key=lambda each: each["position"])
        if (teaser := _first_unseen(entry, teasers, shown))
    ]
    moments = _moments_of(entries)
    return Arrangement(
        slots,
        pins,
        since=max((moment for moment in moments if moment <= now), default=None),
        until=min((moment for moment in moments if moment > now), default=None),
    )


def with_newest(arrangement: Arrangement, newest: Iterable[Document], size: int = LATEST) -> list[Document]:
    """The list beside the slots: the newest that stand nowhere yet, and each pin at its place among them."""
    shown = _Shown()
    for placed in (*arrangement.slots, *arrangement.pins):
        shown.take(placed)
    others = [teaser for teaser in newest if shown.take(teaser)]
    place = 0
    for pin in arrangement.pins:  # in the order of their places: none moves another
        place = max(place + 1, pin["pin"]["position"])
        others.insert(place - 1, pin)
    return others[:size]


class _Shown:
    """What stands already: a page, and whatever opens the same as it."""

    def __init__(self) -> None:
        self._opened: set[int | str] = set()

    def take(self, teaser: Mapping[str, Any]) -> bool:
        """Remember this teaser. False if it, or another way to what it opens, stands already."""
        keys = {teaser["id"], teaser["url"]}
        if keys & self._opened:
            return False
        self._opened |= keys
        return True


def _first_unseen(entry: Document, teasers: Teasers, shown: _Shown) -> Document | None:
    """What this place holds: its content in the front page's words, else its stand-in in its own; None for neither."""
    chosen, stand_in = teasers.get(entry["$ref"]), teasers.get(entry.get("fallback") or 0)
    if chosen and shown.take(chosen):
        return {**chosen, **entry.get("with", {})}
    return dict(stand_in) if stand_in and shown.take(stand_in) else None


def _size(entry: Document) -> Document:
    return {"size": entry["with"]["slot"]["size"]}


def _running(entries: Iterable[Document], now: datetime) -> Iterator[Document]:
    for entry in entries:
        begins, ends = _moment(entry, "from"), _moment(entry, "until")
        if (begins is None or begins <= now) and (ends is None or now < ends):
            yield entry


def _moments_of(entries: Iterable[Document]) -> list[datetime]:
    return [moment for each in entries for name in ("from", "until") if (moment := _moment(each, name))]


def _moment(entry: Document, name: str) -> datetime | None:
    return datetime.fromisoformat(entry[name]) if entry.get(name) else None
