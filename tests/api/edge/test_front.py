"""The front page through the lane: the clock alone changes it, and no answer from memory outlives its moment."""

from datetime import timedelta

import httpx
from django.utils import timezone

from cms.content.models import FrontPin, FrontSlot
from tests.support.content import front_of, make_article
from tests.support.waiting import poll

SECOND = timedelta(seconds=1)


def placed(web: httpx.Client) -> tuple[list[str], list[str]]:
    """The headlines in the slots, and those of the list beside them."""
    document = web.get("/front/").json()
    return [each["headline"] for each in document["slots"]], [each["headline"] for each in document["latest"]]


def test_a_slot_and_a_pin_begin_and_end_by_the_clock(web: httpx.Client) -> None:
    old, pinned, new = (make_article(name) for name in ("Ефір", "Як допомогти", "Новина"))
    front = front_of()
    begins = timezone.now() + 3 * SECOND
    ends = begins + SECOND
    front.slots = [FrontSlot(page=old, shown_from=begins, shown_until=ends)]
    front.pins = [FrontPin(page=pinned, position=1, shown_from=begins, shown_until=ends)]
    front.save_revision().publish()
    by_time = [new.title, pinned.title, old.title]
    before = web.get("/front/")
    assert placed(web) == ([], by_time)

    poll(lambda: placed(web) == ([old.title], [pinned.title, new.title]))
    poll(lambda: placed(web) == ([], by_time))

    again = web.get("/front/", headers={"If-Modified-Since": before.headers["Last-Modified"]})
    assert again.status_code == 200, "what a client has from before the slot is old, though nobody wrote anything"
