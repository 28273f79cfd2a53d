"""What the tests of fact-checks are made of. The models are imported inside: without the plugin there are none."""

from typing import Any

from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, rich_text

from tests.support.content import front_of, make_page, page_form

SOURCE = {
    "title": "Акти виконаних робіт",
    "url": "https://rada.example/acts?a=1&b=2",
    "kind": "document",
    "archived_url": "https://archive.example/rada",
    "note": "Дві станції з дев’яти",
}
CLAIM = {
    "claim": "У місті полагодили <всі> насосні станції.",
    "claimant": "Степан Гай",
    "claimant_type": "person",
    "claimant_role": "заступник міського голови",
    "claimant_url": "https://rada.example/hai",
    "said_on": "2026-01-14",
    "said_where": "сесія міської ради",
    "verdict": "mostly_false",
    "explanation": "Полагодили дві з дев’яти.",
}


def stored() -> Any:
    """All fact-checks in the database."""
    from plugins.factcheck.models import FactCheckPage

    return FactCheckPage.objects.all()


def form(title: str = "Чи полагодили насосні", **fields: Any) -> dict[str, Any]:
    """What the browser sends for a fact-check."""
    sources = fields.pop("sources", [SOURCE])
    appearances = fields.pop("appearances", [{"url": "https://tv.example/14"}])
    return page_form(
        title,
        **{
            **CLAIM,
            "method": rich_text("<p>Ми порівняли <b>акти</b>.</p>", features=["bold", "italic", "link", "ol", "ul"]),
            "sources": inline_formset(sources),
            "appearances": inline_formset(appearances),
            **fields,
        },
    )


def add(editor: Client, title: str = "Чи полагодили насосні", **fields: Any) -> Any:
    """Save the form of a new fact-check."""
    address = reverse("wagtailadmin_pages:add", args=["factcheck", "factcheckpage", front_of().pk])
    return editor.post(address, form(title, **fields))


def make_check(title: str = "Чи полагодили насосні", **fields: Any) -> Any:
    """A fact-check, published unless ``live`` is false."""
    from plugins.factcheck.models import ClaimAppearance, FactCheckSource

    values = {**CLAIM, "sources": [FactCheckSource(**SOURCE)], "appearances": [], **fields}
    values["appearances"] = [ClaimAppearance(url=url) for url in values["appearances"]]
    return make_page(stored().model, title, **values)
