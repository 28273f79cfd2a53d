"""Puts the money's screens into Wagtail's admin."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from cms.campaigns.admin.forget import forget
from cms.campaigns.admin.viewsets import MoneyGroup, correct
from cms.campaigns.services import FORGOTTEN


@hooks.register("register_admin_viewset")
def money_screens() -> Any:
    return MoneyGroup()


@hooks.register("register_admin_urls")
def admin_urls() -> list[Any]:
    return [
        path("ledger/correct/<int:pk>/", correct, name="correct_ledger_entry"),
        path("donations/forget/<uuid:pk>/", forget, name="forget_donor"),
    ]


@hooks.register("register_log_actions")
def name_forgetting(actions: LogActionRegistry) -> None:
    actions.register_action(FORGOTTEN, _("Forget a donor"), _("The donor's name, address and message were deleted"))
