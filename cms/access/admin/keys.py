"""The list of API keys, and their forms. A key is shown on the screen that follows its making, and never again."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log

from cms.access import keys
from cms.access.models import ApiKey
from cms.content.moments import MomentField


class ApiKeyForm(WagtailAdminModelForm):
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Opens"), choices=ApiKey.Scope.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = ApiKey
        fields = ["name", "scopes", "rate", "expires_at"]
        field_classes = {"expires_at": MomentField}

    def clean_expires_at(self) -> Any:
        moment = self.cleaned_data["expires_at"]
        if "expires_at" in self.changed_data and moment and moment <= timezone.now():
            raise forms.ValidationError(_("This moment has passed. To end a key now, revoke it."))
        return moment


class ApiKeyIndex(generic.IndexView):
    def get_list_more_buttons(self, instance: ApiKey) -> Any:
        buttons = super().get_list_more_buttons(instance)
        for button in buttons:
            if button.url == self.get_delete_url(instance):
                button.label = _("Revoke")
        return buttons


class ApiKeyCreate(generic.CreateView):
    def form_valid(self, form: ApiKeyForm) -> HttpResponse:
        self.object = form.save(commit=False)
        presented = keys.issue(self.object, self.request.user)
        log(self.object, "wagtail.create", user=self.request.user)
        context = self.get_context_data(form=form, presented=presented, back=self.get_success_url())
        return TemplateResponse(self.request, "access/key_made.html", context)


class ApiKeyEdit(generic.EditView):
    delete_item_label = gettext_lazy("Revoke")


class ApiKeyRevoke(generic.DeleteView):
    """The row stays, so that one can see later what the key was for."""

    page_title = gettext_lazy("Revoke")
    template_name = "access/revoke_key.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        self.object.revoke()
        log(self.object, "wagtail.edit", user=request.user)
        messages.success(request, _("“%s” is revoked: within a second it opens nothing.") % self.object.name)
        return redirect(self.get_success_url())


class ApiKeyViewSet(ModelViewSet):
    model = ApiKey
    name = "api_keys"
    icon = "key"
    menu_label = gettext_lazy("API keys")
    menu_name = "ostriv_api_keys"
    menu_order = 603
    add_to_settings_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = False
    index_view_class = ApiKeyIndex
    add_view_class = ApiKeyCreate
    edit_view_class = ApiKeyEdit
    delete_view_class = ApiKeyRevoke
    list_display = [
        "name",
        Column("prefix", label=gettext_lazy("Begins with")),
        Column("scopes_in_words", label=gettext_lazy("Opens")),
        StatusTagColumn("state", label=gettext_lazy("State"), primary=lambda key: key.is_live),
        Column("created_by", label=gettext_lazy("Made by")),
        DateColumn("last_used_at", label=gettext_lazy("Last used")),
        DateColumn("expires_at", label=gettext_lazy("Works until")),
    ]
    search_fields = ["name", "prefix"]

    def get_form_class(self, for_update: bool = False) -> type[ApiKeyForm]:
        return ApiKeyForm

    def get_queryset(self, request: HttpRequest) -> Any:
        return ApiKey.objects.select_related("created_by")
