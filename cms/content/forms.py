"""What the forms of the content room add to Wagtail's."""

from typing import Any

from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.models import Page


class FrontPageForm(WagtailAdminPageForm):
    """A front page is of one language, and so is what stands on it."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        for formset in (self.formsets["slots"], self.formsets["pins"]):
            for form in formset.forms:
                form.full_clean()
                for name in ("page", "fallback"):
                    self._check_language(form, name)
        return data

    def _check_language(self, form: Any, name: str) -> None:
        chosen: Page | None = getattr(form, "cleaned_data", {}).get(name)
        if chosen is None or chosen.locale_id == self.instance.locale_id:
            return
        if chosen.get_translation_or_none(self.instance.locale) is None:
            form.add_error(
                name,
                _("“%(page)s” is in another language, and has no translation into that of this front page.")
                % {"page": chosen},
            )
