"""Puts the newsletters' screens into Wagtail's admin."""

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import widgets
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.snippets.models import register_snippet

from cms.newsletters.admin.send import send_edition
from cms.newsletters.admin.viewsets import NewslettersGroup
from cms.newsletters.models import EditionPage

register_snippet(NewslettersGroup)


@hooks.register("register_admin_urls")
def admin_urls():
    return [path("newsletters/editions/<int:page_id>/send/", send_edition, name="send_edition")]


@hooks.register("register_page_header_buttons")
def header_buttons(page, user, view_name, next_url=None):
    if _can_send(page, user):
        yield widgets.Button(_("Send edition…"), reverse("send_edition", args=[page.pk]), icon_name="mail", priority=5)


@hooks.register("register_page_listing_more_buttons")
def listing_buttons(page, user, next_url=None):
    if _can_send(page, user):
        yield widgets.Button(_("Send edition…"), reverse("send_edition", args=[page.pk]), icon_name="mail", priority=5)


class SendMenuItem(ActionMenuItem):
    """A link beside "Publish" in the editor, where one looks for it once the edition is written."""

    name = "action-send-edition"
    label = _("Send edition…")
    icon_name = "mail"

    def is_shown(self, context):
        page = context.get("page")
        return context["view"] == "edit" and _can_send(page, context["request"].user)

    def get_url(self, context):
        return reverse("send_edition", args=[context["page"].pk])


@hooks.register("register_page_action_menu_item")
def action_menu_item():
    return SendMenuItem(order=100)


def _can_send(page, user) -> bool:
    return (
        page is not None
        and page.pk is not None
        and issubclass(page.specific_class or type(page), EditionPage)
        and user.has_perm("newsletters.add_dispatch")
    )
