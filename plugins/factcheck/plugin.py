from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cms.contract import PluginInfo, setting
from plugins.factcheck.verdicts import SCALE_CHOICES


@dataclass(frozen=True)
class FactCheckSettings:
    """What a newsroom decides of its fact-checks."""

    scale: str = setting(
        "five",
        label=_("Scale of verdicts"),
        help=_("What editors choose from. Published fact-checks keep the verdict that they have."),
        choices=SCALE_CHOICES,
    )
    publisher: str = setting(
        "",
        label=_("Who checks"),
        help=_(
            "The organisation's name as search engines show it. Left empty, it is the authors of each fact-check. "
            "It holds for what is published from now on; “ostriv republish --all” writes the rest anew."
        ),
        maximum=120,
    )


plugin = PluginInfo(
    name="Fact-checks",
    version="1.0.0",
    description="A claim, who made it, the verdict and its sources, with ClaimReview for search engines.",
    contract=">=1.0,<2",
    settings=FactCheckSettings,
)
