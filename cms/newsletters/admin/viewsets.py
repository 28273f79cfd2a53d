"""Lists and forms: newsletters, subscribers, dispatches."""

from typing import Any

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column, DateColumn, LocaleColumn, StatusTagColumn
from wagtail.admin.views.generic import DeleteView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from cms.newsletters import services
from cms.newsletters.admin.report import DispatchReport
from cms.newsletters.models import Delivery, Dispatch, Newsletter, Subscriber, Subscription


class NewsletterViewSet(SnippetViewSet):
    model = Newsletter
    icon = "mail"
    menu_label = _("Newsletters")
    list_display = ["name", "slug", LocaleColumn(), "frequency", Column("confirmed", label=_("Subscribers")), "active"]
    copy_view_enabled = False
    add_to_admin_menu = False

    def get_queryset(self, request):
        return Newsletter.objects.annotate(
            confirmed=Count("subscriptions", filter=Q(subscriptions__state=Subscription.State.CONFIRMED))
        )


class SubscriberFilter(WagtailFilterSet):
    class Meta:
        model = Subscriber
        fields = ["subscriptions__newsletter", "subscriptions__state", "locale"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The label made of both models' names would be half English.
        self.filters["subscriptions__newsletter"].label = _("Newsletter")
        self.filters["subscriptions__state"].label = _("State")


class SubscriberIndex(IndexView):
    is_searchable = True

    def search_queryset(self, queryset: models.QuerySet) -> models.QuerySet:
        words = self.search_query
        found = Q(email__icontains=words) | Q(name__icontains=words)
        return queryset.filter(found) if words else queryset


class SubscriberDelete(DeleteView):
    """Deleting is forgetting: the address goes from the ledger too."""

    def delete_action(self) -> None:
        services.erase_subscriber(self.object)


class SubscriberViewSet(ModelViewSet):
    model = Subscriber
    name = "subscribers"
    icon = "user"
    menu_label = _("Subscribers")
    index_view_class = SubscriberIndex
    delete_view_class = SubscriberDelete
    list_display = ["email", "name", "locale", Column("newsletters", label=_("Newsletters")), "bounces", "created_at"]
    list_export = ["email", "name", "locale", "newsletters", "bounces", "created_at"]
    export_headings = {"newsletters": _("newsletters")}
    export_filename = "subscribers"
    filterset_class = SubscriberFilter
    search_fields = ["email", "name"]
    copy_view_enabled = False
    inspect_view_enabled = True
    add_to_reference_index = False
    panels = [FieldPanel("name"), FieldPanel("email", read_only=True), FieldPanel("bounces", read_only=True)]

    def get_queryset(self, request):
        return Subscriber.objects.prefetch_related("subscriptions__newsletter")


class DispatchIndex(IndexView):
    default_ordering = "-scheduled_at"


class DispatchViewSet(ModelViewSet):
    model = Dispatch
    name = "dispatches"
    icon = "mail"
    menu_label = _("Dispatches")
    index_view_class = DispatchIndex
    inspect_view_class = DispatchReport
    inspect_view_enabled = True
    inspect_template_name = "newsletters/admin/report.html"
    list_display = [
        "subject",
        Column("newsletter", label=_("Newsletter")),
        StatusTagColumn("get_state_display", label=_("State")),
        DateColumn("scheduled_at", label=_("To be sent at")),
        Column("sent", label=_("Sent")),
        Column("waiting", label=_("Waiting")),
        Column("failed", label=_("Failed")),
        Column("uncertain", label=_("Uncertain")),
    ]
    list_filter = ["newsletter", "state"]
    copy_view_enabled = False
    add_to_reference_index = False
    form_fields: list[str] = []

    def get_queryset(self, request):
        state = Delivery.State
        counted = {
            "sent": [state.SENT],
            "waiting": Delivery.OPEN,
            "failed": [state.FAILED],
            "uncertain": [state.UNCERTAIN],
        }
        return (
            Dispatch.objects.select_related("newsletter")
            .defer("html", "text")
            .annotate(
                **{
                    name: Count("deliveries", filter=Q(deliveries__state__in=states))
                    for name, states in counted.items()
                }
            )
        )


class NewslettersGroup(SnippetViewSetGroup):
    items = (NewsletterViewSet, SubscriberViewSet, DispatchViewSet)
    menu_label = _("Newsletters")
    menu_icon = "mail"
    menu_name = "newsletters"
    menu_order = 350
    add_to_admin_menu = True
