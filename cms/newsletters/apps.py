from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewslettersConfig(AppConfig):
    name = "cms.newsletters"
    label = "newsletters"
    verbose_name = _("Newsletters")

    def ready(self) -> None:
        from cms.newsletters.admin import policies
        from cms.newsletters.rendering.plugged import teaser_makers

        policies.register()
        # What a plugin declares wrongly stops the start here, not the first mail.
        teaser_makers()
