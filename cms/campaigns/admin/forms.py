"""The two entries that staff make by hand: money that came past the gateways, and the correction of such an entry."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.campaigns.fields import MoneyFormField
from cms.campaigns.models import LedgerEntry
from cms.campaigns.models.ledger import Kind
from cms.content.moments import MomentField


class OfflineForm(forms.ModelForm):
    """A transfer to the newsroom's account, cash from an event, a sponsor's match."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind.value, kind.label) for kind in (Kind.OFFLINE, Kind.MATCH)])
    amount = MoneyFormField(
        label=_("Amount"), min_value=1, help_text=_("In whole units of the campaign's currency: 1500 or 99.50.")
    )
    external_id = forms.CharField(
        label=_("Number at the bank"),
        required=False,
        max_length=255,
        help_text=_("If there is one: then the same transfer can't be entered twice."),
    )
    occurred_at = MomentField(label=_("Happened"), initial=timezone.now)
    reason = forms.CharField(label=_("Reason"), max_length=500, help_text=_("From whom, and how you know of it."))

    class Meta:
        model = LedgerEntry
        fields = ["campaign", "kind", "amount", "external_id", "occurred_at", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.pop("for_user", None)
        super().__init__(*args, **kwargs)


class CorrectionForm(forms.Form):
    """Why an entry made by hand is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=500)
