"""Verdicts, and the scales that newsrooms choose from.

A verdict's key and its rating never change: whatever scale a newsroom turns to later, what it has published keeps its
words and its place between false (1) and true (5).
"""

from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

#: The ends of the line that ratings lie on, as https://schema.org/Rating has them.
WORST, BEST = 1, 5


@dataclass(frozen=True)
class Verdict:
    """What is found of a claim. A verdict without a rating lies beside the line from false to true."""

    key: str
    words: Any
    rating: int | None = None

    def label(self, language: str) -> str:
        """Its words in this language."""
        with translation.override(language):
            return str(self.words)


VERDICTS = {
    verdict.key: verdict
    for verdict in [
        Verdict("true", pgettext_lazy("verdict", "True"), 5),
        Verdict("mostly_true", pgettext_lazy("verdict", "Mostly true"), 4),
        Verdict("half_true", pgettext_lazy("verdict", "Half true"), 3),
        Verdict("exaggeration", pgettext_lazy("verdict", "Exaggeration"), 3),
        Verdict("mostly_false", pgettext_lazy("verdict", "Mostly false"), 2),
        Verdict("manipulation", pgettext_lazy("verdict", "Manipulation"), 2),
        Verdict("false", pgettext_lazy("verdict", "False"), 1),
        Verdict("fake", pgettext_lazy("verdict", "Fake"), 1),
        Verdict("unproven", pgettext_lazy("verdict", "Unproven")),
        Verdict("out_of_context", pgettext_lazy("verdict", "Out of context")),
        Verdict("satire", pgettext_lazy("verdict", "Satire")),
    ]
}

_BESIDE = ("unproven", "out_of_context", "satire")
#: The verdicts of each scale, in the order of the editor's menu.
SCALES = {
    "five": ("true", "mostly_true", "half_true", "mostly_false", "false", *_BESIDE),
    "three": ("true", "half_true", "false", *_BESIDE),
    "manipulation": ("true", "exaggeration", "manipulation", "false", "fake", *_BESIDE),
}
SCALE_CHOICES = (
    ("five", _("five steps from true to false")),
    ("three", _("true, half true, false")),
    ("manipulation", _("true, exaggeration, manipulation, false, fake")),
)


def all_choices() -> list[tuple[str, Any]]:
    """Every verdict there is: what a page may hold, whichever scale is in use."""
    return [(verdict.key, verdict.words) for verdict in VERDICTS.values()]


def choices_of(scale: str, chosen: str = "") -> list[tuple[str, Any]]:
    """The verdicts of one scale; ``chosen``, of another one perhaps, stays among them."""
    keys = list(SCALES[scale])
    if chosen in VERDICTS and chosen not in keys:
        keys.append(chosen)
    return [(key, VERDICTS[key].words) for key in keys]
