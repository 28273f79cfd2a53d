"""Articles by the thousand for measurements: the same ones every time, of the size that a news agency writes."""

import io
import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image, ImageDraw

from tests.bench.words import vocabulary

SECTIONS = {
    "polityka": "Політика",
    "ekonomika": "Економіка",
    "suspilstvo": "Суспільство",
    "kultura": "Культура",
    "sport": "Спорт",
    "misto": "Місто",
    "bezpeka": "Безпека",
    "ekologiia": "Екологія",
}
#: How many pictures there are, and which share of the articles has one.
PICTURES, PICTURED = 24, 0.6
_NEWEST = datetime(2025, 12, 31, 20, 0, tzinfo=UTC)
#: Between two articles.
STEP = timedelta(minutes=11)


def articles(count: int, *, seed: int = 1, pictures: bool = False) -> Iterator[dict[str, object]]:
    """Articles in the import format: about 2.5 KB of text with quotes, links, a list and a heading, tags and bylines.

    With ``pictures`` a part of them has one of those that ``draw_pictures`` puts beside the import file.
    """
    random_ = random.Random(seed)
    words = vocabulary()
    for number in range(count):
        article: dict[str, object] = {
            "id": f"bench-{seed}-{number}",
            "locale": "uk",
            "headline": f"{_sentence(random_, random_.randint(6, 12)).rstrip('.')} {number}",
            "lede": _sentence(random_, random_.randint(16, 30)),
            "section": _section(random_),
            "authors": random_.sample(words.authors, random_.choice((1, 1, 2))),
            "published_at": (_NEWEST - STEP * number).isoformat(),
            "source": {"name": "Агенція", "url": "https://agency.example/"},
            "tags": random_.sample(words.tags, random_.randint(1, 5)),
            "body_html": _body(random_, words.authors),
        }
        if pictures and random_.random() < PICTURED:
            which = random_.randrange(PICTURES)
            article["image"] = {"path": f"{which}.jpg", "alt": f"Знімок {which}", "credit": "Архів редакції"}
        yield article


def lines(count: int, *, seed: int = 1, pictures: bool = False) -> Iterator[bytes]:
    for article in articles(count, seed=seed, pictures=pictures):
        yield json.dumps(article, ensure_ascii=False).encode() + b"\n"


def draw_pictures(folder: Path) -> None:
    """Small JPEGs for ``articles``, each another one."""
    random_ = random.Random(2)
    for number in range(PICTURES):
        picture = Image.new("RGB", (1360, 850), tuple(random_.choices(range(60, 220), k=3)))
        drawing = ImageDraw.Draw(picture)
        for _ in range(60):
            x, y, size = random_.randrange(1360), random_.randrange(850), random_.randrange(20, 300)
            drawing.ellipse((x, y, x + size, y + size), fill=tuple(random_.choices(range(256), k=3)))
        drawn = io.BytesIO()
        picture.save(drawn, "JPEG", quality=82)
        (folder / f"{number}.jpg").write_bytes(drawn.getvalue())


def searches(count: int, *, seed: int = 3) -> list[str]:
    """Two words each, as readers type them: in whatever case, common and rare."""
    random_ = random.Random(seed)
    words = vocabulary()
    found = []
    while len(found) < count:
        pair = [word for word in words.draw(random_, 6) if len(word) > 4][:2]
        if len(set(pair)) == 2:
            found.append(" ".join(pair))
    return found


def _section(random_: random.Random) -> dict[str, str]:
    slug = random_.choices(list(SECTIONS), weights=range(len(SECTIONS), 0, -1))[0]
    return {"slug": slug, "name": SECTIONS[slug]}


def _sentence(random_: random.Random, words: int) -> str:
    return " ".join(vocabulary().draw(random_, words)).capitalize() + "."


def _body(random_: random.Random, authors: list[str]) -> str:
    parts = [f"<p>{_paragraph(random_)} <a href='https://example.org/{random_.randrange(999)}'>Докладніше</a>.</p>"]
    parts.append(f"<h2>{_sentence(random_, 4)}</h2>")
    parts.append(f"<p><b>{_sentence(random_, 3)}</b> {_paragraph(random_)}</p>")
    parts.append(f"<blockquote><p>{_sentence(random_, 14)}</p><cite>{random_.choice(authors)}</cite></blockquote>")
    parts.append("<ul>" + "".join(f"<li>{_sentence(random_, 5)}</li>" for _ in range(3)) + "</ul>")
    parts.extend(f"<p>{_paragraph(random_)}</p>" for _ in range(random_.randint(1, 4)))
    return "".join(parts)


def _paragraph(random_: random.Random) -> str:
    return " ".join(_sentence(random_, 11) for _ in range(2))
