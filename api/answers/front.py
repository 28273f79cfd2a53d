"""The front page, as its editors arranged it and with the newest content beside it, at this moment."""

import json

from django.http import QueryDict
from django.utils import timezone

from api import parameters
from api.http import Answer
from api.json_text import dump
from api.publications import stored
from api.publications.front import (
    FRONT,
    LATEST,
    SPARE,
    Arrangement,
    Document,
    arrange,
    references_of,
    with_newest,
)
from api.publications.front import stored as stored_front
from api.publications.listing import listing
from api.publications.selection import Selection
from api.times import utc
from cms.content.models import FrontPage


def front(query: QueryDict) -> Answer:
    """The front page of one language. Two queries, whatever stands there. Raises ValidationError."""
    parameters.only(query, {"locale"})
    locale = str(parameters.locale(query))
    found = stored.front_page(locale, columns="p.updated_at")
    if found is None:
        nobody_arranged = {"type": FRONT, "locale": locale, "path": f"/{locale}/", "slots": []}
        document, _arrangement = _assembled(nobody_arranged, {})
        return Answer(dump({**document, "translations": [], "updated_at": None}).encode(), (FRONT, "content"))
    document, arrangement = _assembled(json.loads(found.detail), found.referenced)
    document["translations"] = [{"locale": each.locale, "path": each.path} for each in found.translations]
    document["updated_at"] = utc(found.columns[0])
    tags = (FRONT, "content", f"page-{found.page_id}")
    return Answer(dump(document).encode(), tags, since=arrangement.since, until=arrangement.until)


def front_preview(page: FrontPage) -> Document:
    """The front page as it would be with this draft of it."""
    draft = stored_front(page)
    document, _arrangement = _assembled(draft, stored.teasers_in(draft["locale"], references_of(draft)))
    return {**document, "translations": [], "updated_at": None}


def _assembled(kept: Document, referenced: dict[int, str]) -> tuple[Document, Arrangement]:
    arrangement = arrange(kept, {pk: json.loads(teaser) for pk, teaser in referenced.items()}, timezone.now())
    document = {
        **{key: kept[key] for key in ("type", "locale", "path")},
        "slots": arrangement.slots,
        "latest": with_newest(arrangement, _newest(kept["locale"], arrangement)),
    }
    return document, arrangement


def _newest(locale: str, arrangement: Arrangement) -> list[Document]:
    selection = Selection(locales=(locale,))
    if arrangement.page_ids:
        selection.where("p.page_id <> ALL(%s::bigint[])", arrangement.page_ids)
    return [json.loads(teaser) for teaser in listing(selection, size=LATEST + SPARE).teasers]
