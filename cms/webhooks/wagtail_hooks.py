"""Puts the webhooks' screens into Wagtail's admin."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks

from cms.webhooks.admin.viewsets import WebhooksGroup
from cms.webhooks.notices import PERMISSION, PausedPanel, paused_by_itself


@hooks.register("register_admin_viewset")
def webhook_screens() -> Any:
    return WebhooksGroup()


@hooks.register("construct_homepage_panels")
def say_what_is_paused(request: HttpRequest, panels: list[Any]) -> None:
    if request.user.has_perm(PERMISSION) and paused_by_itself().exists():
        panels.append(PausedPanel())
