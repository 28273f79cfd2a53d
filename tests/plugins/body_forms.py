"""The form of a page as a browser holds it: read from the editor's HTML, changed, and sent back."""

import html
import json
import re
from typing import Any

from django.test import Client
from django.urls import reverse

from cms.content.models import ContentPage
from tests.support.content import form_of

State = list[dict[str, Any]]


def definition_and_state(page_html: str, field: str = "body") -> tuple[str, State]:
    """What the editor's script is given for a stream: the packed definition, and the state of its blocks."""
    found = re.search(
        rf'<div id="{field}"[^>]*data-w-block-data-value="([^"]*)"[^>]*data-w-block-arguments-value="([^"]*)"',
        page_html,
    )
    assert found, f"the form has no stream {field!r}"
    return html.unescape(found[1]), json.loads(html.unescape(found[2]))[0]


def opened(editor: Client, page: ContentPage, field: str = "body") -> State:
    """The blocks as the edit form of this page shows them now."""
    response = editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert response.status_code == 200
    return definition_and_state(response.content.decode(), field)[1]


def sent(state: State) -> dict[str, Any]:
    """What a browser sends for these blocks."""
    blocks = {
        str(place): {
            "type": block["type"],
            "value": block["value"]["signed"] if block["type"] == "needs_plugin" else _fields(block["value"]),
            "order": str(place),
            "deleted": "",
            "id": block["id"],
        }
        for place, block in enumerate(state)
    }
    return {"count": str(len(state)), **blocks}


def _fields(value: Any) -> Any:
    """The fields of a block; the state of a choice is the list of what is chosen."""
    if isinstance(value, dict):
        return {name: _fields(each) for name, each in value.items()}
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def save(editor: Client, page: ContentPage, state: State, *, action: str = "", **changes: Any) -> Any:
    """Send the edit form with these blocks; ``action`` as in :func:`tests.support.content.page_form`."""
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return editor.post(address, form_of(page, action=action, body=sent(state), **changes))
