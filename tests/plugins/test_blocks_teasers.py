"""A type's own teasers in mail: its plugin says how they read, and the core says it where the plugin fails."""

from pathlib import Path
from typing import Any

import pytest

from cms.content import teasers
from cms.newsletters.rendering import render_edition
from cms.registry.models import PluginFault
from tests.plugins import wharf
from tests.support.newsletters import make_article, make_edition, make_newsletter
from tests.support.stack import Stack

MODELS = """
from cms.contract import ContentPage


class TidePage(ContentPage):
    pass
"""

NEWSLETTERS = """
from cms.contract import MailTeaser


def teaser(teaser, language):
    if teaser["headline"] == "Збій":
        teaser["lede"] = "Зіпсовано"
        raise ValueError("brittle: teaser")
    if teaser["headline"] == "Чужа адреса":
        return MailTeaser(headline="Пастка", lede="", url="javascript:alert(1)")
    return MailTeaser(headline=f"Вода: {teaser['headline']}", lede="+1,5 м", url=teaser["url"], note="Припливи")


teasers = {"tide": teaser}
"""

#: How an edition shows these teasers.
ITEMS = """
from dataclasses import asdict
from cms.newsletters.rendering.parts import _item

about = {"lede": "Лід", "url": "https://ostriv.example/t", "section": {"slug": "port", "name": "Порт"},
         "published_at": "2026-01-14T14:30:00Z", "image": None}
items = [_item({**about, "type": kind, "headline": headline}, "uk") for kind, headline in json.loads(sys.argv[1])]
print(json.dumps([asdict(item) for item in items]))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return wharf.write(tmp_path / "elsewhere", models=MODELS, newsletters=NEWSLETTERS)


def test_a_type_has_teasers_of_its_own_in_mail(stack: Stack, folder: Path) -> None:
    own, failing, unsafe, other = items(
        stack, folder, '[["tide", "Причал №5"], ["tide", "Збій"], ["tide", "Чужа адреса"], ["article", "Стаття"]]'
    )

    assert (own["headline"], own["lede"], own["section"], own["date"]) == ("Вода: Причал №5", "+1,5 м", "", "Припливи")
    for each, headline in ((failing, "Збій"), (unsafe, "Чужа адреса"), (other, "Стаття")):
        assert each == {**other, "headline": headline}
    assert (other["lede"], other["section"], other["url"]) == ("Лід", "Порт", "https://ostriv.example/t")
    hooks = stack.sql("SELECT hook, error FROM registry_pluginfault WHERE label = 'wharf' ORDER BY id")
    assert [hook for hook, _error in hooks[-2:]] == ["newsletter teaser of tide"] * 2


def items(stack: Stack, folder: Path, wanted: str) -> Any:
    return wharf.run(stack, folder, ITEMS, wanted)


def test_teasers_of_a_type_that_is_not_the_plugins_stop_the_start(stack: Stack, tmp_path: Path) -> None:
    source = NEWSLETTERS.replace('{"tide": teaser}', '{"article": teaser}')
    folder = wharf.write(tmp_path / "greedy", models=MODELS, newsletters=source)

    done = wharf.start(stack, folder, "")

    assert done.returncode
    assert "Plugin 'wharf' has newsletter teasers for 'article', which is no type of it." in done.stderr


FULL = {
    "type": "liveblog",
    "headline": "Порт відкрито",
    "lede": "Перевірено",
    "url": "https://ostriv.example/port",
    "section": {"slug": "port", "name": "Порт"},
    "published_at": "2026-01-14T14:30:00Z",
    "image": {"alt": "Порт", "renditions": {"medium": {"url": "https://ostriv.example/port.jpg", "width": 800}}},
}


@pytest.mark.django_db
@pytest.mark.plugin("liveblog")
@pytest.mark.parametrize(
    ("lacking", "shown"),
    [
        ({"url": None}, False),
        ({"url": "javascript:alert(1)"}, False),
        ({"headline": ""}, False),
        ({"headline": {"uk": "Порт відкрито"}}, False),
        ({"published_at": "учора"}, False),
        ({"section": {"slug": "port"}}, True),
        ({"section": None}, True),
        ({"lede": None}, True),
        ({"image": {"renditions": {"medium": {"width": 800}}}}, True),
        ({"image": {"renditions": None}}, True),
    ],
    ids=repr,
)
def test_a_teaser_that_lacks_something_keeps_no_edition_from_its_readers(
    monkeypatch: pytest.MonkeyPatch, lacking: dict[str, Any], shown: bool
) -> None:
    poor, whole = make_article("Порт"), make_article("Стаття")
    with_link = f'<p>Див. <a linktype="page" id="{poor.pk}">порт</a>.</p>'
    edition = make_edition(
        make_newsletter(), ("teasers", {"heading": "Новини", "pages": [poor.pk, whole.pk]}), ("paragraph", with_link)
    )
    given = {poor.pk: {**FULL, **lacking, "id": poor.pk}, whole.pk: {**FULL, "id": whole.pk, "headline": "Стаття"}}
    monkeypatch.setattr(teasers, "_source", lambda ids: {pk: given[pk] for pk in ids})

    message = render_edition(edition)

    for form in (message.html, message.text):
        assert ("Порт відкрито" in form) is shown
        assert "Стаття" in form
        assert "Див." in form
    hooks = list(PluginFault.objects.filter(label="liveblog").values_list("hook", flat=True))
    assert hooks == ([] if shown else [f"teaser of page {poor.pk} in mail"])
