from typing import Any

from cms.contract import MailTeaser
from plugins.pressreview.texts import how_much


def press_review(teaser: dict[str, Any], language: str) -> MailTeaser:
    """A teaser whose small line says how much is cited."""
    return MailTeaser(
        headline=teaser["headline"],
        lede=teaser["lede"],
        url=teaser["url"],
        note=how_much(teaser["piece_count"], teaser["outlet_count"], language),
    )


teasers = {"pressreview": press_review}
