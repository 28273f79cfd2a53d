"""The screen between an edition and its readers: to whom it goes, what stands in the way, and a trial first."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from cms.content.moments import MomentField
from cms.newsletters import sending, services
from cms.newsletters.addresses import InvalidAddress
from cms.newsletters.models import Dispatch, EditionPage
from cms.newsletters.rendering import RenderingError


class ScheduleForm(forms.Form):
    when = MomentField(
        label=gettext_lazy("Send at"),
        required=False,
        help_text=gettext_lazy("Left empty, it is sent at once. Time of the newsroom."),
    )

    def clean_when(self):
        when = self.cleaned_data["when"]
        if when and when < timezone.now():
            raise forms.ValidationError(_("This moment has passed. Leave it empty to send at once."))
        return when


class TrialForm(forms.Form):
    email = forms.CharField(label=gettext_lazy("Send a trial to"), max_length=254)


def send_edition(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show what would be sent; on POST send it, or a trial of it."""
    edition = get_object_or_404(EditionPage.objects.select_related("newsletter__locale"), pk=page_id)
    may_write = edition.permissions_for_user(request.user).can_edit()
    if not may_write or not request.user.has_perm("newsletters.add_dispatch"):
        raise PermissionDenied
    schedule = ScheduleForm(request.POST if "send" in request.POST else None, prefix="schedule")
    trial = TrialForm(
        request.POST if "trial" in request.POST else None, prefix="trial", initial={"email": request.user.email}
    )
    if request.method == "POST":
        done = _send(request, edition, schedule) if "send" in request.POST else _try(request, edition, trial)
        if done:
            return done
    return TemplateResponse(request, "newsletters/admin/send.html", _context(edition, schedule, trial))


#: A trial waits for the mail server's answer, and no transaction may wait with it. What changes the database here is
#: a service with a transaction of its own.
send_edition.manages_transactions = True


def _context(edition: EditionPage, schedule: ScheduleForm, trial: TrialForm) -> dict[str, Any]:
    dispatch = Dispatch.objects.filter(edition=edition).exclude(state=Dispatch.State.CANCELLED).first()
    return {
        "edition": edition,
        "audience": services.audience_size(edition.newsletter),
        "warnings": services.warnings_for(edition),
        "has_newer_draft": edition.live and edition.has_unpublished_changes,
        "dispatch": dispatch,
        "schedule": schedule,
        "trial": trial,
        "media": schedule.media + trial.media,
    }


def _send(request: HttpRequest, edition: EditionPage, form: ScheduleForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    try:
        dispatch = services.schedule_dispatch(edition, form.cleaned_data["when"], request.user)
    except services.DispatchRefused as refusal:
        messages.error(request, str(refusal))
        return None
    if form.cleaned_data["when"]:
        messages.success(request, _("“%s” will be sent at the time you chose.") % edition)
    else:
        messages.success(request, _("“%s” is being sent.") % edition)
    return redirect(reverse("dispatches:inspect", args=[dispatch.pk]))


def _try(request: HttpRequest, edition: EditionPage, form: TrialForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    try:
        # What an editor wants to try is what was last saved, published or not.
        sending.send_test(edition.get_latest_revision_as_object(), form.cleaned_data["email"])
    except InvalidAddress as error:
        form.add_error("email", _(str(error)))
        return None
    except (sending.Refused, sending.OutcomeUnknown) as error:
        messages.error(request, _("The trial could not be sent: %s") % error)
        return None
    except RenderingError as error:
        messages.error(request, _("This edition can't be made into a message: %s") % error)
        return None
    messages.success(request, _("A trial is on its way to %s.") % form.cleaned_data["email"])
    return redirect(request.path)
