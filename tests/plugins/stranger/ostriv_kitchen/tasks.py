from typing import Any

from ostriv_kitchen.models import RecipePage, Tasting
from workers.contract import on


@on("content.published")
def taste(payload: dict[str, Any]) -> None:
    """Remember that somebody has tasted it."""
    if RecipePage.objects.filter(pk=payload["page"]).exists():
        Tasting.objects.get_or_create(page_id=payload["page"], event="published")
