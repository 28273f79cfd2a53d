"""Fact-checks in a newsletter: the verdict stands where the date would."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from cms.contract import MailTeaser


def _teaser(teaser: dict[str, Any], language: str) -> MailTeaser:
    with translation.override(language):
        note = _("Fact-check: %(verdict)s") % {"verdict": teaser["verdict"]["label"]}
    return MailTeaser(
        headline=teaser["headline"],
        lede=teaser["lede"] or teaser["claim"]["text"],
        url=teaser["url"],
        note=note,
    )


teasers = {"factcheck": _teaser}
