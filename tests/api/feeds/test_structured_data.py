"""``json_ld`` of every content type, also of plugins', by the vocabulary of schema.org."""

from typing import Any

import pytest
from django.test import Client

from api.answers.filtering import active_types
from ostriv.testing.pages import build
from tests.api.feeds import validating
from tests.api.feeds.support import make_newsroom
from tests.support.content import at, make_article, make_author, make_image, make_section, shown

pytestmark = pytest.mark.django_db


def test_every_type_says_what_the_vocabulary_knows(client: Client) -> None:
    make_newsroom("Острівні вісті", logo=make_image("Знак"))
    for model in active_types().values():
        document = shown(client, build(model, word="море"))["json_ld"]

        assert validating.schema_org(document), model


def test_an_article_says_all_that_search_engines_ask(client: Client) -> None:
    make_newsroom("Острівні вісті", logo=make_image("Знак"))
    page = make_article(
        "Новий причал",
        lede="Його будували два роки.",
        section=make_section("Порт"),
        authors=[make_author("Олена Бриз")],
        tags=["Море"],
        image=make_image("Причал"),
        source_name="Річкове агентство",
        source_url="https://agency.example.org/",
        published_at=at("2026-01-14T16:30:00+02:00"),
    )

    document: dict[str, Any] = shown(client, page)["json_ld"]

    (article,) = validating.schema_org(document)
    assert type(article).__name__ == "NewsArticle"
    assert document["image"] and document["publisher"]["logo"]
    assert document["datePublished"] == "2026-01-14T14:30:00Z" <= document["dateModified"]
    assert document["author"][0]["url"].endswith("/uk/author/olena-bryz/")
