"""Blocks of plugins in the story of a campaign, as safe HTML."""

from typing import Any

from cms.content.block_html import html_of
from cms.content.models import ContentPage
from cms.registry.blocks import plugin_blocks


def plugin_html(document: dict[str, Any]) -> dict[str, str]:
    """Safe HTML of the plugins' blocks in a public document's story, by the block's id.

    The document says which blocks readers are shown; what a plugin makes HTML of is the value stored with the live
    page. A block whose plugin has no HTML for it, doesn't run or fails is left out.
    """
    wanted = {
        block["id"]: owned
        for block in document.get("body") or []
        if (owned := plugin_blocks().get(block["type"])) and owned.declared.html
    }
    page = ContentPage.objects.filter(pk=document["id"], live=True).first() if wanted else None
    made = {
        child.id: html_of(owned, child.value, document["locale"])
        for child in (page.body if page else [])
        if (owned := wanted.get(child.id)) and owned.declared.name == child.block_type
    }
    return {block_id: html for block_id, html in made.items() if html}
