"""The content list and the detail."""

import json
from collections.abc import Callable
from typing import Any

from django.http import QueryDict
from rest_framework.exceptions import NotFound, ValidationError

from api import parameters
from api.answers.fields import Tree, pruned, teaser_tree, tree_of
from api.answers.filtering import active_types, selection_of
from api.answers.rich_text import in_markdown
from api.http import Answer
from api.json_text import dump
from api.publications.details import Detail, detail, details
from api.publications.listing import Listing, listing
from api.publications.statements import MOST_SHELVES, TooManyShelves
from api.publications.stored import teasers
from api.serializers.content import TeaserSerializer
from api.serializers.schema import detail_document_schema

PATH = "/api/v1/content/"
#: What ``expand=`` may name, and how many of each document are expanded.
EXPANDABLE, MOST_EXPANDED = ["related"], 5
DETAIL_PARAMETERS = {"locale", "fields", "expand", "rich_text"}
RICH_TEXT = ["html", "markdown"]
Document = dict[str, Any]


# --- the list ---------------------------------------------------------------------------------------------------


def content_list(query: QueryDict) -> Answer:
    """Published content as teasers. One statement, or two with ``expand``. Raises ValidationError."""
    selection = selection_of(query)
    size, cursor = parameters.page_size(query), parameters.cursor(query, selection.order)
    expands = "expand" in query and bool(parameters.choices(query, "expand", EXPANDABLE))
    tree = teaser_tree(query, _ExpandedTeaser)
    columns = "p.teaser, p.detail::json -> 'related'" if expands else "p.teaser"
    try:
        found = listing(selection, size=size, cursor=cursor, columns=columns)
    except TooManyShelves as error:
        message = f"These values combine to more than {MOST_SHELVES} with those of other parameters. Name fewer."
        raise ValidationError({_most_valued(selection.shelved, selection.types): message}) from error
    results = _expanded(found) if expands else found.teasers
    if tree:
        results = [dump(pruned(json.loads(each), tree)) for each in results]
    next_, previous = map(_quoted, parameters.addresses_at(PATH, query, found.next, found.previous))
    body = f'{{"results":[{",".join(results)}],"next":{next_},"previous":{previous}}}'
    return Answer(body.encode(), ("content", "search") if "q" in query else ("content",))


def _quoted(address: str | None) -> str:
    return f'"{address}"' if address else "null"  # percent-encoded: it holds nothing that JSON escapes


def _most_valued(shelved: dict[str, list[str]], types: Any) -> str:
    return max(("type", types), *shelved.items(), key=lambda each: len(each[1]))[0]


class _ExpandedTeaser(TeaserSerializer):
    """A teaser with what ``expand`` adds."""

    related = TeaserSerializer(many=True)


def _expanded(found: Listing) -> list[str]:
    """The teasers, each with those of its related content."""
    wanted = [_related_ids(row.columns[1]) for row in found.rows]
    shown = teasers(page_id for ids in wanted for page_id in ids)
    return [
        f'{row.columns[0][:-1]},"related":[{",".join(shown[page_id] for page_id in ids if page_id in shown)}]}}'
        for row, ids in zip(found.rows, wanted, strict=True)
    ]


def _related_ids(related: Any) -> list[int]:
    stored = json.loads(related) if isinstance(related, str) else related
    return [each["$ref"] for each in stored or [] if isinstance(each, dict) and "$ref" in each][:MOST_EXPANDED]


# --- the detail -------------------------------------------------------------------------------------------------


def content_detail(type: str, slug: str, query: QueryDict) -> Answer:
    """One piece of published content, whole. One statement; two with ``expand``, or where a language stands in for
    another. Raises ValidationError, NotFound.
    """
    parameters.only(query, DETAIL_PARAMETERS)
    locales = parameters.locales(query)
    change = _change(type, query) if len(query) > ("locale" in query) else None
    found = detail(type=type, slug=slug, locales=locales)
    if found is None:
        raise NotFound(f"There is no published {type} “{slug}”.")
    return change(found) if change else Answer(found.json.encode(), found.tags)


def _change(type: str, query: QueryDict) -> Callable[[Detail], Answer]:
    """What the parameters make of a detail, if they are right."""
    expands = bool(parameters.choices(query, "expand", EXPANDABLE))
    as_markdown = parameters.choice(query, "rich_text", RICH_TEXT, "html") == "markdown"
    names = parameters.words(query, "fields")
    model = active_types().get(type)
    tree = _detail_tree(names, model, expands=expands) if names and model else None

    def changed(found: Detail) -> Answer:
        document, tags = json.loads(found.json), list(found.tags)
        if expands:
            expanded = details([each["id"] for each in document["related"][:MOST_EXPANDED]])
            document["related"] = [
                _whole(expanded[each["id"]], as_markdown=as_markdown) if each["id"] in expanded else each
                for each in document["related"]
            ]
            tags += [tag for each in expanded.values() for tag in each.tags]
        if as_markdown and model:
            document = in_markdown(document, model)
        if tree:
            document = pruned(document, tree)
        return Answer(dump(document).encode(), tuple(dict.fromkeys(tags)))

    return changed


def _detail_tree(names: list[str], model: Any, *, expands: bool) -> Tree:
    """The parts of a detail that are asked for; of its related content those of details, where that is expanded."""
    expanded = [name for name in names if expands and name.startswith("related.")]
    tree = tree_of([name for name in names if name not in expanded], [detail_document_schema(model)])
    if expanded and "related" not in tree:
        shapes = [detail_document_schema(each) for each in active_types().values()]
        tree["related"] = tree_of([name.removeprefix("related.") for name in expanded], shapes)
    return tree


def _whole(found: Detail, *, as_markdown: bool) -> Document:
    document: Document = json.loads(found.json)
    model = active_types().get(document["type"])
    return in_markdown(document, model) if as_markdown and model else document
