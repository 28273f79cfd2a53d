"""What a publication has, and whose text it is: what ``has=`` and ``source=`` find it by."""

from typing import Any

from cms.content.slugs import slugify

Document = dict[str, Any]
HAS, SOURCE = "has", "source"
#: Blocks of the body that can be asked for by their own names.
_BLOCKS = ("document", "embed", "gallery", "quote", "table")
#: All that ``has=`` can ask for.
FEATURES = ["correction", *_BLOCKS, "image", "related", "video"]


def keys_of(teaser: Document, detail: Document) -> list[str]:
    """The keys of one publication, as stored: ``has=image``, ``source=ukrinform``."""
    keys = [f"{HAS}={name}" for name in sorted(_features(teaser, detail))]
    if teaser["source"]:
        keys.append(f"{SOURCE}={source_key(teaser['source']['name'])}")
    return keys


def source_key(name: str) -> str:
    """What a source is found by: its name as a slug is written, however a reader writes it."""
    return slugify(name, "uk")


def _features(teaser: Document, detail: Document) -> set[str]:
    blocks = detail["body"]
    found = {block["type"] for block in blocks if block["type"] in _BLOCKS}
    if teaser["image"]:
        found.add("image")
    if any(block["type"] == "embed" and block["value"]["html"] for block in blocks):
        found.add("video")
    if detail["corrections"]:
        found.add("correction")
    if detail["related"]:
        found.add("related")
    return found
