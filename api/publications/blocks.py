"""Blocks of a body as the API shows them: ``{id, type, value}`` each.

A page inside a value is a reference, ``{"$ref": <page id>, "as": "teaser"}``, resolved when the body is read.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from wagtail.blocks import StreamValue

from api.addresses import absolute_url
from api.publications import images, omissions, rich_text
from api.publications.sealing import sealed
from cms.content.kept import NEEDS_PLUGIN
from cms.registry.blocks import plugin_blocks
from cms.registry.claims import claim
from cms.registry.faults import contained
from cms.registry.owners import owner_of
from cms.registry.states import is_running

Json = Any
_renderers: dict[str, Callable[[Any], Json]] = {}


#: What the schema says of the values that renderers make: a DRF serializer or field, by block type.
declared_schemas: dict[str, Any] = {}


def renders(block_type: str, *, schema: Any = None) -> Callable[[Callable[[Any], Json]], Callable[[Any], Json]]:
    """Register the function that renders the value of one block type. Raises PluginError if there is one.

    ``schema`` is a DRF serializer, or a field, that says what shape the value has; without it it may be anything.
    """

    def register(function: Callable[[Any], Json]) -> Callable[[Any], Json]:
        claim("block renderer", block_type, owner_of(function), by=function.__name__)
        _renderers[block_type] = function
        if schema is not None:
            declared_schemas[block_type] = schema
        return function

    return register


class Omitted(Exception):  # noqa: N818  (a sign, not a fault)
    """Raised by a renderer for a block that has nothing to show."""


def render_body(body: StreamValue) -> list[dict[str, Json]]:
    """All blocks of a body. One that fails is left out and its fault noted; the rest of the page stands.

    Left out too: blocks of a plugin that isn't loaded, is switched off or rests.
    """
    rendered = []
    for child in body:
        owner = _owner(child.block_type)
        if child.block_type == NEEDS_PLUGIN or not is_running(owner):
            continue
        try:
            with contained(f"block {child.block_type}", owner, passing=(Omitted,)):
                value = _renderer(child)(child.value)
                value = sealed(value) if owner else value
                rendered.append({"id": child.id, "type": child.block_type, "value": value})
                continue
        except Omitted:
            continue
        omissions.notice(child.block_type)
    return rendered


def _owner(block_type: str) -> str:
    declared = plugin_blocks().get(block_type)
    return declared.owner if declared else ""


def _renderer(child: Any) -> Callable[[Any], Json]:
    if (own := plugin_blocks().get(child.block_type)) and own.declared.api:
        return own.declared.api
    return _renderers.get(child.block_type) or child.block.get_api_representation


def is_rendered(block_type: str) -> bool:
    """Whether a function was registered for this block type; else its values are what Wagtail makes of them."""
    return block_type in _renderers


def reference(page_id: int, shape: str = "teaser") -> dict[str, Json]:
    """A page to be filled in when the document is read."""
    return {"$ref": page_id, "as": shape}


@renders("paragraph")
def _paragraph(value: Any) -> Json:
    return rich_text.render(value.source)


@renders("heading")
def _heading(value: Any) -> Json:
    return {"text": value["text"], "level": int(value["level"])}


@renders("quote")
def _quote(value: Any) -> Json:
    return {"text": value["text"], "attribution": value["attribution"], "role": value["role"]}


@renders("image")
def _image(value: Any) -> Json:
    return {"image": images.describe(value["image"], credit=value["credit"]), "caption": value["caption"]}


@renders("gallery")
def _gallery(value: Any) -> Json:
    return {"images": [_image(each) for each in value["images"]]}


#: Hosts whose player can be shown in a frame, the path of the player there, and how to find the item's key.
_PLAYERS = {
    "www.youtube.com": ("YouTube", "https://www.youtube-nocookie.com/embed/{}"),
    "youtu.be": ("YouTube", "https://www.youtube-nocookie.com/embed/{}"),
    "vimeo.com": ("Vimeo", "https://player.vimeo.com/video/{}?dnt=1"),
}


@renders("embed")
def _embed(value: Any) -> Json:
    parts = urlsplit(value["url"])
    host = parts.hostname or ""
    provider, player = _PLAYERS.get(host, (host.removeprefix("www."), ""))
    key = parse_qs(parts.query).get("v", [""])[0] or parts.path.strip("/").split("/")[-1]
    html = ""
    if player and key.replace("-", "").replace("_", "").isalnum():
        html = f'<iframe src="{player.format(key)}" allowfullscreen loading="lazy"></iframe>'
    return {"url": value["url"], "provider": provider, "title": value["title"], "html": html}


@renders("table")
def _table(value: Any) -> Json:
    rows = [["" if cell is None else str(cell) for cell in row] for row in (value or {}).get("data") or []]
    has_head = bool(rows) and bool((value or {}).get("first_row_is_table_header"))
    return {
        "caption": (value or {}).get("table_caption") or "",
        "head": rows[0] if has_head else [],
        "rows": rows[1:] if has_head else rows,
    }


@renders("document")
def _document(value: Any) -> Json:
    if value is None:  # it was deleted since
        raise Omitted
    return {
        "title": value.title,
        "url": absolute_url(value.url),
        "size": value.get_file_size(),
        "filename": value.filename,
    }


@renders("pullout")
def _pullout(value: Any) -> Json:
    return {"title": value["title"], "text": rich_text.render(value["text"].source)}


@renders("donation_call")
def _donation_call(value: Any) -> Json:
    campaign = value["campaign"]
    return {
        "text": value["text"],
        "button": value["button"],
        "campaign": reference(campaign.pk, "campaign") if campaign else None,
    }


@renders("related")
def _related(value: Any) -> Json:
    return [reference(page.pk) for page in value["pages"] if page]


@renders("teasers")
def _teasers(value: Any) -> Json:
    return {"heading": value["heading"], "teasers": [reference(page.pk) for page in value["pages"] if page]}


@renders("divider")
def _divider(value: Any) -> Json:
    return {}
