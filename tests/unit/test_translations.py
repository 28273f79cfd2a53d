"""Editors read Ukrainian or Russian: every text of ours is translated, and what is compiled is what is written."""

import ast
import gettext
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import wagtail.admin
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django.utils.translation.template import templatize
from lxml import html
from wagtail.users.models import UserProfile

from cms.content.models import FolderPage, FrontPage
from cms.newsletters.models import Newsletter

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("uk", "ru")
PLURAL_FORMS = 4  # of both languages, in Django's rules for them
CATALOGUES = sorted(
    path
    for room in ("cms", "api", "workers", "plugins")
    for path in (ROOT / room).glob("**/locale/*/LC_MESSAGES/django.po")
)
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
_STRING = r"""u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
#: How Django's templatize writes what it finds in a template.
_MARKED = re.compile(rf"\b(_|n?p?gettext)\({_STRING}(?:,\s*{_STRING})?")
#: Which arguments are the context and the msgid.
_FUNCTIONS = {"gettext": (None, 0), "ngettext": (None, 0), "pgettext": (0, 1), "npgettext": (0, 1)}

Key = tuple[str, str]  # context and msgid


class Entry(NamedTuple):
    plural: str
    translations: list[str]

    @property
    def placeholders(self) -> Counter[str]:
        return Counter(_PLACEHOLDER.findall(self.plural))


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def read(po: Path) -> dict[Key, Entry]:
    """The entries of a .po file, without its header."""
    entries: dict[Key, Entry] = {}
    for block in po.read_text(encoding="utf-8").split("\n\n"):
        fields: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            if not line.startswith('"'):  # else it goes on with the field of the line before
                name, _space, line = line.partition(" ")
            fields[name] = fields.get(name, "") + ast.literal_eval(line)
        if fields.get("msgid"):
            translations = [text for name, text in fields.items() if name.startswith("msgstr")]
            plural = fields.get("msgid_plural", fields["msgid"])
            entries[fields.get("msgctxt", ""), fields["msgid"]] = Entry(plural, translations)
    return entries


def compiled(mo: Path) -> dict[str | tuple[str, int], str]:
    with mo.open("rb") as file:
        catalogue: dict[Any, str] = dict(gettext.GNUTranslations(file)._catalog)  # type: ignore[attr-defined]
    catalogue.pop("", None)
    return catalogue


def of_scope(scope: str, language: str) -> dict[Key, Entry]:
    """All catalogues of the core (scope ``""``) or of one plugin."""
    entries: dict[Key, Entry] = {}
    for po in CATALOGUES:
        if scope_of(po) == scope and po.parts[-3] == language:
            entries |= read(po)
    return entries


def scope_of(path: Path) -> str:
    parts = path.relative_to(ROOT).parts
    return parts[1] if parts[0] == "plugins" else ""


# --- the catalogues ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("po", CATALOGUES, ids=named)
def test_everything_is_translated_and_nothing_is_a_guess(po: Path) -> None:
    text = po.read_text(encoding="utf-8")
    assert "fuzzy" not in text
    assert "#~" not in text
    assert str(ROOT) not in text
    empty = [key for key, entry in read(po).items() if not all(each.strip() for each in entry.translations)]
    assert not empty
    for key, entry in read(po).items():
        assert len(entry.translations) in (1, PLURAL_FORMS), key


@pytest.mark.parametrize("po", CATALOGUES, ids=named)
def test_placeholders_and_edges_are_those_of_the_original(po: Path) -> None:
    for (_context, msgid), entry in read(po).items():
        for translation in entry.translations:
            assert Counter(_PLACEHOLDER.findall(translation)) == entry.placeholders, msgid
            assert translation.endswith(".") == entry.plural.endswith("."), msgid
            assert translation == translation.strip(), msgid


@pytest.mark.parametrize("po", CATALOGUES, ids=named)
def test_what_is_compiled_is_what_is_written(po: Path) -> None:
    written: dict[str | tuple[str, int], str] = {}
    for (context, msgid), entry in read(po).items():
        name = f"{context}\x04{msgid}" if context else msgid
        if len(entry.translations) == 1:
            written[name] = entry.translations[0]
        else:
            written |= {(name, form): text for form, text in enumerate(entry.translations)}
    assert compiled(po.with_suffix(".mo")) == written, "make messages"


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_text_has_one_translation(language: str) -> None:
    """Django puts all catalogues into one: two translations of a msgid would be a matter of luck."""
    found: dict[Key, list[str]] = {}
    for po in CATALOGUES:
        if po.parts[-3] == language:
            for key, entry in read(po).items():
                assert found.setdefault(key, entry.translations) == entry.translations, (named(po), key)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_wagtails_own_screens_stay_as_they_are(language: str) -> None:
    """A msgid of ours that Wagtail's admin has too would take the place of its translation everywhere."""
    mo = Path(wagtail.admin.__file__).parent / "locale" / language / "LC_MESSAGES" / "django.mo"
    theirs = compiled(mo)
    for po in CATALOGUES:
        if po.parts[-3] == language:
            ours = compiled(po.with_suffix(".mo"))
            assert {key: ours[key] for key in ours.keys() & theirs} == {
                key: theirs[key] for key in ours.keys() & theirs
            }, f"{named(po)}: give the text a context with pgettext, or Wagtail's translation"


# --- the code ---------------------------------------------------------------------------------------------------


def marked_in_code(path: Path) -> Iterator[Key]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = {
        alias.asname or alias.name: alias.name.removesuffix("_lazy").removesuffix("_noop")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            places = _FUNCTIONS.get(functions.get(node.func.id, ""))
            if places is None:
                continue
            context, msgid = (node.args[place] if place is not None else ast.Constant("") for place in places)
            if isinstance(context, ast.Constant) and isinstance(msgid, ast.Constant):
                yield context.value, msgid.value


def marked_in_template(path: Path) -> Iterator[Key]:
    for function, first, second in _MARKED.findall(templatize(path.read_text(encoding="utf-8"))):
        if function in ("pgettext", "npgettext"):
            yield ast.literal_eval(first), ast.literal_eval(second)
        else:
            yield "", ast.literal_eval(first)


def marked(scope: str) -> dict[Key, str]:
    """Every text that the code marks, and a file that has it."""
    found: dict[Key, str] = {}
    rooms = [f"plugins/{scope}"] if scope else ["cms", "api", "workers"]
    marking = {".py", ".html", ".txt"}
    for path in (path for room in rooms for path in (ROOT / room).rglob("*") if path.suffix in marking):
        read_marks = marked_in_code if path.suffix == ".py" else marked_in_template
        found |= dict.fromkeys(read_marks(path), named(path))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scope", ["", *sorted(path.parent.name for path in (ROOT / "plugins").glob("*/locale"))])
def test_the_catalogues_hold_what_the_code_says(scope: str, language: str) -> None:
    code, catalogue = marked(scope), of_scope(scope, language)
    assert not {key: path for key, path in code.items() if key not in catalogue}, "make messages, and translate"
    assert not [key for key in catalogue if key not in code], "make messages"


# --- the screens ------------------------------------------------------------------------------------------------


@pytest.fixture
def editor(client: Client, request: pytest.FixtureRequest) -> Client:
    user = User.objects.create_user("olena", "olena@example.org")
    user.groups.set(Group.objects.filter(name__in=["Editors", "Marketing"]))
    UserProfile.objects.create(user=user, preferred_language=request.param)
    client.force_login(user)
    return client


def texts_of(client: Client, path: str) -> str:
    """What a screen shows, with the labels of its blocks, which are in attributes."""
    answer = client.get(path, follow=True)
    assert answer.status_code == 200, path
    page = html.fromstring(answer.content)
    blocks = (json.dumps(json.loads(each), ensure_ascii=False) for each in page.xpath("//@data-w-block-data-value"))
    return " ".join([*page.itertext(), *blocks])


def screens() -> dict[str, str]:
    front, campaigns, newsletters = (
        FrontPage.objects.get(slug="uk"),
        *(FolderPage.objects.get(slug=slug, locale__language_code="uk") for slug in ("campaigns", "newsletters")),
    )
    add = "wagtailadmin_pages:add"
    return {
        "article": reverse(add, args=["content", "articlepage", front.pk]),
        "campaign": reverse(add, args=["campaigns", "campaignpage", campaigns.pk]),
        "edition": reverse(add, args=["newsletters", "editionpage", newsletters.pk]),
        "newsroom": reverse("wagtailsettings:edit", args=["content", "newsroomsettings"]),
        "newsletter": reverse(Newsletter.snippet_viewset.get_url_name("add")),
        "subscribers": reverse("subscribers:index"),
        "dispatches": reverse("dispatches:index"),
        "ledger": reverse("ledger:add"),
    }


IN_UKRAINIAN = {
    "article": ["Лід", "Рубрика й авторство", "Підпис до фото", "Врізка", "Заклик підтримати", "Джерело"],
    "campaign": ["Умови (однакові всіма мовами)", "Запропоновані суми", "Способи оплати", "Подяка"],
    "edition": ["Розсилка", "Рядок після теми", "Анонси", "Лінія впоперек листа."],
    "newsroom": ["Логотип", "Гасло", "Заклик підтримати"],
    "newsletter": ["Як часто", "Вихідні дані", "Відправник", "Відкрита для підписки"],
    "subscribers": ["Підписники", "Розсилка"],
    "dispatches": ["Відправлення"],
    "ledger": ["Внести пожертву", "Номер у банку"],
}
IN_RUSSIAN = {
    "article": ["Лид", "Рубрика и авторство", "Подпись к фото"],
    "campaign": ["Способы оплаты"],
    "edition": ["Рассылка"],
    "newsletter": ["Выходные данные"],
}
#: Labels that nothing but our own code would write.
IN_ENGLISH = [
    "Lede", "Filed under", "Caption", "Pull-out", "Donation call", "Suggested amounts", "Ways to pay", "Preview line",
    "Tagline", "Imprint", "Left empty", "Subscriptions", "refusals in a row", "Number at the bank", "Dispatches",
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("editor", "wanted"), [("uk", IN_UKRAINIAN), ("ru", IN_RUSSIAN)], ids=LANGUAGES, indirect=["editor"]
)
def test_the_screens_speak_the_editors_language(editor: Client, wanted: dict[str, list[str]]) -> None:
    paths = screens()
    for name, labels in wanted.items():
        text = texts_of(editor, paths[name])
        assert not [label for label in labels if label not in text], name
        assert not [label for label in IN_ENGLISH if label in text], name


@pytest.mark.django_db
def test_the_api_describes_itself_in_english(client: Client) -> None:
    schema = client.get("/api/v1/schema/", headers={"Accept-Language": "uk"}).content.decode()
    assert "Left empty, it takes money" in schema
