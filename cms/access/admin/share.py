"""The screen on which an editor shares a page's preview: makes links, sees who made which, and takes them back."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from cms.access import links
from cms.access.models import ShareLink
from cms.content import preview

#: Versions that one can choose from, beside the latest draft.
_VERSIONS = 30
_HOUR, _DAY = 3600, 24 * 3600
LASTING = [
    (_HOUR, gettext_lazy("1 hour")),
    (_DAY, gettext_lazy("1 day")),
    (3 * _DAY, gettext_lazy("3 days")),
    (7 * _DAY, gettext_lazy("7 days")),
    (30 * _DAY, gettext_lazy("30 days")),
]


class VersionField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Revision) -> str:
        moment = date_format(localtime(obj.created_at), "SHORT_DATETIME_FORMAT")
        return f"{moment} · {obj.user}" if obj.user else moment


class ShareForm(forms.Form):
    revision = VersionField(
        label=gettext_lazy("What it shows"),
        queryset=Revision.objects.none(),
        required=False,
        empty_label=gettext_lazy("the latest draft, as of its opening"),
    )
    lasting = forms.TypedChoiceField(label=gettext_lazy("Works for"), choices=LASTING, coerce=int, initial=3 * _DAY)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For whom it is. Only editors see this."),
    )

    def __init__(self, *args: Any, page: Page, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = page.revisions.order_by("-created_at", "-id").values_list("pk", flat=True)[:_VERSIONS]
        of_page = Revision.objects.filter(pk__in=list(newest)).order_by("-created_at", "-id")
        self.fields["revision"].queryset = of_page.select_related("user")


def can_share(page: Page | None, user: Any) -> bool:
    """Whoever may edit a page may show its draft to others, if readers ever see such a page."""
    if page is None or page.pk is None or page.alias_of_id is not None:
        return False
    model = page.specific_class
    return bool(model and model.preview_modes and page.permissions_for_user(user).can_edit())


def share_page(request: HttpRequest, page_id: int) -> HttpResponse:
    """The page's links, and a form for another one; on POST make it and show it, this once."""
    page = _page_for(request, page_id)
    form = ShareForm(request.POST or None, page=page)
    address = _make(request, page, form) if request.method == "POST" and form.is_valid() else None
    context = {
        "page": page,
        "form": ShareForm(page=page) if address else form,
        "address": address,
        "links": links.links_of(page),
    }
    return TemplateResponse(request, "access/share.html", context)


@require_POST
def revoke_link(request: HttpRequest, page_id: int, link_id: int) -> HttpResponse:
    """Take a link back."""
    page = _page_for(request, page_id)
    link = get_object_or_404(ShareLink, pk=link_id, page_id=page.pk)
    link.revoke()
    log(page, "access.unshare", user=request.user, data={"note": link.note})
    messages.success(request, _("The link is taken back: it opens nothing any more."))
    return redirect(reverse("share_page", args=[page.pk]))


def _page_for(request: HttpRequest, page_id: int) -> Page:
    page = get_object_or_404(Page, pk=page_id).specific
    if not can_share(page, request.user):
        raise PermissionDenied
    return page


def _make(request: HttpRequest, page: Page, form: ShareForm) -> str | None:
    data = form.cleaned_data
    lasting = timedelta(seconds=data["lasting"])
    try:
        token = links.share(page, lasting, request.user, revision=data["revision"], note=data["note"])
    except links.TooMany:
        messages.error(
            request, _("This page has %d links that work. Take back those that nobody needs.") % links.MOST_OF_A_PAGE
        )
        return None
    log(page, "access.share", user=request.user, data={"note": data["note"]})
    return preview.address(token, page.locale.language_code)
