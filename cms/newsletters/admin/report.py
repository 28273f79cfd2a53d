"""What became of a dispatch: counts, and by name those who need an editor's decision."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views.generic import InspectView

from cms.newsletters import services
from cms.newsletters.models import Delivery, Dispatch


def counts_of(dispatch: Dispatch) -> list[dict[str, Any]]:
    """How many deliveries are in each state that has any, in the order of their life."""
    found: dict[str, int] = {}
    for state in dispatch.deliveries.order_by().values_list("state", flat=True).distinct():
        found[state] = dispatch.deliveries.filter(state=state).count()
    return [
        {"state": state, "label": Delivery.State(state).label, "number": found[state]}
        for state in Delivery.State.values
        if state in found
    ]


class DispatchReport(InspectView):
    """The report, and the three things that an editor can do about it. Each asks for its own permission."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        state = Delivery.State
        troubled = self.object.deliveries.filter(state__in=[state.UNCERTAIN, state.FAILED]).order_by("-state", "pk")
        return {
            **super().get_context_data(**kwargs),
            "dispatch": self.object,
            "counts": counts_of(self.object),
            "troubled": Paginator(troubled, 50).get_page(self.request.GET.get("p")),
            "can_stop": self.object.state in {Dispatch.State.SCHEDULED, Dispatch.State.SENDING}
            and self.request.user.has_perm("newsletters.add_dispatch"),
            "can_settle": self.request.user.has_perm("newsletters.change_delivery"),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            messages.success(request, self._act(request))
        except services.DispatchRefused as refusal:
            messages.error(request, str(refusal))
        return redirect(request.path)

    def _act(self, request: HttpRequest) -> str:
        if "stop" in request.POST:
            self._require("newsletters.add_dispatch")
            services.cancel_dispatch(self.object.pk)
            return _("Stopped. What had not been handed over yet is not sent.")
        self._require("newsletters.change_delivery")
        for name, act, said in (
            ("settle", services.settle_uncertain, _("Marked as delivered.")),
            ("resend", services.resend_delivery, _("It will be sent again.")),
        ):
            chosen = request.POST.get(name, "")
            if chosen.isascii() and chosen.isdigit() and self.object.deliveries.filter(pk=int(chosen)).exists():
                act(int(chosen))
                return said
        raise services.DispatchRefused(_("Nothing was chosen."))

    def _require(self, permission: str) -> None:
        if not self.request.user.has_perm(permission):
            raise PermissionDenied
