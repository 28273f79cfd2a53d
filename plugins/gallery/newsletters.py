from typing import Any

from cms.contract import MailTeaser
from plugins.gallery.texts import number_of_photos


def photo_report(teaser: dict[str, Any], language: str) -> MailTeaser:
    """A teaser whose small line says how many photos wait."""
    return MailTeaser(
        headline=teaser["headline"],
        lede=teaser["lede"],
        url=teaser["url"],
        note=number_of_photos(teaser["photo_count"], language),
    )


teasers = {"gallery": photo_report}
