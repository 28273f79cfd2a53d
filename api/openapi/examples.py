"""Examples of every shape, made of the schema itself, so that no example can say something else than the schema."""

from typing import Any

from api.openapi.references import name_in

Schema = dict[str, Any]
#: How deep examples go before lists become empty.
_DEEPEST = 7

#: What a newsroom would have, by the name of the key.
_WORDS: dict[str, Any] = {
    "headline": "Міст через протоку відкриють у травні",
    "lede": "Випробування вантажем завершили на тиждень раніше, ніж планували.",
    "slug": "mist-vidkryiut-u-travni",
    "path": "/uk/2026/mist-vidkryiut-u-travni/",
    "locale": "uk",
    "name": "Місто",
    "alt": "Новий міст здалеку",
    "caption": "Міст увечері",
    "credit": "Фото: Олена Гай",
    "color": "#145a8c",
    "text": "Перші автомобілі поїдуть новим мостом до кінця весни.",
    "quote": "Ми чекали на цей міст двадцять років.",
    "attribution": "Марія Коваль",
    "role": "міська голова",
    "title": "Міст відкриють у травні",
    "description": "Коли відкриють новий міст",
    "button": "Підтримати",
    "currency": "UAH",
    "email": "reader@example.org",
    "provider": "YouTube",
    "filename": "rishennia.pdf",
    "@type": "NewsArticle",
    "cell": "Травень",
    "code": "uk",
    "width": 1280,
    "height": 800,
    "id": 42,
    "cursor": "MjAyNi0wMS0xNFQxNDozMDowMFp8NDI",
}
_BY_FORMAT = {
    "date-time": "2026-01-14T14:30:00Z",
    "date": "2026-01-14",
    "uri": "https://news.example.org/uk/2026/mist-vidkryiut-u-travni/",
    "uuid": "3f0d9f4e-5a0c-4f5e-9d53-6c2f1f0f7c11",
    "email": "reader@example.org",
}


def add(document: Schema) -> None:
    """Give each member of a union an example, and each JSON answer one of its own or one for each of its kinds."""
    schemas = document["components"]["schemas"]
    for name, schema in schemas.items():
        if name.endswith("Block") and "properties" in schema:
            schema["examples"] = [example(schema, schemas)]
    for item in document["paths"].values():
        for operation in item.values():
            answers = operation.get("responses", {}) if isinstance(operation, dict) else {}
            for answer in answers.values():
                for media_type, content in answer.get("content", {}).items():
                    if media_type.endswith("json") and not {"example", "examples"} & set(content):
                        content.update(_examples(content.get("schema", {}), schemas))


def _examples(schema: Schema, schemas: dict[str, Schema]) -> Schema:
    union = _followed(schema, schemas)
    if mapping := union.get("discriminator", {}).get("mapping"):
        return {
            "examples": {kind: {"value": example({"$ref": reference}, schemas)} for kind, reference in mapping.items()}
        }
    return {"example": example(schema, schemas)} if schema else {}


def example(schema: Schema, schemas: dict[str, Schema], name: str = "", depth: int = 0) -> Any:
    """A value that this schema allows; ``name`` is the key that it stands under."""
    schema = _followed(schema, schemas)
    for key in ("const", "example", "default"):
        if key in schema:
            return schema[key]
    if "examples" in schema:
        return schema["examples"][0]
    if "enum" in schema:
        return _WORDS[name] if _WORDS.get(name) in schema["enum"] else schema["enum"][0]
    if "allOf" in schema:
        merged: Schema = {}
        for part in schema["allOf"]:
            merged |= example(part, schemas, name, depth)
        return merged
    if choices := schema.get("oneOf") or ([] if "type" in schema else schema.get("anyOf")):
        return example(choices[0], schemas, name, depth)
    kind = schema.get("type", "object" if "properties" in schema else "string")
    return _of_kind(kind if isinstance(kind, str) else kind[0], schema, schemas, name, depth)


def _of_kind(kind: str, schema: Schema, schemas: dict[str, Schema], name: str, depth: int) -> Any:
    if kind == "object":
        return {
            key: example(each, schemas, key, depth + 1)
            for key, each in schema.get("properties", {}).items()
            if depth < _DEEPEST or key in schema.get("required", [])
        }
    if kind == "array":
        if depth >= _DEEPEST or name in ("related", "episodes"):
            # Related content may be of the same type, and have related content: only what must be is made.
            return [example(schema["items"], schemas, name, depth + 1) for _each in range(schema.get("minItems", 0))]
        return [example(schema.get("items", {}), schemas, "cell" if name in ("head", "rows") else name, depth + 1)]
    if kind in ("integer", "number"):
        return _number(schema, name)
    return {"boolean": False, "null": None}.get(kind, _text(schema, name))


def _number(schema: Schema, name: str) -> Any:
    wanted = _WORDS.get(name, schema.get("minimum", 1))
    if not isinstance(wanted, int | float):
        return schema.get("minimum", 1)
    return min(max(wanted, schema.get("minimum", wanted)), schema.get("maximum", wanted))


def _text(schema: Schema, name: str) -> str:
    formats = [schema.get("format"), *(each.get("format") for each in schema.get("anyOf", []))]
    found = next((_BY_FORMAT[each] for each in formats if each in _BY_FORMAT), None)
    wanted = found or _WORDS.get(name, "…")
    return wanted if isinstance(wanted, str) else str(wanted)


def _followed(schema: Schema, schemas: dict[str, Schema]) -> Schema:
    while "$ref" in schema:
        schema = schemas[name_in(schema["$ref"])]
    return schema
