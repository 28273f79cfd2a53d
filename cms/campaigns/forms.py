"""Forms of the editors: the campaign page's, and the entry made by hand."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from cms.campaigns.gateways import all_gateways


class CampaignPageForm(WagtailAdminPageForm):
    """Ways to pay as tick boxes; terms that are edited on another page shown, and not to be changed here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._tick_gateways()
        campaign = self.instance.campaign if self.instance.translation_key else None
        if campaign is not None and self.instance.takes_terms_from_another(campaign):
            self._freeze_terms(campaign)

    def _tick_gateways(self) -> None:
        if "gateways" not in self.fields:
            return
        choices = {label: gettext(gateway.name) for label, gateway in all_gateways().items()}
        for label in self.instance.gateways or []:
            choices.setdefault(label, _("%s (not enabled now)") % label)
        old = self.fields["gateways"]
        self.fields["gateways"] = forms.MultipleChoiceField(
            choices=list(choices.items()),
            required=False,
            label=old.label,
            help_text=old.help_text,
            widget=forms.CheckboxSelectMultiple,
        )

    def _freeze_terms(self, campaign: Any) -> None:
        from cms.campaigns.models.page import TERMS

        for name in TERMS:
            if name in self.fields:
                # A disabled field ignores what is posted and keeps its initial value.
                self.fields[name].disabled = True
                self.fields[name].help_text = _("Edited on the page “%s”.") % campaign.terms_page.title
                self.initial[name] = getattr(campaign, name)
