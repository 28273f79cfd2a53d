"""Categories of Apple Podcasts, which other directories use too.

The names are Apple's and go into the feed as they are; editors read them in their own language.
Source: https://podcasters.apple.com/support/1691-apple-podcasts-categories
"""

from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy
from django.utils.translation import gettext_noop as _

CATEGORIES: dict[str, list[str]] = {
    _("Arts"): [
        _("Books"), _("Design"), _("Fashion & Beauty"), _("Food"), _("Performing Arts"), _("Visual Arts"),
    ],
    _("Business"): [
        _("Careers"), _("Entrepreneurship"), _("Investing"), _("Management"), _("Marketing"), _("Non-Profit"),
    ],
    _("Comedy"): [_("Comedy Interviews"), _("Improv"), _("Stand-Up")],
    _("Education"): [_("Courses"), _("How To"), _("Language Learning"), _("Self-Improvement")],
    _("Fiction"): [_("Comedy Fiction"), _("Drama"), _("Science Fiction")],
    _("Government"): [],
    "History": [],
    _("Health & Fitness"): [
        _("Alternative Health"), _("Fitness"), _("Medicine"), _("Mental Health"), _("Nutrition"), _("Sexuality"),
    ],
    _("Kids & Family"): [_("Education for Kids"), _("Parenting"), _("Pets & Animals"), _("Stories for Kids")],
    _("Leisure"): [
        _("Animation & Manga"), _("Automotive"), _("Aviation"), _("Crafts"), _("Games"), _("Hobbies"),
        _("Home & Garden"), _("Video Games"),
    ],
    _("Music"): [_("Music Commentary"), _("Music History"), _("Music Interviews")],
    _("News"): [
        _("Business News"), _("Daily News"), _("Entertainment News"), _("News Commentary"), _("Politics"),
        _("Sports News"), _("Tech News"),
    ],
    _("Religion & Spirituality"): [
        _("Buddhism"), _("Christianity"), _("Hinduism"), _("Islam"), _("Judaism"), _("Religion"), _("Spirituality"),
    ],
    _("Science"): [
        _("Astronomy"), _("Chemistry"), _("Earth Sciences"), _("Life Sciences"), _("Mathematics"),
        _("Natural Sciences"), _("Nature"), _("Physics"), _("Social Sciences"),
    ],
    _("Society & Culture"): [
        _("Documentary"), _("Personal Journals"), _("Philosophy"), _("Places & Travel"), _("Relationships"),
    ],
    _("Sports"): [
        _("Baseball"), _("Basketball"), _("Cricket"), _("Fantasy Sports"), _("Football"), _("Golf"), _("Hockey"),
        _("Rugby"), _("Running"), _("Soccer"), _("Swimming"), _("Tennis"), _("Volleyball"), _("Wilderness"),
        _("Wrestling"),
    ],
    _("Technology"): [],
    _("True Crime"): [],
    _("TV & Film"): [
        _("After Shows"), _("Film History"), _("Film Interviews"), _("Film Reviews"), _("TV Reviews"),
    ],
}  # fmt: skip

#: Between a category and its subcategory in what is stored.
_OF = " / "


def choices() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """For a form: each category with its subcategories below it."""
    return [
        (_label(name), [(name, _label(name)), *((f"{name}{_OF}{part}", _label(part)) for part in parts)])
        for name, parts in CATEGORIES.items()
    ]


def as_json(stored: str) -> dict[str, str | None]:
    """A stored category as the API has it: Apple's name, and that of the subcategory or None."""
    name, _of, part = stored.partition(_OF)
    return {"name": name, "subcategory": part or None}


def _label(name: str) -> Any:
    # In the admin "History" alone is the history of a page.
    return pgettext_lazy("category", "History") if name == "History" else gettext_lazy(name)
