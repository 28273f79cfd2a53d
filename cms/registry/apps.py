from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    name = "cms.registry"
    label = "registry"
    verbose_name = _("Plugins")

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from cms.registry import declared, faults

        faults.connect()
        post_migrate.connect(declared.remember, sender=self, dispatch_uid="registry.remember")
