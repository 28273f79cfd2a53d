"""Puts the money's screens into Wagtail's admin."""

from typing import Any

from django.urls import path
from wagtail import hooks

from cms.campaigns.admin.viewsets import MoneyGroup, correct


@hooks.register("register_admin_viewset")
def money_screens() -> Any:
    return MoneyGroup()


@hooks.register("register_admin_urls")
def admin_urls() -> list[Any]:
    return [path("ledger/correct/<int:pk>/", correct, name="correct_ledger_entry")]
