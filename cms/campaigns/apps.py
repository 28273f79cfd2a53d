from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "cms.campaigns"
    label = "campaigns"
    verbose_name = _("Campaigns")

    def ready(self) -> None:
        from cms.campaigns import checks
        from cms.campaigns.admin import policies

        checks.register_checks()
        policies.register()
