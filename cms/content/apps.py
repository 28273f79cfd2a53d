from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContentConfig(AppConfig):
    name = "cms.content"
    label = "content"
    verbose_name = _("Content")

    def ready(self) -> None:
        from cms.content import events
        from cms.content.types import content_types
        from cms.registry.blocks import plugin_blocks

        events.connect()
        # A name that two plugins claim stops the start here, not the first reader.
        content_types()
        plugin_blocks()
