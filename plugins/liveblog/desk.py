"""The live desk: one screen on which the entries of a live blog are posted, changed and taken back.

It never touches the page's draft. Whoever may edit the page sees its desk; whoever may publish the page may change
what readers see.
"""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView, WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permission_policies.pages import PagePermissionPolicy

from plugins.liveblog import reading, services
from plugins.liveblog.forms import EntryForm, SummaryForm
from plugins.liveblog.models import Coverage, LiveBlogPage, LiveEntry, State, StateChange, entries_for_readers

ICON = "history"
#: Entries on one page of the list.
PAGE = 50
#: What the buttons of an entry do, by the value that they send.
_ACTIONS = {
    "pin": ("pinned", True),
    "unpin": ("pinned", False),
    "key": ("key", True),
    "unkey": ("key", False),
}


class Desks(BaseListingView):
    """The live blogs that this user may edit; those that are live first."""

    page_title = gettext_lazy("Live desk")
    header_icon = ICON
    paginate_by = PAGE
    columns = [
        TitleColumn("title", label=gettext_lazy("Headline"), get_url=lambda page: desk_url(page.pk)),
        StatusTagColumn(
            "state",
            label=gettext_lazy("State"),
            accessor=lambda page: page.live_coverage.get_state_display(),
            primary=lambda page: page.is_live_now,
        ),
        Column("count", label=gettext_lazy("Entries"), accessor="count"),
        DateColumn("latest_revision_created_at", label=gettext_lazy("Edited")),
    ]

    def get_queryset(self) -> QuerySet[LiveBlogPage]:
        may = PagePermissionPolicy().instances_user_has_any_permission_for(self.request.user, ["change", "publish"])
        pages = LiveBlogPage.objects.filter(alias_of__isnull=True, pk__in=may.values("pk")).select_related("coverage")
        counted = pages.annotate(
            count=Count("entries", filter=Q(entries__withdrawn=False)),
            is_live_now=Exists(Coverage.objects.filter(page=OuterRef("pk"), state=State.LIVE)),
        )
        return counted.order_by("-is_live_now", "-latest_revision_created_at", "-pk")


class Desk(WagtailAdminTemplateMixin, View):
    """The desk of one live blog."""

    template_name = "liveblog/desk.html"
    header_icon = ICON
    http_method_names = ["get", "post"]

    def setup(self, request: HttpRequest, *args: Any, page_id: int, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.page, self.may_publish = _page_for(request, page_id)
        self.entry: LiveEntry | None = None
        self.conflict: Any = None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.entry = self._entry(request.GET.get("entry", ""))
        return self._show(self._entry_form(), self._summary_form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _demand(self.may_publish)
        if "before" in request.POST:
            return self._save_summary()
        self.entry = self._entry(request.POST.get("entry", ""))
        form = self._entry_form(request.POST)
        if not form.is_valid():
            return self._show(form, self._summary_form())
        try:
            self._save_entry(form)
        except services.Conflict as conflict:
            # The words go on being the editor's own; saving them once more is then a decision.
            self.conflict = conflict.current
            form.data = {**form.data.dict(), "edition": conflict.current.edition}
        except services.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(desk_url(self.page.pk))
        return self._show(form, self._summary_form())

    def _save_entry(self, form: EntryForm) -> None:
        user, words = self.request.user, {name: form.cleaned_data[name] for name in services.WORDS}
        if self.entry is None:
            flags = {name: form.cleaned_data[name] for name in services.FLAGS}
            services.post(self.page.pk, by=user, id=form.cleaned_data["name"], **words, **flags)
            messages.success(self.request, _("Posted."))
        else:
            edition = form.cleaned_data["edition"] or 0
            services.edit(self.entry.pk, by=user, edition=edition, **words)
            messages.success(self.request, _("Changed."))

    def _save_summary(self) -> HttpResponse:
        form = self._summary_form(self.request.POST)
        if form.is_valid():
            try:
                written, before = form.cleaned_data["summary"], form.cleaned_data["before"]
                services.summarise(self.page.pk, written, before=before)
            except services.Conflict as conflict:
                self.conflict = conflict.current
                form.data = {**form.data.dict(), "before": conflict.current.summary}
            else:
                messages.success(self.request, _("The summary is saved."))
                return HttpResponseRedirect(desk_url(self.page.pk))
        return self._show(self._entry_form(), form)

    def _entry(self, id: str) -> LiveEntry | None:
        if not id:
            return None
        try:
            return get_object_or_404(LiveEntry, page=self.page, pk=UUID(id))
        except ValueError:
            raise Http404 from None

    def _entry_form(self, data: Any = None) -> EntryForm:
        author = None
        if self.entry is None:
            own = LiveEntry.objects.filter(page=self.page, created_by=self.request.user)
            author = own.order_by("-created_at").values_list("author", flat=True).first()
        # Its own instance: a form writes into it what was sent, also what is then refused.
        instance = LiveEntry.objects.get(pk=self.entry.pk) if self.entry else None
        return EntryForm(data, page=self.page, instance=instance, author=author, for_user=self.request.user)

    def _summary_form(self, data: Any = None) -> SummaryForm:
        return SummaryForm(data, instance=self.page.live_coverage, for_user=self.request.user)

    def _show(self, entry_form: EntryForm, summary_form: SummaryForm) -> HttpResponse:
        context = self.get_context_data(entry_form=entry_form, summary_form=summary_form)
        return self.render_to_response(context, status=409 if self.conflict else 200)

    def get_page_title(self) -> str:
        return _("Live desk")

    def get_page_subtitle(self) -> str:
        return str(self.page.get_admin_display_title())

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        own = [
            {"url": reverse("plugin_liveblog:desks"), "label": _("Live desk")},
            {"url": "", "label": self.page.get_admin_display_title()},
        ]
        return [*self.breadcrumbs_items, *own]

    def get_header_buttons(self) -> list[HeaderButton]:
        edit = reverse("wagtailadmin_pages:edit", args=[self.page.pk])
        return [HeaderButton(_("Edit the page"), url=edit, icon_name="edit")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        entry_form, summary_form = kwargs["entry_form"], kwargs["summary_form"]
        return {
            **context,
            **list_context(self.request, self.page, self.may_publish),
            "coverage": self.page.live_coverage,
            "log": StateChange.objects.filter(coverage=self.page.pk).select_related("made_by"),
            "entry": self.entry,
            **self._conflict_context(),
            "media": entry_form.media + summary_form.media,
        }

    def _conflict_context(self) -> dict[str, Any]:
        if isinstance(self.conflict, LiveEntry):
            (document,) = reading.fill([reading.entry_document(self.conflict)])
            return {"conflict": self.conflict, "theirs": document}
        if isinstance(self.conflict, Coverage):
            (document,) = reading.fill([reading.coverage_document(self.conflict)])
            return {"summary_conflict": document["summary"]}
        return {}


class EntryList(View):
    """The list of entries alone, for the desk's script."""

    def get(self, request: HttpRequest, page_id: int) -> HttpResponse:
        page, may_publish = _page_for(request, page_id)
        return render(request, "liveblog/entries.html", list_context(request, page, may_publish))


class Act(View):
    """A button of one entry: pin, key moment, withdraw, and back."""

    def post(self, request: HttpRequest, page_id: int, entry_id: UUID) -> HttpResponse:
        page, may_publish = _page_for(request, page_id)
        _demand(may_publish)
        get_object_or_404(LiveEntry, page=page, pk=entry_id)
        action = request.POST.get("action", "")
        if action in _ACTIONS:
            services.flag(entry_id, *_ACTIONS[action])
        elif action in ("withdraw", "restore"):
            services.withdraw(entry_id, by=request.user, withdrawn=action == "withdraw")
        else:
            raise Http404
        if request.headers.get("X-Requested-With") == "XMLHttpRequest":
            return render(request, "liveblog/entries.html", list_context(request, page, may_publish))
        return HttpResponseRedirect(f"{desk_url(page.pk)}#entry-{entry_id}")


class Move(View):
    """Start, close or reopen a coverage."""

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        page, may_publish = _page_for(request, page_id)
        _demand(may_publish)
        to = request.POST.get("to", "")
        if to not in (State.LIVE, State.CLOSED):
            raise Http404
        try:
            services.move(page.pk, State(to), by=request.user)
        except services.Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Readers now see that it is live.") if to == State.LIVE else _("Closed."))
        return HttpResponseRedirect(desk_url(page.pk))


def desk_url(page_id: int) -> str:
    """The address of a page's desk."""
    return reverse("plugin_liveblog:desk", args=[page_id])


def list_context(request: HttpRequest, page: LiveBlogPage, may_publish: bool) -> dict[str, Any]:
    """What the list of entries shows: pinned and withdrawn ones too, newest first."""
    entries = Paginator(entries_for_readers(page=page).select_related("created_by", "updated_by"), PAGE)
    shown = entries.get_page(request.GET.get("p"))
    documents = reading.fill(reading.entry_document(entry) for entry in shown)
    return {
        "page": page,
        "may_publish": may_publish,
        "entries": shown,
        "rows": list(zip(shown, documents, strict=True)),
    }


def _page_for(request: HttpRequest, page_id: int) -> tuple[LiveBlogPage, bool]:
    """The page and whether this user may publish it. Raises Http404, PermissionDenied."""
    page = get_object_or_404(LiveBlogPage.objects.select_related("locale"), pk=page_id, alias_of__isnull=True)
    permissions = page.permissions_for_user(request.user)
    may_publish = permissions.can_publish()
    if not may_publish:
        _demand(permissions.can_edit())
    return page, may_publish


def _demand(permitted: bool) -> None:
    if not permitted:
        raise PermissionDenied
