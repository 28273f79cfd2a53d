"""No text makes publishing fail, and no question makes an error: whatever is written or asked."""

import json
import random
from typing import Any

import pytest
from django.test import Client

from api.publications.models import Publication
from api.search import index, vocabulary
from api.search.models import SearchEntry, SearchUnread
from cms.content.models import Author
from tests.support.content import api, body, make_article, make_author, problem

pytestmark = pytest.mark.django_db

#: Each is bad for something: a tsvector, a tsquery, a regular expression, HTML, JSON, a terminal, a dictionary.
HOSTILE = [
    "=",
    "^ : * & | ! <-> ( ) \\ ' \" ''",
    "'; DROP TABLE api_searchentry; --",
    "\\' \\\\ \\' '' '\\''",
    "\u202eسلام עולם\u202c \u0301",
    "\u0301\u0301 \u0301'\u0301 \u200b\u200b \u00ad \u200d’\u200d",
    "п'ят'ь'' 'п' д’’Артаньян -- - -’-",
    "ﷺ ﷽ ½ ² ① Ⅷ ﬃ İstanbul ẞ ŉ",
    "а\u0306\u0308\u0327\u0301 Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞",
    "👩‍👩‍👧‍👦 🏳️‍🌈 𝒜𝓃𝓃𝒶 𐍈 𠜎",
    "ㅤᅟᅠ\u2800\u180e\ufeff\u2060\u00a0\u3000",
    "นายกรัฐมนตรี 東京都 한국어 ქართული հայերեն",
    "<script>alert(1)</script> <mark>жир</mark> &amp;lt; ]]>",
    "{0} %s %(q)s %% $1 ${x} \\x00 \\u0000",
    ":l:uk :t:uk:2026 =вибори ^вибори вибори:1A",
    "\x01\x07\x1b[31m\x7f\x85\u2028\u2029",
    "()*&|!:' " * 20,
    "-" * 100,
    '"' * 99,
    "'" * 99,
    "\u0301" * 150,
    "ь" * 150,
    "а-" * 90,
    "а'" * 90,
    "0" * 200,
    "-не -не -не",
    "* ** а* *а -* -а*",
    '"вибори "мера" "" "" -"так"',
]


def _noise(seed: int) -> list[str]:
    """Texts of letters and signs from everywhere, the same in every run; no NUL, which no text of PostgreSQL has."""
    chance = random.Random(seed)
    ranges = [(0x01, 0x7F), (0x80, 0x24F), (0x300, 0x36F), (0x400, 0x52F), (0x590, 0x6FF), (0x2000, 0x206F),
              (0x3130, 0x318F), (0xFB00, 0xFDFF), (0xFE00, 0xFE0F), (0xFF00, 0xFFEF), (0x1D400, 0x1D7FF)]  # fmt: skip
    signs = "'’ʼ-‑\\\":*&|!=^()<> \u00ad\u200b\u200d\u0301"

    def letter() -> str:
        return chance.choice(signs) if chance.random() < 0.4 else chr(chance.randint(*chance.choice(ranges)))

    return ["".join(letter() for _each in range(chance.randint(1, 180))) for _text in range(60)]


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_written_is_published_and_learned(client: Client, text: str) -> None:
    page = make_article(f"Новина {text}"[:250], lede=text, body=body(("quote", {"text": text, "attribution": text})))

    vocabulary.learn()

    assert SearchEntry.objects.filter(pk=page.pk).exists()
    assert [each["id"] for each in api(client, "/search/", q="новини")["results"]] == [page.pk]


def test_noise_in_every_field_is_indexed_and_learned() -> None:
    page = make_article()
    publication = Publication.objects.get(pk=page.pk)
    for text in _noise(1):
        publication.search_text = text
        publication.teaser = _teaser(text)
        publication.save()
        index.write([publication])
        vocabulary.learn()

    assert SearchEntry.objects.get().vector


def _teaser(text: str) -> str:
    return json.dumps({"headline": text, "lede": text, "authors": [{"slug": "x", "name": text}], "tags": [text]})


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"щось{n}-прещось{n}" for n in range(15_000)),
        "𝒜" * 500_000,
        " ".join(f"{n:060}" for n in range(15_000)),
        " ".join("𝒜𝓃𝒶" * 19 + str(n) for n in range(4_000)),
        "слово " * 100_000,
        "а'" * 200_000,
        "а-" * 200_000,
        "\u0301" * 500_000,
        "1-" * 200_000,
    ],
    ids=["many words", "one word", "long numbers", "wide letters", "one again", "'", "-", "marks", "joined"],
)
def test_a_text_of_any_length_has_an_entry(text: str) -> None:
    page = make_article()
    publication = Publication.objects.get(pk=page.pk)
    publication.search_text, publication.teaser = text, _teaser(text)

    publication.save()
    index.write([publication])
    vocabulary.learn()

    assert SearchEntry.objects.get().vector
    assert not SearchUnread.objects.exists()


def test_the_beginning_of_a_very_long_text_is_found(client: Client) -> None:
    page = make_article(body=body(("paragraph", "<p>" + " ".join(f"щось{n}" for n in range(60_000)) + "</p>")))

    assert [each["id"] for each in api(client, "/search/", q="щось17")["results"]] == [page.pk]
    assert [each["id"] for each in api(client, "/search/", q=page.title)["results"]] == [page.pk]


def test_authors_and_tags_of_any_spelling_are_published(client: Client) -> None:
    author: Author = make_author("О'Ніл\\ \u202e\u0301 ''")
    page = make_article("Гість", authors=[author], tags=["к'ю\\", "=", "\u0301"])

    assert [each["id"] for each in api(client, "/search/", q="О’Ніл")["results"]] == [page.pk]


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("/search/", {"locale": "uk,ru,en", "facets": "type,section,year"}),
        ("/search/", {"sort": "newest", "published_after": "2020-01-01"}),
        ("/search/suggest/", {}),
        ("/content/", {}),
    ],
)
def test_no_question_makes_an_error(client: Client, path: str, parameters: dict[str, str]) -> None:
    make_article("Вибори мера перенесли", lede="<b>Рада</b> голосувала")
    vocabulary.learn()

    for text in [*(each[:200] for each in HOSTILE), *_noise(2)]:
        _is_answered(client, path, q=text, **parameters)


def _is_answered(client: Client, path: str, /, **parameters: Any) -> None:
    response = client.get(f"/api/v1{path}", parameters)
    assert response.status_code in (200, 400), (path, parameters, response.content[:300])


def test_a_question_with_nul_is_refused(client: Client) -> None:
    for path in ("/search/", "/search/suggest/"):
        assert problem(client, path, 400, q="ви\x00бори")["errors"][0]["field"] == "q"
