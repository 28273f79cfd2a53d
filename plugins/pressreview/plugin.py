from django.utils.translation import gettext_lazy as _

from cms.contract import PluginInfo

plugin = PluginInfo(
    name="Press reviews",
    version="1.0.0",
    description=_("What other media write: cited pieces by outlet and by country, and a digest of them."),
    contract=">=1.0,<2",
)
