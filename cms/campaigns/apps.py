from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "cms.campaigns"
    label = "campaigns"
    verbose_name = _("Campaigns")

    def ready(self) -> None:
        from cms.campaigns.admin import policies
        from cms.campaigns.gateways import all_gateways

        policies.register()
        # A label that two gateways claim stops the start here, not the first donor.
        all_gateways()
