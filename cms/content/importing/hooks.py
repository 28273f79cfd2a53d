"""How imports show in the admin. Imported by ``cms.content.wagtail_hooks``."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from cms.content.importing.history import ACTION


@hooks.register("register_log_actions")
def name_import(actions: LogActionRegistry) -> None:
    actions.register_action(ACTION, _("Import"), _("Imported"))
