"""Blocks of a plugin that is loaded: offered where they may stand, switched off without a restart, failing alone."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import ReferenceIndex

from api.campaigns import page_sources
from api.openapi.document import document
from cms.campaigns.pages.context import collect
from cms.content.models import ArticlePage, FolderPage
from cms.content.stream import _unreadable
from cms.newsletters.models import EditionPage
from cms.newsletters.rendering import render_edition
from cms.registry import claims, states
from cms.registry.blocks import plugin_blocks
from cms.registry.discovery import PluginError, enabled_plugins
from cms.registry.models import PluginFault
from ostriv.testing import contract
from tests.plugins import wharf
from tests.plugins.body_forms import definition_and_state, opened, save, sent
from tests.support.campaigns import make_campaign, register_gateway
from tests.support.content import form_of, front_of, make_article, make_editor, make_image, shown
from tests.support.newsletters import make_edition, make_newsletter
from workers.tasks.campaigns import reconcile_pages

pytestmark = pytest.mark.django_db

STREAMS = (ArticlePage._meta.get_field("body"), EditionPage._meta.get_field("content"))


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Callable[[], ModuleType]]:
    """Loads the test's plugin into this process, and forgets it at the end."""
    monkeypatch.syspath_prepend(str(wharf.write(tmp_path / "elsewhere")))
    before = dict(claims._claims)

    def forget() -> None:
        plugin_blocks.cache_clear()
        _unreadable._until.clear()
        for field in STREAMS:
            for name in ("plugged", "_all_blocks"):
                field.stream_block.__dict__.pop(name, None)
        claims._claims.clear()
        claims._claims.update(before)
        states.forget()
        # The API's description has the blocks of the plugins that were there when it was made.
        document.cache_clear()
        contract.contract.cache_clear()

    def now() -> ModuleType:
        forget()
        labels = [plugin.label for plugin in settings.OSTRIV_PLUGINS]
        settings.OSTRIV_PLUGINS = enabled_plugins([*labels, wharf.LABEL])
        return sys.modules[type(plugin_blocks()["wharf_tide"].declared.block).__module__]

    yield now
    forget()
    for name in [name for name in sys.modules if name.startswith(wharf.PACKAGE)]:
        del sys.modules[name]


@pytest.fixture
def plugin(load: Callable[[], ModuleType]) -> ModuleType:
    """The loaded plugin's blocks.py."""
    return load()


@pytest.fixture
def editor() -> Client:
    browser = Client()
    browser.force_login(make_editor())
    return browser


def tide(station: str = "Причал №5", **fields: Any) -> dict[str, Any]:
    value = {"station": station, "image": None, "pages": [], **fields}
    return {"type": "wharf_tide", "value": value, "id": "22222222-0000-4000-8000-000000000001"}


def brittle(value: str) -> dict[str, Any]:
    return {"type": "wharf_brittle", "value": value, "id": "22222222-0000-4000-8000-000000000002"}


def article(*blocks: dict[str, Any], **fields: Any) -> ArticlePage:
    return make_article(body=json.dumps(blocks), **fields)


def stored(page: ArticlePage) -> Any:
    """The body as it is written to the database."""
    page = ArticlePage.objects.get(pk=page.pk)
    return json.loads(page._meta.get_field("body").value_to_string(page))


def menu(editor: Client, app: str = "content", model: str = "articlepage", field: str = "body") -> dict[str, list[str]]:
    """The names of the blocks in the form of a new page, by the group that they stand in."""
    parent = (
        FolderPage.objects.get(slug="newsletters", locale__language_code="uk") if model == "editionpage" else front_of()
    )
    form = editor.get(reverse("wagtailadmin_pages:add", args=[app, model, parent.pk])).content.decode()
    groups = json.loads(definition_and_state(form, field)[0])["_args"][1]
    return {group: [block["_args"][0] for block in blocks] for group, blocks in groups}


def faults() -> list[str]:
    return list(PluginFault.objects.filter(label="wharf").values_list("hook", flat=True))


# --- where they are offered -------------------------------------------------------------------------------------


def test_an_articles_menu_has_them_under_the_plugins_name(editor: Client, plugin: ModuleType) -> None:
    groups = menu(editor)

    assert groups["Причали"] == ["wharf_tide", "wharf_brittle", "wharf_note"]
    assert "paragraph" in groups[""]


def test_an_edition_has_those_that_may_stand_in_one(editor: Client, plugin: ModuleType) -> None:
    browser = Client()
    browser.force_login(make_editor("Marketing"))

    assert menu(browser, "newsletters", "editionpage", "content")["Причали"] == [
        "wharf_tide",
        "wharf_brittle",
        "wharf_silent",
    ]


def test_a_block_is_written_in_the_form_and_read_by_readers(client: Client, editor: Client, plugin: ModuleType) -> None:
    page = article()
    posted = {"type": "wharf_note", "value": "Вода спадає", "id": "22222222-0000-4000-8000-000000000003"}

    assert save(editor, page, [posted], action="publish").status_code == 302

    assert shown(client, page)["body"] == [{"id": posted["id"], "type": "wharf_note", "value": "Вода спадає"}]


def test_core_migrations_know_nothing_of_them(plugin: ModuleType) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("name", ["quote", "divider", "needs_plugin"])
def test_no_plugin_may_have_a_block_by_the_name_of_a_core_one(name: str) -> None:
    with pytest.raises(PluginError, match=rf"The block '{name}' is declared by Ostriv itself and by plugin 'wharf'"):
        claims.claim("block", name, "wharf", by="QuoteBlock")


# --- switched off and on ----------------------------------------------------------------------------------------


def test_switched_off_they_are_not_offered_and_kept_as_they_are(editor: Client, plugin: ModuleType) -> None:
    page = article(tide())
    assert [block["type"] for block in opened(editor, page)] == ["wharf_tide"]

    states.deactivate("wharf")

    assert "Причали" not in menu(editor)
    (block,) = opened(editor, page)
    assert block["type"] == "needs_plugin"
    assert "Причали" in block["value"]["title"]
    assert save(editor, page, [block], action="publish", title="Без плагіна").status_code == 302

    states.activate("wharf")

    assert "Причали" in menu(editor)
    (block,) = opened(editor, page)
    assert (block["type"], block["value"]["station"]) == ("wharf_tide", "Причал №5")
    assert stored(page) == [tide()]


def test_readers_do_not_see_a_block_that_is_switched_off(client: Client, editor: Client, plugin: ModuleType) -> None:
    page = article(tide(), title="Припливи")
    assert [block["value"] for block in shown(client, page)["body"]] == [{"station": "Причал №5"}]

    states.deactivate("wharf")
    save(editor, page, opened(editor, page), action="publish")

    assert shown(client, page)["body"] == []


def test_an_open_form_that_is_sent_after_the_switch_is_taken(editor: Client, plugin: ModuleType) -> None:
    page = article(tide())
    (block,) = opened(editor, page)
    states.deactivate("wharf")

    fields = {"station": "Причал №6", "image": "", "pages": {"count": "0"}}
    assert save(editor, page, [{**block, "value": fields}], action="publish").status_code == 302
    assert stored(page) == [tide("Причал №6")]

    (block,) = opened(editor, page)
    states.activate("wharf")
    assert save(editor, page, [block], action="publish").status_code == 302
    assert stored(page) == [tide("Причал №6")]


def test_an_image_in_a_switched_off_block_counts_as_used(editor: Client, plugin: ModuleType) -> None:
    image = make_image()
    page = article(tide(image=image.pk))
    states.deactivate("wharf")

    save(editor, page, opened(editor, page), action="publish")

    (found,) = ReferenceIndex.objects.filter(to_object_id=str(image.pk), object_id=str(page.pk))
    assert found.model_path == "body.wharf_tide.image"


# --- resting ----------------------------------------------------------------------------------------------------


def test_nothing_of_a_resting_plugin_is_run_and_its_blocks_are_kept(
    client: Client, editor: Client, plugin: ModuleType
) -> None:
    image = make_image()
    page = article(brittle("fail in reading"), tide(image=image.pk))
    plugin.FAILING_FORM = True
    states.rest("wharf")
    PluginFault.objects.all().delete()

    assert "Причали" not in menu(editor)
    blocks = opened(editor, page)
    assert [block["type"] for block in blocks] == ["needs_plugin", "needs_plugin"]
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    assert editor.post(preview, form_of(page, action="", body=sent(blocks))).json()["is_valid"]
    assert editor.get(preview).status_code == 302
    assert save(editor, page, blocks, action="publish", title="Поки спочиває").status_code == 302

    assert faults() == []
    assert stored(page) == [brittle("fail in reading"), tide(image=image.pk)]
    assert shown(client, page)["body"] == []
    assert ReferenceIndex.objects.filter(to_object_id=str(image.pk), object_id=str(page.pk)).exists()

    plugin.FAILING_FORM = False
    states.wake("wharf")

    assert [block["type"] for block in opened(editor, page)] == ["needs_plugin", "wharf_tide"]


def test_a_body_that_was_at_hand_when_its_plugin_came_to_rest_is_not_read(plugin: ModuleType) -> None:
    body = ArticlePage.objects.get(pk=article(brittle("цілий")).pk).body

    states.rest("wharf")

    assert [block.block_type for block in body] == ["needs_plugin"]
    assert faults() == []


# --- faults -----------------------------------------------------------------------------------------------------


def test_a_block_that_its_plugin_fails_to_read_is_kept(client: Client, editor: Client, plugin: ModuleType) -> None:
    page = article(brittle("fail in reading"), tide())

    first, second = opened(editor, page)
    assert (first["type"], second["type"]) == ("needs_plugin", "wharf_tide")
    fields = {"station": "Причал №5", "image": "", "pages": {"count": "0"}}
    assert save(editor, page, [first, {**second, "value": fields}], action="publish").status_code == 302

    assert stored(page) == [brittle("fail in reading"), tide()]
    assert [block["type"] for block in shown(client, page)["body"]] == ["wharf_tide"]
    assert faults() == ["reading of block wharf_brittle"], "one bad block is one fault, however often it is read"


def test_a_block_that_cannot_be_read_hides_no_other_of_its_kind(
    client: Client, editor: Client, plugin: ModuleType
) -> None:
    healthy = {**brittle("цілий"), "id": "22222222-0000-4000-8000-000000000004"}
    page = article(brittle("fail in reading"), healthy)
    other = article({**healthy, "id": "22222222-0000-4000-8000-000000000005"})

    assert [block["type"] for block in opened(editor, page)] == ["needs_plugin", "wharf_brittle"]
    assert [block["value"] for block in shown(client, page)["body"]] == ["цілий"]
    assert [block["type"] for block in opened(editor, other)] == ["wharf_brittle"]
    assert faults() == ["reading of block wharf_brittle"]


def test_a_block_that_could_not_be_read_is_tried_again_when_somebody_has_looked(
    editor: Client, plugin: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = article(brittle("fail in reading"))
    assert [block["type"] for block in opened(editor, page)] == ["needs_plugin"]

    monkeypatch.delattr(plugin.BrittleBlock, "to_python")
    assert [block["type"] for block in opened(editor, page)] == ["needs_plugin"]
    states.wake("wharf")

    assert [block["type"] for block in opened(editor, page)] == ["wharf_brittle"]


def test_a_block_whose_form_fails_is_not_offered_and_the_others_are(editor: Client, plugin: ModuleType) -> None:
    page = article(brittle("цілий"))
    plugin.FAILING_FORM = True

    assert menu(editor)["Причали"] == ["wharf_tide", "wharf_note"]
    assert [block["type"] for block in opened(editor, page)] == ["needs_plugin"]
    assert set(faults()) == {"form of block wharf_brittle"}


def test_a_block_whose_html_fails_is_published_without_it_and_noted_once(
    client: Client, editor: Client, plugin: ModuleType
) -> None:
    page = article(brittle("fail in HTML"), tide())

    assert [block["type"] for block in opened(editor, page)] == ["wharf_brittle", "wharf_tide"]
    first, second = shown(client, page)["body"]

    assert (first["value"], "html" in first) == ("fail in HTML", False)
    assert second["html"] == "<p>Вода на <b>Причал №5</b> (uk)</p>"
    assert faults() == ["HTML of block wharf_brittle"], "noted when it is published, and not when it is read"


def test_a_block_that_fails_to_check_what_was_entered_says_so(editor: Client, plugin: ModuleType) -> None:
    page = article()

    response = save(editor, page, [brittle("fail in checking")], action="publish")

    assert response.status_code == 200
    assert "body" in response.context["form"].errors
    assert "check of block wharf_brittle" in faults()


# --- in mail ----------------------------------------------------------------------------------------------------


def test_an_edition_shows_what_the_plugin_makes_of_them(plugin: ModuleType) -> None:
    told = article(title="Шторм минув")
    draft = make_article("Чернетка", live=False)
    value = tide(pages=[told.pk, draft.pk])["value"]
    edition = make_edition(
        make_newsletter(), ("wharf_tide", value), ("wharf_silent", "мовчить"), ("paragraph", "<p>До завтра</p>")
    )

    message = render_edition(edition)

    assert "Вода на <b>Причал №5</b> (uk)" in message.html
    assert "Вода на Причал №5 (uk)" in message.text
    assert "ПРИПЛИВИ" in message.text
    assert "Шторм минув" in message.html and "Шторм минув" in message.text
    assert "До завтра" in message.html
    for unwanted in ("onclick", "x()", "Чернетка", "мовчить"):
        assert unwanted not in message.html + message.text


def test_a_block_that_fails_in_mail_is_left_out_and_noted(plugin: ModuleType) -> None:
    edition = make_edition(make_newsletter(), ("wharf_brittle", "цілий"), ("paragraph", "<p>До завтра</p>"))

    message = render_edition(edition)

    assert "До завтра" in message.html
    assert "цілий" not in message.html
    assert faults() == ["mail of block wharf_brittle"]


def test_a_switched_off_block_is_not_in_the_mail(plugin: ModuleType) -> None:
    states.deactivate("wharf")
    edition = make_edition(make_newsletter(), ("wharf_tide", tide()["value"]), ("paragraph", "<p>До завтра</p>"))

    assert "Причал" not in render_edition(edition).html


# --- on the page of a campaign ----------------------------------------------------------------------------------


def test_a_campaigns_page_has_their_html_made_safe(
    client: Client, plugin: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    register_gateway(monkeypatch)
    make_campaign(
        slug="pryplyvy",
        body=[("wharf_tide", tide()["value"]), ("wharf_brittle", "fail in HTML"), ("wharf_note", "без HTML")],
    )

    reconcile_pages()

    text = client.get("/donate/pryplyvy/").content.decode()
    assert "<p>Вода на <b>Причал №5</b> (uk)</p>" in text
    for unwanted in ("onclick", "x()", "fail in HTML", "без HTML"):
        assert unwanted not in text
    assert "HTML of block wharf_brittle" in faults()


def test_a_campaigns_page_is_another_one_when_the_plugin_is_switched_off(
    plugin: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    register_gateway(monkeypatch)
    make_campaign(slug="pryplyvy", body=[("wharf_tide", tide()["value"])])
    ((document, figures, campaign),) = [each for each in page_sources() if each[0]["slug"] == "pryplyvy"]
    before = collect(document, figures, campaign)

    states.deactivate("wharf")

    assert before.plugin_html
    assert not collect(document, figures, campaign).plugin_html
    assert before.fingerprint != collect(document, figures, campaign).fingerprint
