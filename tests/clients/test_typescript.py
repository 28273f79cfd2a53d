"""The TypeScript client: its types are those of the schema, and every real document fits them."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.test import Client

from cms.registry.discovery import bundled_labels
from tests.clients.documents import every_document, shape
from tests.support import typescript

EXAMPLES = typescript.CLIENT / "examples"
_WRITE = "OSTRIV_TEST_EXAMPLES"


@pytest.fixture(scope="module")
def packages() -> Path:
    """npm's packages. Without them nothing is shown: the tests are skipped and say why, and in CI they fail."""
    try:
        return typescript.installed()
    except typescript.MissingError as error:
        reason = f"the TypeScript client was NOT compiled: {error}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture
def folder(packages: Path, tmp_path: Path) -> Path:
    """An empty folder in which the client can be compiled."""
    return tmp_path


def test_the_types_are_those_of_the_schema(packages: Path, tmp_path: Path) -> None:
    typescript.generate(typescript.SNAPSHOT, tmp_path / "schema.d.ts")

    written = (typescript.CLIENT / "schema.d.ts").read_text()
    assert written == (tmp_path / "schema.d.ts").read_text(), "schema.d.ts is not what the schema says: make client"


def test_every_real_document_fits_its_type(folder: Path) -> None:
    examples = sorted(EXAMPLES.glob("*.json"))
    assert examples
    (folder / "examples").mkdir()
    for each in examples:
        (folder / "examples" / f"{each.stem}.ts").write_text(_as_typescript(json.loads(each.read_text())))

    typescript.compile_with(folder)


def test_every_block_and_every_type_has_an_example() -> None:
    schemas = yaml.safe_load(typescript.SNAPSHOT.read_text())["components"]["schemas"]
    documents = [json.loads(each.read_text()) for each in EXAMPLES.glob("*.json")]
    shown = {block["type"] for each in documents for block in [*each["body"], *each.get("content", [])]}

    assert {each["type"] for each in documents} == set(schemas["Detail"]["discriminator"]["mapping"])
    for union in ("Block", "EditionBlock"):
        assert set(schemas[union]["discriminator"]["mapping"]) <= shown


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ('const detail: DetailOf<"article"> = { type: "article" };', "missing the following properties"),
        ('const block: Block = { id: "1", type: "heading", value: { text: "Слово", level: 4 } };', "not assignable"),
        ("const words = (detail: Detail) => detail.starts_at;", "does not exist on type"),
        (
            'const shown = (block: Block): string => { switch (block.type) { case "quote": return "«»"; } };',
            "ending return statement",
        ),
    ],
    ids=["a missing key", "another level", "a key of one type only", "a block that is forgotten"],
)
def test_the_compiler_finds_what_a_frontend_gets_wrong(folder: Path, wrong: str, told: str) -> None:
    imports = 'import type { Block, Detail, DetailOf } from "./types.ts";\n'
    used = "export type Used = [Block, Detail, DetailOf<'article'>];\n"
    (folder / "wrong.ts").write_text(f"{imports}export {wrong}\n{used}")

    with pytest.raises(typescript.TypeScriptError, match=told):
        typescript.compile_with(folder)


@pytest.mark.django_db
def test_the_examples_are_what_the_api_answers(client: Client) -> None:
    """Of the same shape, key by key. With OSTRIV_TEST_EXAMPLES=1 they are written anew."""
    if sorted(plugin.label for plugin in settings.OSTRIV_PLUGINS) != sorted(bundled_labels()):
        pytest.skip("the examples are of all bundled plugins")
    for name, _kind, document in every_document(client):
        path = EXAMPLES / f"{name}.json"
        if os.environ.get(_WRITE):
            EXAMPLES.mkdir(exist_ok=True)
            path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
        assert path.exists(), f"there is no example {path.name}: make client"
        assert shape(json.loads(path.read_text())) == shape(document), f"{path.name} is out of date: make client"


def _as_typescript(document: dict[str, Any]) -> str:
    text, kind = json.dumps(document, ensure_ascii=False, indent=2), document["type"]
    return f'import type {{ DetailOf }} from "../types.ts";\n\nexport default {text} satisfies DetailOf<"{kind}">;\n'
