"""Where an answer leads: OpenAPI links, for tools that walk from one operation to the next.

https://spec.openapis.org/oas/v3.1.1.html#link-object
"""

from dataclasses import dataclass, field
from typing import Any

Schema = dict[str, Any]
_FIRST = "$response.body#/results/0"


@dataclass(frozen=True)
class Link:
    """From the answer of one operation to another, whose parameters are runtime expressions."""

    source: str
    target: str
    name: str
    parameters: dict[str, str] = field(default_factory=dict)
    status: str = "200"


def _detail(source: str, name: str, pointer: str) -> Link:
    parts = {key: f"$response.body#{pointer}/{key}" for key in ("type", "slug", "locale")}
    return Link(source, "content_detail", name, parts)


LINKS = [
    _detail("content_list", "Detail", "/results/0"),
    _detail("search", "Detail", "/results/0"),
    _detail("editions", "Detail", "/results/0"),
    _detail("front", "Newest", "/latest/0"),
    _detail("front", "Lead", "/slots/0"),
    _detail("content_detail", "Related", "/related/0"),
    Link(
        "content_detail",
        "content_detail",
        "Translation",
        {
            "type": "$response.body#/type",
            "slug": "$response.body#/translations/0/slug",
            "locale": "$response.body#/translations/0/locale",
        },
    ),
    _detail("resolve", "Content", ""),
    Link("content_detail", "resolve", "Path", {"path": "$response.body#/path"}),
    Link("content_list", "resolve", "Path", {"path": f"{_FIRST}/path"}),
    Link("content_list", "content_list", "SameSection", {"section": f"{_FIRST}/section/slug"}),
    Link("types", "type", "Schema", {"type": f"{_FIRST}/type"}),
    Link("types", "content_list", "OfType", {"type": f"{_FIRST}/type"}),
    Link("sections", "content_list", "OfSection", {"section": f"{_FIRST}/slug"}),
    Link("authors", "author", "Author", {"slug": f"{_FIRST}/slug", "locale": "$request.query.locale"}),
    Link("authors", "content_list", "ByAuthor", {"author": f"{_FIRST}/slug"}),
    Link("tags", "content_list", "Tagged", {"tag": f"{_FIRST}/slug"}),
    _detail("changes", "Detail", "/results/0"),
    Link("changes", "changes", "Next", {"since": "$response.body#/next"}),
    Link("campaigns", "campaign", "Campaign", {"slug": f"{_FIRST}/slug"}),
    Link("campaigns", "campaign_progress", "Progress", {"slug": f"{_FIRST}/slug"}),
    Link("campaigns", "donate", "Donate", {"slug": f"{_FIRST}/slug"}),
    Link("donate", "donation", "Donation", {"id": "$response.body#/id"}, status="201"),
    Link("newsletters", "editions", "Editions", {"slug": f"{_FIRST}/slug"}),
    Link("newsletters", "subscribe", "Subscribe", {"slug": f"{_FIRST}/slug"}),
]


def link(operations: dict[str, Schema]) -> None:
    """Add to these operations, by their ids, the links between those that there are."""
    for each in LINKS:
        source, target = operations.get(each.source), operations.get(each.target)
        answer = (source or {}).get("responses", {}).get(each.status)
        if answer is None or target is None:
            continue
        known = {parameter["name"] for parameter in target.get("parameters", [])}
        # A plugin's installation may lack what the core has: never name a parameter that isn't there.
        parameters = {name: value for name, value in each.parameters.items() if name in known}
        answer.setdefault("links", {})[each.name] = {"operationId": each.target, "parameters": parameters}
