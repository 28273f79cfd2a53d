"""Public teasers for rooms that may not import the read side: the mail's and the admin's way to them.

The read side installs the provider when it is loaded; what it answers is what is published, never a draft.
"""

from collections.abc import Callable, Iterable

Teaser = dict[str, object]
TeaserSource = Callable[[list[int]], dict[int, Teaser]]

_source: TeaserSource | None = None


def set_teaser_source(source: TeaserSource) -> None:
    """Install the provider (once, at start)."""
    global _source
    _source = source


def teasers_for(page_ids: Iterable[int]) -> dict[int, Teaser]:
    """The public teasers of those of these pages that are published, by page id."""
    if _source is None:
        raise RuntimeError("No read side is installed: add 'api' to INSTALLED_APPS.")
    return _source(list(page_ids))
