"""Lists: endpoints, with what can be done to each, and deliveries with their attempts."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import CreateView, IndexView, InspectView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from cms.webhooks import services, signing
from cms.webhooks.admin.forms import EndpointForm, RotateForm, SpanForm
from cms.webhooks.models import Delivery, Endpoint

_CHANGE = "webhooks.change_endpoint"


class EndpointCreate(CreateView):
    def save_instance(self) -> Endpoint:
        endpoint: Endpoint = self.form.save(commit=False)
        services.begin(endpoint)
        return endpoint

    def get_success_url(self) -> str:
        return reverse("webhook_endpoints:inspect", args=[self.object.pk])


class EndpointPage(InspectView):
    """One endpoint: how it does, and the buttons. Each button is a POST that asks for the permission to change it."""

    secret: str | None = None
    form: Any = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        newest = self.object.secrets.first()
        return {
            **super().get_context_data(**kwargs),
            "endpoint": self.object,
            "deliveries": self.object.deliveries.all()[:20],
            "waiting": self.object.deliveries.filter(state__in=Delivery.OPEN).count(),
            "newest": newest,
            "overlapping": signing.valid_secrets(self.object)[1:],
            "secret": self.secret,
            "rotate": RotateForm(prefix="rotate") if not isinstance(self.form, RotateForm) else self.form,
            "span": SpanForm(prefix="span") if not isinstance(self.form, SpanForm) else self.form,
            "can_change": self.request.user.has_perm(_CHANGE),
            "deliveries_url": f"{reverse('webhook_deliveries:index')}?endpoint={self.object.pk}",
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(_CHANGE):
            raise PermissionDenied
        action = request.POST.get("action", "")
        done = getattr(self, f"_{action}")(request) if action in _ACTIONS else None
        if self.form is not None or self.secret is not None:
            return self._shown(request)
        if done:
            messages.success(request, done)
        else:
            messages.error(request, _("Nothing was chosen."))
        return redirect(request.path)

    def _shown(self, request: HttpRequest) -> HttpResponse:
        """The page itself as the answer: with a secret that no second request gets, or with a form's errors."""
        response = self.render_to_response(self.get_context_data())
        response["Cache-Control"] = "no-store"
        return response

    def _ping(self, request: HttpRequest) -> str:
        services.send_ping(self.object.pk)
        return _("A trial is on its way. Look at its delivery in a moment.")

    def _pause(self, request: HttpRequest) -> str:
        services.pause(self.object.pk, Endpoint.Reason.BY_HAND)
        return _("Paused. What changes meanwhile is sent when you resume.")

    def _resume(self, request: HttpRequest) -> str:
        services.resume(self.object.pk)
        return _("Resumed.")

    def _reveal(self, request: HttpRequest) -> str:
        try:
            self.secret = services.reveal(self.object.pk)
        except signing.SecretLost:
            return _("This secret was made with a SECRET_KEY that is no longer known. Rotate it.")
        return _("It has been shown. Rotate the secret to get another one.")

    def _rotate(self, request: HttpRequest) -> str:
        form = RotateForm(request.POST, prefix="rotate")
        if not form.is_valid():
            self.form = form
            return ""
        services.rotate(self.object.pk, timedelta(hours=form.cleaned_data["hours"]))
        return _("There is a new secret. Show it, and enter it at the receiver.")

    def _replay(self, request: HttpRequest) -> str:
        form = SpanForm(request.POST, prefix="span")
        if not form.is_valid():
            self.form = form
            return ""
        number = services.replay_span(self.object.pk, services.Span(**form.cleaned_data))
        return _("Deliveries that are sent again: %d.") % number


_ACTIONS = {"ping", "pause", "resume", "reveal", "rotate", "replay"}


class EndpointViewSet(ModelViewSet):
    model = Endpoint
    name = "webhook_endpoints"
    icon = "upload"
    menu_label = gettext_lazy("Endpoints")
    add_view_class = EndpointCreate
    inspect_view_class = EndpointPage
    inspect_view_enabled = True
    inspect_template_name = "webhooks/admin/endpoint.html"
    copy_view_enabled = False
    add_to_reference_index = False
    list_display = [
        TitleColumn("description", label=gettext_lazy("Endpoint"), accessor=str, url_name="webhook_endpoints:inspect"),
        Column("url", label=gettext_lazy("Address")),
        StatusTagColumn("get_state_display", label=gettext_lazy("State")),
        Column("get_reason_display", label=gettext_lazy("Reason")),
        Column("failures", label=gettext_lazy("Failures in a row")),
        DateColumn("succeeded_at", label=gettext_lazy("Last success")),
    ]
    list_filter = ["state"]
    panels = [FieldPanel(name) for name in EndpointForm.Meta.fields]

    def get_form_class(self, for_update: bool = False) -> type:
        return EndpointForm


class DeliveryPage(InspectView):
    """One delivery: what was sent, and every attempt."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "delivery": self.object,
            "attempts": self.object.log.all(),
            "can_replay": self.object.settled_at is not None and self.request.user.has_perm(_CHANGE),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(_CHANGE):
            raise PermissionDenied
        if services.replay(self.object.pk):
            messages.success(request, _("It is sent again."))
        else:
            messages.error(request, _("It is on its way already."))
        return redirect(request.path)


class DeliveryIndex(IndexView):
    default_ordering = "-id"


class DeliveryViewSet(ModelViewSet):
    model = Delivery
    name = "webhook_deliveries"
    icon = "list-ul"
    menu_label = gettext_lazy("Deliveries")
    index_view_class = DeliveryIndex
    inspect_view_class = DeliveryPage
    inspect_view_enabled = True
    inspect_template_name = "webhooks/admin/delivery.html"
    copy_view_enabled = False
    add_to_reference_index = False
    form_fields: list[str] = []
    list_per_page = 50
    list_display = [
        DateColumn("created_at", label=gettext_lazy("Made")),
        TitleColumn("kind", label=gettext_lazy("Event"), url_name="webhook_deliveries:inspect"),
        Column("endpoint", label=gettext_lazy("Endpoint")),
        Column("page_id", label=gettext_lazy("Page")),
        StatusTagColumn("get_state_display", label=gettext_lazy("State")),
        Column("attempts", label=gettext_lazy("Attempts")),
        DateColumn("next_attempt_at", label=gettext_lazy("Next attempt")),
    ]
    list_filter = ["endpoint", "state", "kind"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return Delivery.objects.select_related("endpoint")


class WebhooksGroup(ViewSetGroup):
    menu_label = gettext_lazy("Webhooks")
    menu_icon = "upload"
    menu_order = 600
    items = (EndpointViewSet("webhook_endpoints"), DeliveryViewSet("webhook_deliveries"))
