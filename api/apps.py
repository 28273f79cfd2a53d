from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "api"
    label = "api"
    verbose_name = _("Content API")

    def ready(self) -> None:
        from api.plugging import register_plugins
        from api.publications import details, signals
        from api.publications.telling import ChangeLog
        from api.serializers.types import register_core_types
        from cms.content.teasers import set_teaser_source
        from cms.webhooks.source import set_change_log

        register_core_types()
        register_plugins()
        signals.connect()
        set_teaser_source(details.teasers)
        set_change_log(ChangeLog())
