"""How people learn that an endpoint was paused: by mail, and on the first page of the admin."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from cms.webhooks.models import Endpoint

PERMISSION = "webhooks.change_endpoint"
#: People that one mail goes to.
_READERS = 20


def mail_paused(endpoint_id: int) -> int:
    """Write to those who may change endpoints. Returns to how many. Raises OSError if the mail server does."""
    endpoint = Endpoint.objects.filter(pk=endpoint_id, state=Endpoint.State.PAUSED).first()
    if endpoint is None:
        return 0
    readers = list(_readers()[:_READERS])
    for user in readers:
        profile = getattr(user, "wagtail_userprofile", None)
        language = profile.get_preferred_language() if profile else settings.LANGUAGE_CODE
        with translation.override(language):
            where = f"{settings.BASE_URL}{reverse('webhook_endpoints:inspect', args=[endpoint.pk])}"
            context = {"endpoint": endpoint, "where": where}
            send_mail(
                _("Webhooks to “%s” are paused") % str(endpoint)[:100],
                render_to_string("webhooks/mail/paused.txt", context),
                None,
                [user.email],
            )
    return len(readers)


def _readers() -> "QuerySet[Any]":
    codename = PERMISSION.partition(".")[2]
    permission = {"content_type__app_label": "webhooks", "codename": codename}
    of_group = {f"groups__permissions__{key}": value for key, value in permission.items()}
    own = {f"user_permissions__{key}": value for key, value in permission.items()}
    users = get_user_model().objects.filter(Q(is_superuser=True) | Q(**of_group) | Q(**own), is_active=True)
    return users.exclude(email="").distinct().order_by("pk")


class PausedPanel(Component):
    """Endpoints that were paused without anybody having asked for it."""

    name = "webhooks_paused"
    template_name = "webhooks/admin/paused_panel.html"
    order = 50

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"endpoints": paused_by_itself()}


def paused_by_itself() -> "QuerySet[Endpoint]":
    return Endpoint.objects.filter(state=Endpoint.State.PAUSED).exclude(reason=Endpoint.Reason.BY_HAND)
