"""The schema of a block's value where nobody has declared one: it follows from the block, as Wagtail represents it."""

from typing import Any

from wagtail import blocks

Schema = dict[str, Any]


def value_schema(block: blocks.Block) -> Schema:
    """What ``get_api_representation`` of this block answers; anything, where that can't be known."""
    if isinstance(block, blocks.BaseStructBlock):
        children = {name: value_schema(child) for name, child in block.child_blocks.items()}
        return {"type": "object", "properties": children, "required": sorted(children)}
    if isinstance(block, blocks.BaseStreamBlock):
        kinds = [_item(name, child) for name, child in block.child_blocks.items()]
        return {"type": "array", "items": {"oneOf": kinds} if kinds else {}}
    if isinstance(block, blocks.ListBlock):
        return {"type": "array", "items": value_schema(block.child_block)}
    if isinstance(block, blocks.MultipleChoiceBlock):
        return {"type": "array", "items": {"type": "string"}}
    found = next((schema for kinds, schema in _BY_TYPE if isinstance(block, kinds)), {})
    return dict(found)


def _item(name: str, block: blocks.Block) -> Schema:
    properties = {
        "type": {"type": "string", "const": name},
        "value": value_schema(block),
        "id": {"type": ["string", "null"]},
    }
    return {"type": "object", "properties": properties, "required": sorted(properties)}


_TEXTS = (
    blocks.CharBlock,
    blocks.TextBlock,
    blocks.RichTextBlock,
    blocks.RawHTMLBlock,
    blocks.BlockQuoteBlock,
    blocks.EmailBlock,
    blocks.RegexBlock,
    blocks.URLBlock,
    blocks.ChoiceBlock,
)
#: Optional numbers, choosers and choices are null where nothing is given.
_BY_TYPE: list[tuple[Any, Schema]] = [
    (blocks.ChooserBlock, {"type": ["integer", "null"], "description": "Id"}),
    (_TEXTS, {"type": ["string", "null"]}),
    (blocks.BooleanBlock, {"type": "boolean"}),
    (blocks.IntegerBlock, {"type": ["integer", "null"]}),
    (blocks.FloatBlock, {"type": ["number", "null"]}),
]
