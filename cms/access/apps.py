from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    name = "cms.access"
    label = "access"
    verbose_name = _("Access")

    def ready(self) -> None:
        from cms.access import keys

        keys.watch()
