"""What readers are answered: as the schema says, in the same number of queries, filtered and in their language."""

from typing import Any

import pytest
from django.test import Client

from api.publications.filters import KeyFilter, MomentFilter, plugin_filters
from api.times import utc
from cms.registry.discovery import Plugin
from ostriv.testing import answers, newsroom, pages, schemas, subjects
from ostriv.testing.filling import Filler
from ostriv.testing.subjects import Block, ContentType, for_each_block, for_each_plugin, for_each_type

__all__ = [
    "test_a_block_is_shown_in_an_article_as_the_schema_says",
    "test_a_detail_is_as_the_schema_says",
    "test_a_detail_is_one_query",
    "test_a_list_is_as_the_schema_says",
    "test_a_list_of_one_and_of_twenty_is_one_query",
    "test_a_plugin_answers_as_the_schema_says",
    "test_a_translation_is_published_beside_its_original",
    "test_filters_find_what_they_are_about",
    "test_the_schema_is_valid_and_nothing_in_it_had_to_be_guessed",
]


@pytest.mark.django_db
def test_the_schema_is_valid_and_nothing_in_it_had_to_be_guessed() -> None:
    guessed = schemas.faults_of_document()
    assert not guessed, "Describe these with drf_spectacular's extend_schema: " + "; ".join(guessed)


@for_each_type
def test_a_detail_is_as_the_schema_says(kind: ContentType, client: Client) -> None:
    page = pages.build(kind.model)
    address = f"/api/v1/content/{kind.name}/{page.slug}/"

    _fits(address, client.get(address))
    answers.no_faults(kind.plugin.label)


@for_each_type
def test_a_list_is_as_the_schema_says(kind: ContentType, client: Client) -> None:
    pages.build(kind.model)

    _fits("/api/v1/content/", client.get("/api/v1/content/", {"type": kind.name}))


@for_each_plugin
def test_a_plugin_answers_as_the_schema_says(plugin: Plugin, client: Client) -> None:
    """Its own routes, for a page of each of its types. One that the document doesn't describe is a page for people."""
    built = [pages.build(kind.model) for kind in subjects.types() if kind.plugin == plugin]
    asked = {address for page in built for address in subjects.addresses(plugin, page)} | set(
        subjects.addresses(plugin)
    )

    answered = set()
    for address in sorted(asked):
        response = client.get(address)
        assert response.status_code < 500, f"{address} answered {response.status_code}. {answers.fault_report()}"
        if response.streaming:
            answers.end_stream(response)
        elif (operation := schemas.operation_at(address)) and response.status_code == 200:
            answered.add(operation[0])
            if "json" in response["Content-Type"]:
                _fits(address, response)
    answers.no_faults(plugin.label)
    described = {path for path in schemas.document()["paths"] if path.startswith(f"/api/v1/x/{plugin.label}/")}
    assert answered <= described


@pytest.mark.django_db
def test_a_list_of_one_and_of_twenty_is_one_query(client: Client, django_assert_num_queries: Any) -> None:
    """Pages of all types in turn: a list is ready-made strings, whatever plugins add."""
    kinds = subjects.types()
    if not kinds:
        pytest.skip(subjects.NOTHING)
    types = ",".join(kind.name for kind in kinds)
    parents: dict[str, Any] = {}
    for number, kind in enumerate((kinds * 20)[:20]):
        page = pages.build(kind.model, parent=parents.get(kind.name))
        parents[kind.name] = page.get_parent()
        if number == 0:
            client.get("/api/v1/content/", {"type": types})  # what a process keeps in memory is read
            _is_one_query(client, django_assert_num_queries, types, 1)
    _is_one_query(client, django_assert_num_queries, types, 20)


def _is_one_query(client: Client, counting: Any, types: str, size: int) -> None:
    with counting(1, info=f"A list of {size} must be one query, whatever plugins add."):
        answer = client.get("/api/v1/content/", {"type": types, "page_size": size})
    assert len(answer.json()["results"]) == size


@for_each_type
def test_a_detail_is_one_query(kind: ContentType, client: Client, django_assert_num_queries: Any) -> None:
    page = pages.build(kind.model)
    address = f"/api/v1/content/{kind.name}/{page.slug}/"
    client.get(address)

    with django_assert_num_queries(1):
        assert client.get(address).status_code == 200


@for_each_type
def test_filters_find_what_they_are_about(kind: ContentType, client: Client) -> None:
    page = pages.build(kind.model)
    keys, moments = plugin_filters()

    for key in keys:
        if key.model is kind.model:
            _key_filter_works(client, page, key)
    for moment in moments:
        if moment.model is kind.model:
            _moment_filter_works(client, page, moment)


@for_each_type
def test_a_translation_is_published_beside_its_original(kind: ContentType, client: Client) -> None:
    page = pages.build(kind.model)

    copy = page.copy_for_translation(newsroom.locale_of("en"), copy_parents=True)
    found = answers.places(client, copy, "translated")
    assert not found, f"A translation of a {kind.name} is shown before anybody has published it: {found}."
    copy = pages.edit(copy, "translated", publish=True)

    answers.shown_everywhere(client, copy, "translated", "a published translation")
    for each, other in ((page, copy), (copy, page)):
        address = f"/api/v1/content/{kind.name}/{each.slug}/"
        shown = client.get(address, {"locale": each.locale.language_code}).json()
        named = [(translation["locale"], translation["slug"]) for translation in shown["translations"]]
        assert named == [(other.locale.language_code, other.slug)], (
            f"The {kind.name} in {each.locale} does not name its translation: {named}."
        )
    answers.no_faults(kind.plugin.label)


@for_each_block("body")
def test_a_block_is_shown_in_an_article_as_the_schema_says(block: Block, client: Client, editor: Client) -> None:
    value = raw_value(block)
    article = pages.article_with([{"type": block.declared.name, "value": value}])

    address = f"/api/v1/content/article/{article.slug}/"
    response = client.get(address)

    _fits(address, response)
    shown = [each["type"] for each in response.json()["body"]]
    assert shown == [block.declared.name], (
        f"An article with the block {block.declared.name} shows {shown}. {answers.fault_report()}"
    )
    form = editor.get(f"/admin/pages/{article.pk}/edit/")
    assert form.status_code == 200 and block.declared.name in form.content.decode()
    answers.no_faults(block.plugin.label)


def raw_value(block: Block) -> Any:
    """What is stored of this block: the example of its plugin, else filled by its type; refused, it says so."""
    declared = block.declared
    example = block.example
    value = Filler(pages.WORD, "uk", pages.build).raw(declared.block) if example is None else example
    try:
        declared.block.clean(declared.block.to_python(value))
    except Exception as error:
        pytest.fail(
            f"The block {declared.name} can't be filled by its type: {error!r}. Write what is stored of one into "
            f'{block.plugin.package}/examples.py: blocks = {{"{declared.name}": ...}}'
        )
    return value


def _fits(address: str, response: Any) -> None:
    assert response.status_code == 200, f"{address} answered {response.status_code}. {answers.fault_report()}"
    wrong = schemas.faults(address, response.json(), response["Content-Type"].partition(";")[0])
    assert not wrong, f"The answer of {address} is not what /api/v1/schema/ says of it: " + "; ".join(wrong[:10])


def _key_filter_works(client: Client, page: Any, key: KeyFilter) -> None:
    values = list(key.of(page))
    assert values, f"The filter {key.name} has no value for a page filled with everything: write one into examples.py."
    assert _found(client, {key.name: ",".join(values)}) == [page.pk], f"?{key.name}={values[0]} does not find its page."
    if key.allowed:
        refused = client.get("/api/v1/content/", {key.name: "no-such-value"})
        assert refused.status_code == 400 and key.name in refused.json()["detail"] + str(refused.json()), (
            f"?{key.name}=no-such-value must be a 400 that names the parameter, not {refused.status_code}."
        )
    else:
        assert _found(client, {key.name: "no-such-value"}) == []


def _moment_filter_works(client: Client, page: Any, moment: MomentFilter) -> None:
    at = moment.of(page)
    assert at is not None, (
        f"The filter {moment.name} has no moment for a page filled with everything: write one into examples.py."
    )
    assert _found(client, {f"{moment.name}_after": utc(at)}) == [page.pk]
    assert _found(client, {f"{moment.name}_before": utc(at)}) == []


def _found(client: Client, asked: dict[str, Any]) -> list[int]:
    return [each["id"] for each in client.get("/api/v1/content/", asked).json()["results"]]
