from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class ContentConfig(AppConfig):
    name = "cms.content"
    label = "content"
    verbose_name = _("Content")

    def ready(self) -> None:
        from django.db.models import DateTimeField
        from wagtail.admin.forms.models import register_form_field_override

        from cms.content import events, redirects
        from cms.content.moments import MomentField
        from cms.content.pictures import signals as pictures
        from cms.content.types import content_types
        from cms.registry.blocks import plugin_blocks

        pictures.connect()  # first: whoever hears of a picture finds it with what it needs to be shown
        events.connect()
        redirects.connect()
        register_form_field_override(DateTimeField, override={"form_class": MomentField, "widget": MomentField.widget})
        # A name that two plugins claim stops the start here, not the first reader.
        content_types()
        plugin_blocks()
        if settings.WAGTAIL_API:
            from cms.content import wagtail_api

            wagtail_api.expose()
