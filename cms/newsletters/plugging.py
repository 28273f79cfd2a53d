"""How a plugin's content looks in a mail."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class MailTeaser:
    """One teaser in an edition. ``note`` is the small line above the headline; empty, it is section and date."""

    headline: str
    lede: str
    url: str
    note: str = ""
