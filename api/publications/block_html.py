"""Plugins' own HTML of their blocks, kept beside the value for who doesn't know the type: feeds, simple frontends."""

from typing import Any

from wagtail.blocks import StreamValue

from api.publications import references
from api.publications.sealing import sealed
from cms.content.block_html import html_of
from cms.registry.blocks import plugin_blocks


def with_html(blocks: list[dict[str, Any]], body: StreamValue, language: str) -> list[dict[str, Any]]:
    """These rendered blocks of a body, ``html`` added to those whose plugin makes some.

    Not to one that shows other pages: its HTML would go on showing them when they are public no more.
    """
    stored = {child.id: child for child in body}
    return [_with_html(block, stored.get(block["id"]), language) for block in blocks]


def _with_html(block: dict[str, Any], child: Any, language: str) -> dict[str, Any]:
    owned = plugin_blocks().get(block["type"])
    if not owned or not owned.declared.html or child is None or references.collect(block["value"]):
        return block
    html = html_of(owned, child.value, language)
    return {**block, "html": sealed(html)} if html else block
