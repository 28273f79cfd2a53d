"""Real documents of every content type and with every block, as the test client of the API gets them."""

import json
from collections.abc import Iterator
from typing import Any

from django.test import Client

from cms.content.blocks import BodyBlock
from cms.content.kept import NEEDS_PLUGIN
from cms.content.models import ArticlePage
from cms.content.types import content_types
from cms.newsletters.blocks import EditionBlock
from ostriv.testing import newsroom, pages, subjects
from ostriv.testing.documents import raw_value
from ostriv.testing.filling import Filler

Json = dict[str, Any]
#: What can't be told from the kind of the block.
_OWN = {
    "table": {
        "first_row_is_table_header": True,
        "table_caption": "Рейси на тиждень",
        "data": [["Пором", "Рейсів"], ["«Хвиля»", "14"]],
    },
    "embed": {"url": "https://www.youtube.com/watch?v=aqz-KE-bpKQ", "title": "Міст з повітря"},
}


def every_document(client: Client) -> Iterator[tuple[str, str, Json]]:
    """Name, content type and detail: one of each type, and one with all blocks of an article and of an edition."""
    for name, model in content_types().items():
        page = _article() if model is ArticlePage else pages.build(model)
        yield name, name, _detail(client, name, page.slug)
    edition = newsroom.make_edition(newsroom.make_newsletter(), *_blocks(EditionBlock(), "edition"))
    yield "edition-blocks", "edition", _detail(client, "edition", edition.slug)


def _article() -> Any:
    """With every block, a picture, a section, an author, related content and a translation."""
    related = pages.build(ArticlePage)
    body = [{"type": kind, "value": value} for kind, value in _blocks(BodyBlock(), "body")]
    article = pages.build(ArticlePage, body=body, image=newsroom.make_image(), section=newsroom.make_section("Місто"))
    article.bylines.create(author=newsroom.make_author("Олена Гай"))
    article.related_items.create(related=related)
    article.tags.add("міст")
    article.save_revision().publish()
    translation = article.copy_for_translation(newsroom.locale_of("en"), copy_parents=True)
    translation.save_revision().publish()
    return article


def _blocks(stream: Any, place: str) -> list[tuple[str, Any]]:
    filler = Filler(pages.WORD, "uk", pages.build)
    plugins = {block.declared.name: block for block in subjects.blocks(place)}
    return [
        (kind, raw_value(plugins[kind]) if kind in plugins else _OWN.get(kind) or filler.raw(block))
        for kind, block in stream.child_blocks.items()
        if kind != NEEDS_PLUGIN
    ]


def _detail(client: Client, kind: str, slug: str) -> Json:
    answer = client.get(f"/api/v1/content/{kind}/{slug}/", {"locale": "uk"})
    assert answer.status_code == 200, f"{kind} {slug}: {answer.status_code}"
    return dict(json.loads(answer.content))


def shape(value: Any) -> Any:
    """What a document is made of, without the words in it: keys and kinds."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in sorted(value.items())}
    if isinstance(value, list):
        return [shape(each) for each in value]
    return type(value).__name__ if value is not None else None
