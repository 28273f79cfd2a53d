"""Articles by the thousand for measurements: the same ones every time, of the size that a news agency writes."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

_WORDS = """
    міська рада громада відбудова школа лікарня транспорт бюджет депутат засідання рішення проєкт вулиця мешканці
    енергетика тариф ремонт водопостачання підприємство працівники конкурс фестиваль бібліотека виставка область
    розслідування суд прокуратура закупівля тендер договір угода допомога волонтери фонд збір евакуація безпека
    повідомив зазначила розповів наголосила додав пояснила сьогодні вчора торік щороку спершу згодом нарешті
""".split()  # noqa: SIM905 (a list of words reads as words)
_SECTIONS = ["polityka", "ekonomika", "suspilstvo", "kultura", "sport"]
_AUTHORS = ["Олена Ткач", "Юрій Згурський", "Марія Їжакевич", "Степан Щербак", "Ганна Яремчук", "Ілля Мох"]


def articles(count: int, *, seed: int = 1) -> Iterator[dict[str, object]]:
    """Articles in the import format: about 2 KB of text with quotes, links, a list and a heading, tags and bylines."""
    random_ = random.Random(seed)
    newest = datetime(2025, 12, 31, 20, 0, tzinfo=UTC)
    for number in range(count):
        yield {
            "id": f"bench-{seed}-{number}",
            "locale": "uk",
            "headline": f"{_sentence(random_, 7).rstrip('.')} {number}",
            "lede": _sentence(random_, 18),
            "section": {"slug": random_.choice(_SECTIONS), "name": "Розділ"},
            "authors": random_.sample(_AUTHORS, random_.choice((1, 1, 2))),
            "published_at": (newest - timedelta(minutes=11 * number)).isoformat(),
            "source": {"name": "Агенція", "url": "https://agency.example/"},
            "tags": random_.sample(_WORDS[:30], 3),
            "body_html": _body(random_),
        }


def lines(count: int, *, seed: int = 1) -> Iterator[bytes]:
    for article in articles(count, seed=seed):
        yield json.dumps(article, ensure_ascii=False).encode() + b"\n"


def _sentence(random_: random.Random, words: int) -> str:
    return " ".join(random_.choices(_WORDS, k=words)).capitalize() + "."


def _body(random_: random.Random) -> str:
    parts = [f"<p>{_paragraph(random_)} <a href='https://example.org/{random_.randrange(999)}'>Докладніше</a>.</p>"]
    parts.append(f"<h2>{_sentence(random_, 4)}</h2>")
    parts.append(f"<p><b>{_sentence(random_, 3)}</b> {_paragraph(random_)}</p>")
    parts.append(f"<blockquote><p>{_sentence(random_, 14)}</p><cite>{random_.choice(_AUTHORS)}</cite></blockquote>")
    parts.append("<ul>" + "".join(f"<li>{_sentence(random_, 5)}</li>" for _ in range(3)) + "</ul>")
    parts.append(f"<p>{_paragraph(random_)}</p>")
    return "".join(parts)


def _paragraph(random_: random.Random) -> str:
    return " ".join(_sentence(random_, 11) for _ in range(2))
