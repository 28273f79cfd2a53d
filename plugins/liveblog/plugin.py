from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cms.contract import PluginInfo, setting


@dataclass(frozen=True)
class LiveBlogSettings:
    """What staff may set of the live blogs of an installation."""

    max_streams: int = setting(
        3,
        label=_("Readers on a stream, at most, in each web process"),
        help=_(
            "A stream keeps one of the threads of its process busy (8 by default, OSTRIV_DATABASE_POOL). "
            "Everybody beyond this number asks for news every few seconds instead. 0 switches streams off."
        ),
        minimum=0,
        maximum=1000,
    )
    stream_seconds: int = setting(
        60,
        label=_("Seconds after which a stream ends"),
        help=_("The reader's browser connects anew by itself and misses nothing."),
        minimum=5,
        maximum=3600,
    )
    poll_seconds: int = setting(
        10,
        label=_("Seconds between two questions of a reader without a stream"),
        help=_("Told to frontends while a live blog is live; they ask six times less often before and after."),
        minimum=1,
        maximum=600,
    )


plugin = PluginInfo(
    name="Live blog",
    version="1.0.0",
    description="Coverage of an event as it happens: entries posted from a live desk, streamed to readers.",
    contract=">=1.0,<2",
    settings=LiveBlogSettings,
)
