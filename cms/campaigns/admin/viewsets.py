"""Lists of totals, donations, ledger entries and webhooks; each can be exported, none can be edited."""

from copy import copy
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.ui.tables import ButtonsColumnMixin, Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import CreateView, IndexView, InspectView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import Button

from cms.campaigns import services
from cms.campaigns.admin.forget import PERMISSION, forget_button
from cms.campaigns.admin.forms import CorrectionForm, OfflineForm
from cms.campaigns.models import Donation, LedgerEntry, Progress, WebhookEvent
from cms.campaigns.models.ledger import Kind
from cms.campaigns.money import format_money, to_major


class MoneyColumn(Column):
    """An amount in minor units as readers write it. ``currency`` is the path to its currency."""

    def __init__(self, name: str, *, currency: str = "currency", **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.currency = currency

    def get_value(self, instance: Any) -> str:
        currency = instance
        for step in self.currency.split("."):
            currency = getattr(currency, step)
        value = super().get_value(instance)
        return format_money(value, currency, (get_language() or "uk")[:2])


class ActionsColumn(ButtonsColumnMixin, TitleColumn):
    """A title with the row's actions below it."""


class IndexWithActions(IndexView):
    """Wagtail offers a row's actions only in a title column that it makes itself; here the column is ours."""

    @cached_property
    def columns(self) -> list[Any]:
        columns = [copy(column) for column in super().columns]
        for column in columns:
            if isinstance(column, ActionsColumn):
                column.get_buttons = lambda instance, _context: self.get_list_buttons(instance)
        return columns


class ReadOnlyViewSet(ModelViewSet):
    """Looking, filtering, exporting."""

    inspect_view_enabled = True
    copy_view_enabled = False
    add_to_reference_index = False
    form_fields: list[str] = []
    list_per_page = 50


class ProgressViewSet(ReadOnlyViewSet):
    model = Progress
    name = "totals"
    icon = "pick"
    menu_label = _("Totals")
    list_display = [
        TitleColumn("campaign", label=_("Campaign")),
        MoneyColumn("raised", currency="campaign.currency", label=_("Raised")),
        MoneyColumn("campaign.goal", currency="campaign.currency", label=_("Goal")),
        Column("percent", label="%"),
        Column("donors", label=_("Donors")),
        Column("campaign.state.label", label=_("State")),
        DateColumn("updated_at", label=_("Updated")),
    ]
    inspect_view_fields = ["campaign", "raised", "donors", "updated_at"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return Progress.objects.select_related("campaign").order_by("-campaign__created_at")


class DonationIndex(IndexWithActions):
    default_ordering = "-created_at"

    def search_queryset(self, queryset: models.QuerySet) -> models.QuerySet:
        words = self.search_query
        found = Q(name__icontains=words) | Q(email__icontains=words) | Q(reference__icontains=words)
        return queryset.filter(found) if words else queryset

    def get_list_more_buttons(self, instance: Donation) -> list[Any]:
        buttons = super().get_list_more_buttons(instance)
        return [*buttons, forget_button(instance)] if self.request.user.has_perm(PERMISSION) else buttons


class DonationInspect(InspectView):
    @property
    def header_more_buttons(self) -> list[Any]:
        buttons = super().header_more_buttons
        return [*buttons, forget_button(self.object)] if self.request.user.has_perm(PERMISSION) else buttons


class DonationViewSet(ReadOnlyViewSet):
    model = Donation
    name = "donations"
    icon = "user"
    menu_label = _("Donations")
    index_view_class = DonationIndex
    inspect_view_class = DonationInspect
    search_fields = ["name", "email", "reference"]
    list_display = [
        DateColumn("created_at", label=_("Made")),
        ActionsColumn("name", label=_("Donor"), accessor=lambda each: each.name or "—", url_name="donations:inspect"),
        MoneyColumn("amount", label=_("Amount")),
        StatusTagColumn("get_status_display", label=_("Status")),
        Column("campaign", label=_("Campaign")),
        Column("gateway", label=_("Gateway")),
        Column("attention", label=_("To be looked at")),
    ]
    list_filter = ["campaign", "status", "gateway"]
    list_export = ["id", "created_at", "paid_at", "campaign", "amount", "currency", "status", "gateway", "reference"]
    export_filename = "donations"
    inspect_view_fields_exclude = ["idempotency_key", "request_hash", "checkout_url", "asked_at"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return Donation.objects.select_related("campaign")


class LedgerIndex(IndexWithActions):
    default_ordering = "-id"

    def get_list_more_buttons(self, instance: LedgerEntry) -> list[Any]:
        buttons = super().get_list_more_buttons(instance)
        if instance.kind in (Kind.OFFLINE, Kind.MATCH) and self.user_has_permission("add"):
            url = reverse("correct_ledger_entry", args=[instance.pk])
            buttons.append(Button(_("Take back…"), url=url, icon_name="undo", priority=40))
        return buttons


class OfflineEntry(CreateView):
    """The form that adds to the ledger by hand."""

    page_title = _("Record an offline donation")
    form_class = OfflineForm
    success_message = _("The entry is in the ledger.")
    error_message = _("The entry could not be made.")

    def form_valid(self, form: OfflineForm) -> HttpResponse:
        try:
            return super().form_valid(form)
        except ValidationError as error:
            form.add_error(None, error)
            self.produced_error_code, self.produced_error_message = "validation_error", self.get_error_message()
            return self.form_invalid(form)

    def save_instance(self) -> LedgerEntry:
        values = {name: value for name, value in self.form.cleaned_data.items() if name != "campaign"}
        campaign = self.form.cleaned_data["campaign"]
        entry = services.record_offline(campaign.pk, recorded_by=describe(self.request.user), **values)
        return LedgerEntry.objects.get(pk=entry)

    def get_success_buttons(self) -> list[Any]:
        return []


class LedgerViewSet(ReadOnlyViewSet):
    model = LedgerEntry
    name = "ledger"
    icon = "list-ul"
    menu_label = _("Ledger")
    index_view_class = LedgerIndex
    add_view_class = OfflineEntry
    list_display = [
        DateColumn("occurred_at", label=_("Happened")),
        ActionsColumn("kind", label=_("Kind"), accessor="get_kind_display", url_name="ledger:inspect"),
        MoneyColumn("amount", label=_("Amount")),
        Column("campaign", label=_("Campaign")),
        Column("gateway", label=_("Gateway")),
        Column("external_id", label=_("Number")),
        Column("reason", label=_("Reason")),
        Column("recorded_by", label=_("Recorded by")),
    ]
    list_filter = ["campaign", "kind", "currency", "gateway"]
    list_export = [
        "id", "occurred_at", "recorded_at", "campaign", "kind", "amount", "major", "currency", "gateway", "external_id",
        "donation_id", "reason", "recorded_by", "corrects_id",
    ]  # fmt: skip
    export_headings = {"amount": _("amount (minor units)"), "major": _("amount")}
    export_filename = "ledger"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return LedgerEntry.objects.select_related("campaign")

    def get_form_class(self, for_update: bool = False) -> type:
        return OfflineForm


class WebhookViewSet(ReadOnlyViewSet):
    model = WebhookEvent
    name = "webhooks"
    icon = "download"
    menu_label = _("Webhook inbox")
    list_display = [
        DateColumn("received_at", label=_("Received")),
        TitleColumn("event_id", label=_("Event"), url_name="webhooks:inspect"),
        Column("gateway", label=_("Gateway")),
        StatusTagColumn("get_state_display", label=_("State")),
        Column("reference", label=_("Donation's reference")),
        Column("note", label=_("Note")),
        Column("attempts", label=_("Attempts")),
    ]
    list_filter = ["state", "gateway"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return WebhookEvent.objects.order_by("-pk")


class MoneyGroup(ViewSetGroup):
    menu_label = _("Donations")
    menu_icon = "pick"
    menu_order = 350
    items = (
        ProgressViewSet("totals"),
        DonationViewSet("donations"),
        LedgerViewSet("ledger"),
        WebhookViewSet("webhooks"),
    )


def describe(user: Any) -> str:
    """Who made an entry, as it stays in the ledger: readable after the account is gone."""
    return f"{user.get_full_name() or user.get_username()} ({user.get_username()})"[:255]


def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back an entry made by hand, with a reason."""
    if not request.user.has_perm("campaigns.add_ledgerentry"):
        raise PermissionDenied
    entry = get_object_or_404(LedgerEntry, pk=pk)
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.correct_entry(pk, reason=form.cleaned_data["reason"], recorded_by=describe(request.user))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, gettext("The entry is taken back by a second one."))
            return redirect("ledger:index")
    context = {"form": form, "entry": entry, "amount": f"{to_major(entry.amount)} {entry.currency}"}
    return TemplateResponse(request, "campaigns/admin/correct.html", context)
