"""The Plugins page: what is installed, what it does, what went wrong in it, and its switches."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from django.views.generic.base import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, Table, TitleColumn
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from cms.lifecycle import switching, tombstones
from cms.lifecycle.facts import ACTIVE, INACTIVE, RESTING, PluginFacts, all_facts, facts_of
from cms.lifecycle.settings_form import SettingsForm, form_of
from cms.registry import faults, states
from cms.registry.discovery import Plugin
from cms.registry.models import PluginFault
from cms.registry.owners import enabled

PERMISSION = "registry.change_pluginstate"
#: Faults shown of one plugin.
SHOWN = 20
_BREADCRUMBS = WagtailAdminTemplateMixin.breadcrumbs_items


class ForPluginKeepers(View):
    """For superusers, and for groups that may change plugins."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def plugin(self) -> Plugin:
        """The enabled plugin that the address names."""
        plugin = enabled(self.kwargs["label"])
        if plugin is None or tombstones.is_purged(plugin.label):
            raise Http404
        return plugin


class PluginIndex(ForPluginKeepers, WagtailAdminTemplateMixin, TemplateView):
    """Every plugin that is found here."""

    template_name = "lifecycle/index.html"
    page_title = gettext_lazy("Plugins")
    header_icon = "cogs"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*_BREADCRUMBS, {"url": "", "label": _("Plugins")}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        table = Table(
            [
                TitleColumn("about.name", label=_("Plugin"), get_url=_address),
                Column("label", label=_("Label")),
                Column("about.version", label=_("Version")),
                StatusTagColumn("state_name", label=_("State"), primary=lambda facts: facts.state == ACTIVE),
                Column("content_in_words", label=_("Content")),
                Column("faults", label=_("Faults")),
                Column("last_fault.error", label=_("Last fault")),
                DateColumn("last_fault.happened_at", label=_("When")),
            ],
            all_facts(),
        )
        return {**super().get_context_data(**kwargs), "table": table, "media": table.media}


def _address(facts: PluginFacts) -> str | None:
    return reverse("plugins:detail", args=[facts.label]) if facts.loaded else None


class PluginDetail(ForPluginKeepers, WagtailAdminTemplateMixin, TemplateView):
    """One plugin: facts, switches, settings and faults."""

    template_name = "lifecycle/detail.html"
    header_icon = "cogs"

    def get_page_title(self) -> str:
        return str(self.plugin.info.name or self.plugin.label)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        plugins = {"url": reverse_lazy("plugins:index"), "label": _("Plugins")}
        return [*_BREADCRUMBS, plugins, {"url": "", "label": self.get_page_title()}]

    def post(self, request: HttpRequest, label: str) -> HttpResponse:
        """Save the settings."""
        form = self.settings_form
        if form is None:
            raise Http404
        if self._is_valid(form):
            switching.save_settings(self.plugin.label, form.cleaned_data, request.user)
            messages.success(request, _("The settings are saved."))
            return redirect(request.path)
        messages.error(request, _("The settings could not be saved."))
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = facts_of(self.plugin)
        form = self.settings_form
        newest = PluginFault.objects.filter(label=self.plugin.label).order_by("-happened_at", "-pk")
        return {
            **super().get_context_data(**kwargs),
            "facts": facts,
            "is_active": facts.state == ACTIVE,
            "is_inactive": facts.state == INACTIVE,
            "is_resting": facts.state == RESTING,
            "rested_at": states.state_of(self.plugin.label).rested_at,
            "form": form,
            "form_error": self.form_error,
            "newest_faults": newest[:SHOWN],
            "media": form.media if form else "",
        }

    #: What is wrong with the plugin's settings, if they can't be shown.
    form_error = ""

    @cached_property
    def settings_form(self) -> SettingsForm | None:
        """The form; None if the plugin has no settings, or if its settings fail (``form_error`` says how)."""
        data = self.request.POST if self.request.method == "POST" else None
        try:
            return form_of(self.plugin, states.state_of(self.plugin.label).settings, data)
        except Exception as error:
            self._failed(error)
            return None

    def _is_valid(self, form: SettingsForm) -> bool:
        try:
            return form.is_valid()
        except Exception as error:
            self._failed(error)
            self.settings_form = None
            return False

    def _failed(self, error: Exception) -> None:
        faults.note(self.plugin.label, "settings form", error)
        self.form_error = f"{type(error).__name__}: {error}"


class PluginSwitch(ForPluginKeepers):
    """POST: on, off, or "I have looked"."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, label: str) -> HttpResponse:
        name = self.plugin.info.name or label
        asked = request.POST.get("to")
        if asked == "active":
            switching.enable(label, request.user)
            messages.success(request, _("“%s” is active.") % name)
        elif asked == "inactive":
            switching.disable(label, request.user)
            messages.success(request, _("“%s” is inactive. Nothing of it is lost.") % name)
        elif asked == "awake":
            switching.wake(label, request.user)
            messages.success(request, _("“%s” works again.") % name)
        else:
            messages.error(request, _("Nothing was chosen."))
        return redirect(reverse("plugins:detail", args=[label]))
