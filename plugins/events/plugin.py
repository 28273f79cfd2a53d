from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cms.contract import PluginInfo, setting


@dataclass(frozen=True)
class EventSettings:
    """What a newsroom decides of its calendar."""

    hours: int = setting(
        2,
        label=_("Hours that an event without an end lasts"),
        help=_("So long it stays among the coming ones after it has begun."),
        minimum=1,
        maximum=24,
    )
    past_days: int = setting(
        30,
        label=_("Days for which past events stay in the calendar feed"),
        help=_("Calendar programs forget what the feed no longer holds."),
        minimum=0,
        maximum=365,
    )


plugin = PluginInfo(
    name="Events",
    version="1.0.0",
    description="What happens where and when, with a list of coming events and an iCalendar feed.",
    contract=">=1.0,<2",
    requires=("icalendar>=7",),
    settings=EventSettings,
)
