"""The forms of endpoints."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from cms.content.moments import MomentField
from cms.content.types import content_types
from cms.webhooks.addresses import LONGEST_URL, AddressRefused, parse
from cms.webhooks.models import KINDS, Endpoint

_KIND_NAMES = {"publish": _("published"), "update": _("updated"), "unpublish": _("unpublished"), "delete": _("deleted")}


def _type_choices() -> list[tuple[str, str]]:
    return [(name, str(model._meta.verbose_name)) for name, model in content_types().items()] + [
        ("front", str(_("front page")))
    ]


class Several(forms.MultipleChoiceField):
    """Boxes to tick; none is all."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, help_text=_("None chosen: all."), **options)


class EndpointForm(WagtailAdminModelForm):
    url = forms.CharField(
        label=_("Address"),
        max_length=LONGEST_URL,
        help_text=_("Where your site receives webhooks: https://www.example.org/hooks/ostriv"),
    )
    kinds = Several(label=_("Events"), choices=[(kind, _KIND_NAMES[kind]) for kind in KINDS])
    types = Several(label=_("Content types"), choices=_type_choices)
    locales = Several(label=_("Languages"), choices=settings.LANGUAGES)

    class Meta:
        model = Endpoint
        fields = ["url", "description", "kinds", "types", "locales", "rate"]

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"].strip()
        try:
            parse(url)
        except AddressRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return url


class RotateForm(forms.Form):
    hours = forms.IntegerField(
        label=_("Hours for which the secret of now is valid too"),
        min_value=0,
        max_value=24 * 14,
        initial=24,
        help_text=_("In this time both sign each request. 0: it is known to others, and ends now."),
    )


class SpanForm(forms.Form):
    begin = MomentField(label=_("From"))
    end = MomentField(label=_("Until"), initial=timezone.now)
    only_failed = forms.BooleanField(label=_("Only what did not arrive"), required=False, initial=True)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("begin") and values.get("end") and values["begin"] > values["end"]:
            self.add_error("end", _("The end is before the beginning."))
        return values
