"""Episodes in newsletters: how long one has to listen."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from cms.contract import MailTeaser
from plugins.podcast.timecode import clock


def episode(teaser: dict[str, Any], language: str) -> MailTeaser:
    """An episode's teaser with its duration where others have their date."""
    audio = teaser.get("audio") or {}
    with translation.override(language):
        note = _("Podcast · %s") % clock(audio["duration"]) if audio.get("duration") else ""
    return MailTeaser(headline=teaser["headline"], lede=teaser["lede"], url=teaser["url"], note=note)


teasers = {"episode": episode}
