"""Panels that the content room adds to Wagtail's."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from wagtail.admin.panels import Panel, PanelGroup


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


class FoldedPanel(PanelGroup):
    """What is rarely filled in, behind one line with these words. It is open where it holds something or is wrong.

    Inside the rows of an InlinePanel, where Wagtail folds no group.
    """

    def __init__(self, children: Any = (), *args: Any, words: Any = "", **kwargs: Any) -> None:
        super().__init__(children, *args, **kwargs)
        self.words = words

    def clone_kwargs(self) -> dict[str, Any]:
        return {**super().clone_kwargs(), "words": self.words}

    class BoundPanel(PanelGroup.BoundPanel):
        template_name = "content/admin/folded.html"

        @property
        def is_open(self) -> bool:
            fields = [self.form[name] for name in _fields_of(self.panel) if name in self.form.fields]
            return any(field.errors or field.value() not in (None, "") for field in fields)


def _fields_of(group: PanelGroup) -> Iterator[str]:
    for child in group.children:
        if isinstance(child, PanelGroup):
            yield from _fields_of(child)
        else:
            yield child.field_name
