"""Panels that the content room adds to Wagtail's."""

from typing import Any

from django.utils import timezone
from wagtail.admin.panels import Panel


class PhasePanel(Panel):
    """Says where something timed stands now (``cms.content.models.timed``): an editor sees at once what has ended."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "content/admin/phase.html"

        def is_shown(self) -> bool:
            # The empty form that new ones are made of has nothing to say.
            return bool(super().is_shown() and self.instance.page_id)

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            page = self.instance.page
            return {
                **context,
                "timed": self.instance,
                "phase": self.instance.phase(timezone.now()),
                "page": page,
                "fallback": getattr(self.instance, "fallback", None),
            }
