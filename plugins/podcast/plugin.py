from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cms.contract import PluginInfo, setting


@dataclass(frozen=True)
class PodcastSettings:
    """What staff can set for all podcasts of this installation."""

    largest_upload: int = setting(
        300,
        label=_("Largest audio file, in megabytes"),
        help=_("An hour of speech as a stereo MP3 of 128 kbit/s takes some 58 megabytes."),
        minimum=1,
        maximum=2000,
    )
    episodes_shown: int = setting(
        100,
        label=_("Episodes in a feed"),
        help=_("The newest ones. Podcast apps forget what is no longer in the feed."),
        minimum=1,
        maximum=1000,
    )


plugin = PluginInfo(
    name="Podcast",
    version="0.1.0",
    description="Shows and episodes, with chapters, transcripts and a feed for podcast apps.",
    contract=">=1.0,<2",
    requires=("tinytag>=2.1", "lxml>=6.1"),
    settings=PodcastSettings,
)
