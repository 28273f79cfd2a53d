"""Taking a donor's name off the page, for good."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.widgets import Button

from cms.campaigns import services
from cms.campaigns.models import Donation
from cms.campaigns.money import to_major

PERMISSION = "campaigns.change_donation"


def forget_button(donation: Donation) -> Button:
    url = reverse("forget_donor", args=[donation.pk])
    return Button(_("Hide and forget this donor…"), url=url, icon_name="bin", priority=40)


def forget(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask once more, then forget."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    donation = get_object_or_404(Donation.objects.select_related("campaign"), pk=pk)
    if request.method == "POST":
        services.forget_donor(pk, user=request.user)
        messages.success(request, gettext("The donor is forgotten. The page will be without the name in a minute."))
        return redirect("donations:index")
    context = {"donation": donation, "amount": f"{to_major(donation.amount)} {donation.currency}"}
    return TemplateResponse(request, "campaigns/admin/forget.html", context)
