"""RSS and Atom as the W3C's feed validator sees them, with all that an item can have."""

import pytest
from django.conf import settings
from django.test import Client

from tests.api.feeds import validating
from tests.api.feeds.support import NASTY, get, make_newsroom
from tests.support.content import body, make_article, make_author, make_image, make_section

pytestmark = [pytest.mark.django_db, validating.needs_w3c]


@pytest.mark.parametrize("full_text", [False, True])
@pytest.mark.parametrize("place", ["", "section/port/", "author/olena/", "tag/more/", "type/article/"])
@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_a_feed_is_without_fault(client: Client, name: str, place: str, full_text: bool) -> None:
    make_newsroom("Острівні вісті", "Щодня про море", feeds_full_text=full_text)
    filed = {"section": make_section("Порт", slug="port"), "authors": [make_author("Олена Бриз", slug="olena")]}
    image = make_image("Причал", credit="Ірина Фотограф")
    picture = ("image", {"image": image.pk, "caption": "Ранок", "credit": ""})
    text = body(("paragraph", '<p>Про <a href="/uk/inshe/">море</a>.</p>'), picture, ("divider", None))
    make_article("Новий причал", lede="Його будували два роки.", image=image, body=text, tags=["море"], **filed)
    for words in (words for words, _read in NASTY if "<" not in words):  # it takes such headlines for HTML
        make_article(words, lede=words, tags=["море"], **filed)
    path = f"/feeds/uk/{place}{name}"

    validating.w3c(get(client, path).content, f"{settings.BASE_URL}{path}")
