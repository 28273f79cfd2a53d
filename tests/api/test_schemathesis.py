"""Thousands of requests that nobody thought of, made of the schema itself, against the application as it is served.

Each operation alone with data that fits and data that doesn't, and walks along the links from answer to answer.
The same requests every time: there is no luck in it.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.stateful import run_state_machine_as_test
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ostriv.testing import contract

#: Requests for each operation, and walks along the links.
FITTING, UNFIT, WALKS, STEPS = 12, 6, 100, 10
#: Where walks must have come: what nobody finds by guessing.
LED_TO = {
    "GET /api/v1/content/{type}/{slug}/",
    "GET /api/v1/resolve/",
    "GET /api/v1/authors/{slug}/",
    "GET /api/v1/types/{type}/",
    "GET /api/v1/newsletters/{slug}/editions/",
}
#: What schemathesis sends by itself, and does not undo: compression.
_PLAIN = {"Accept-Encoding": "identity"}
_CHECKS = [status_code_conformance, content_type_conformance, response_headers_conformance]
_HURRIED = settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    verbosity=Verbosity.quiet,
)


@pytest.fixture
def api(transactional_db: None, settings: Any) -> Iterator[Any]:
    """The schema, ready to ask the application as a web server has it, of a newsroom with content."""
    from django.core.wsgi import get_wsgi_application

    from api.edge.lane import in_front_of

    settings.OSTRIV_API_RATE = 0
    _publish()
    lane = in_front_of(get_wsgi_application())
    schema = schemathesis.openapi.from_dict(contract.document())
    schema.app = lane
    try:
        yield _without_streams(schema)
    finally:
        lane.stop()


def _publish() -> None:
    """One of each type, and what lists are filtered by."""
    from cms.content.types import content_types
    from ostriv.testing import newsroom, pages

    section, author = newsroom.make_section("Місто"), newsroom.make_author("Олена Гай")
    for model in content_types().values():
        page = pages.build(model, section=section, image=newsroom.make_image())
        page.bylines.create(author=author)
        page.tags.add("міст")
        page.save_revision().publish()
    newsroom.make_newsletter()


def _without_streams(schema: Any) -> Any:
    """Without what answers for a minute."""

    def is_stream(context: Any) -> bool:
        answers = context.operation.definition.raw.get("responses", {}).values()
        return any("text/event-stream" in answer.get("content", {}) for answer in answers)

    return schema.exclude(is_stream)


def _operations(schema: Any) -> list[Any]:
    return [each.ok() for each in schema.get_all_operations()]


def _hold(case: Any, response: Any, *, is_fitting: bool) -> None:
    """Everything that must be true of an answer, whatever was asked."""
    checks = [*_CHECKS]
    if response.status_code != 503:  # it says that something can't be reached, and when to come again
        checks.append(not_a_server_error)
    if "fields" not in (case.query or {}):
        checks.append(response_schema_conformance)
    if not is_fitting:
        checks.append(negative_data_rejection)
    case.validate_response(response, checks=checks)


def test_every_operation_answers_as_the_schema_says(api: Any) -> None:
    told: list[str] = []
    for operation in _operations(api):
        for mode, number in ((GenerationMode.POSITIVE, FITTING), (GenerationMode.NEGATIVE, UNFIT)):
            try:
                _ask(operation, mode, number)
            except Unsatisfiable:
                assert mode is GenerationMode.NEGATIVE, f"{operation.label} takes nothing at all"
            except (Exception, BaseExceptionGroup) as error:
                told.append(f"{operation.label} ({mode.value}): {error}")
    assert not told, "\n\n".join(told)


def _ask(operation: Any, mode: GenerationMode, number: int) -> None:
    @settings(_HURRIED, max_examples=number)
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        _hold(case, case.call(headers=_PLAIN), is_fitting=mode is GenerationMode.POSITIVE)

    ask()


def test_links_lead_from_answer_to_answer(api: Any) -> None:
    walked: set[str] = set()

    class Walk(api.as_state_machine()):  # type: ignore[misc]
        def step(self, input: Any) -> Any:
            # Along the link and nothing beside it: with filters that nobody chose a walk ends in an empty list.
            followed = {name for _location, name in input.applied_parameters}
            needed = {each.name for each in input.case.operation.query if each.is_required}
            asked = {name: value for name, value in input.case.query.items() if name in followed | needed}
            input.case.query = asked
            return super().step(input)

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": _PLAIN}

        def validate_response(self, response: Any, case: Any, **more: Any) -> None:
            _hold(case, response, is_fitting=True)
            if 200 <= response.status_code < 300:
                walked.add(case.operation.label)

    run_state_machine_as_test(Walk, settings=settings(_HURRIED, max_examples=WALKS, stateful_step_count=STEPS))

    assert walked >= LED_TO, f"no walk has come to {sorted(LED_TO - walked)}, only to {sorted(walked)}"
