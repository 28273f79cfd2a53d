"""Audio files made byte by byte, shows and episodes; every name is made up here."""

import io
import itertools
import wave
from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import etree
from wagtail.models import Page

from tests.support.content import make_image, make_page

_numbers = itertools.count(1)

#: Prefixes of the feed's elements.
NAMES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
}

CAPTIONS = """WEBVTT

NOTE Записано в порту

1
00:00:00.000 --> 00:00:02.500 align:start
<v Олена>Доброго ранку, це <i>порт</i> &amp; море.

00:00:02.500 --> 00:00:04.000
А це чайки.
"""


def wav(seconds: int = 2) -> bytes:
    """Silence."""
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\x00\x00" * 8000 * seconds)
    return written.getvalue()


def mp3(seconds: int = 2) -> bytes:
    """Silent frames of MPEG 1 layer III: 128 kbit/s, 44.1 kHz, mono; 417 bytes and 1152 samples each."""
    frame = b"\xff\xfb\x90\xc0" + b"\x00" * 413
    return frame * (seconds * 44100 // 1152 + 1)


def upload(name: str = "Випуск 1.mp3", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, mp3() if content is None else content, "audio/mpeg")


def make_show(title: str = "", **fields: Any) -> Any:
    from plugins.podcast.models import PodcastShowPage

    known: dict[str, Any] = {
        "lede": "Голоси порту",
        "author": "Редакція порту",
        "owner_name": "Олена Береговенко",
        "owner_email": "podcast@port.example",
        "category": "News / Daily News",
        "second_category": "True Crime",
    }
    return make_page(PodcastShowPage, title or f"Хвиля {next(_numbers)}", **{**known, **fields})


def make_episode(show: Page, title: str = "", **fields: Any) -> Any:
    from plugins.podcast.models import EpisodePage

    elsewhere: dict[str, Any] = {
        "audio_url": f"https://audio.example/{next(_numbers)}.mp3",
        "duration": 2530,
        "audio_size": 40_480_000,
        "mime_type": "audio/mpeg",
    }
    known = {} if "audio" in fields else elsewhere
    return make_page(EpisodePage, title or f"Випуск {next(_numbers)}", parent=show, **{**known, **fields})


def cover(size: int = 1400) -> Any:
    return make_image("Обкладинка", size=(size, size))


def feed_of(client: Client, show: Any, **parameters: Any) -> Any:
    return client.get(f"/feeds/podcast/{show.slug}.xml", parameters)


def file_of(client: Client, show: Any, episode: Any, name: str) -> Any:
    return client.get(f"/api/v1/x/podcast/{show.slug}/{episode.slug}/{name}/")


def stored(name: str) -> bytes:
    with default_storage.open(name) as file:
        return file.read()


def tree(response: Any) -> Any:
    """The document of a feed's answer."""
    assert response.status_code == 200, response.content[:500]
    return etree.fromstring(response.content)


def one(element: Any, path: str) -> Any:
    """The only element there."""
    (found,) = element.findall(path, NAMES)
    return found


def text(element: Any, path: str) -> str:
    return one(element, path).text


def titles(client: Client, show: Any) -> list[str]:
    """The episodes that the feed has."""
    return [item.findtext("title") for item in tree(feed_of(client, show)).iter("item")]


def with_everything(show: Any, title: str = "Кран №5", **fields: Any) -> Any:
    """An episode with chapters, captions and a guest."""
    from plugins.podcast.models import Chapter, EpisodePerson

    chapters = [Chapter(start=0, title="Вступ"), Chapter(start=150, title="Кран", url="https://port.example/crane")]
    fields.setdefault("people", [EpisodePerson(name="Гість & гість", role="guest", url="https://port.example/guest")])
    return make_episode(show, title, chapters=chapters, captions=CAPTIONS, **fields)
