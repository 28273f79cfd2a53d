"""The front page of each language, curated."""

from cms.content.models import ContentPage, FrontPage, FrontSlot
from cms.demo import texts
from cms.demo.loader.studio import Studio


def curate(studio: Studio, pages: dict[str, ContentPage]) -> None:
    """Put the chosen content into slots, with another headline, lede or image where the data gives one."""
    for code, chosen in texts.read("newsroom")["front"].items():
        front = FrontPage.objects.get(slug=code)
        front.slots = [
            FrontSlot(
                sort_order=place,
                page=pages[slot["id"]],
                size=slot["size"],
                headline=slot.get("headline", ""),
                lede=slot.get("lede", ""),
                image=studio.image(slot["image"], code) if "image" in slot else None,
            )
            for place, slot in enumerate(chosen)
        ]
        front.save_revision().publish()
