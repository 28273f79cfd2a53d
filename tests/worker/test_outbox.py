"""What happens is carried out by a real worker: soon, once, and also after a time without broker or worker."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.stack import Stack

#: One call for one thing: an installation of its own, so the settings of this process don't matter.
_SCRIPT = """
import json
import sys
from tests.support.content import make_article, make_author, make_section, make_image

name = sys.argv[1]
section = make_section(name)
page = make_article(name, section=section)
sys.stdout.write(json.dumps({"page": page.pk, "slug": page.slug, "section": section.pk}))
"""


def make(stack: Stack, name: str) -> Any:
    """An article in a section of the same name."""
    return json.loads(shell(stack, _SCRIPT, name))


def shell(stack: Stack, script: str, *arguments: str) -> str:
    import subprocess
    import sys

    code = f"import django, sys; django.setup(); sys.argv = ['-', *{list(arguments)!r}]\n{script}"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**stack.env, "DJANGO_SETTINGS_MODULE": "cms.project.settings"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def shown_section(stack: Stack, slug: str) -> str:
    answer = stack.get(f"/api/v1/content/article/{slug}/")
    assert answer.status == 200, answer.text
    return str(answer.json()["section"]["name"])


def rename(stack: Stack, section: int, name: str) -> None:
    shell(
        stack,
        "from cms.content.models import Section\n"
        "section = Section.objects.get(pk=sys.argv[1]); section.name = sys.argv[2]; section.save()",
        str(section),
        name,
    )


def waiting(stack: Stack) -> int:
    return int(stack.sql("SELECT count(*) FROM content_outboxevent WHERE done_at IS NULL")[0][0])


@pytest.fixture
def article(stack: Stack) -> Any:
    return make(stack, f"Outbox {uuid.uuid4().hex[:8]}")


def test_a_new_name_of_a_section_reaches_its_publications(stack: Stack, article: Any, poll: Callable[..., Any]) -> None:
    rename(stack, article["section"], "Гавань")

    poll(lambda: shown_section(stack, article["slug"]) == "Гавань", what="the new name in the API")
    poll(lambda: waiting(stack) == 0, what="an empty outbox")


def test_what_happened_without_a_worker_is_carried_out_when_there_is_one(
    stack: Stack, article: Any, poll: Callable[..., Any]
) -> None:
    stack.kill("worker")
    try:
        rename(stack, article["section"], "Пристань")
        assert waiting(stack) >= 1
        assert shown_section(stack, article["slug"]) != "Пристань"
    finally:
        stack.start("worker")
        stack.wait_ready()

    poll(lambda: shown_section(stack, article["slug"]) == "Пристань", what="the new name in the API")


def test_an_event_whose_wake_up_call_was_lost_is_found_by_the_sweep(
    stack: Stack, article: Any, poll: Callable[..., Any]
) -> None:
    # Written past Django: nobody called the worker.
    stack.sql("UPDATE content_section SET name = 'Мол' WHERE id = %s", [article["section"]])
    stack.sql(
        "INSERT INTO content_outboxevent (name, payload, created_at, available_at, attempts, last_error)"
        " VALUES ('section.renamed', %s, now(), now(), 0, '')",
        [json.dumps({"kind": "section", "id": article["section"]})],
    )

    poll(lambda: shown_section(stack, article["slug"]) == "Мол", what="the sweep")


def test_an_event_that_nobody_can_handle_is_kept_with_its_error(
    stack: Stack, article: Any, poll: Callable[..., Any]
) -> None:
    (row,) = stack.sql(
        "INSERT INTO content_outboxevent (name, payload, created_at, available_at, attempts, last_error)"
        " VALUES ('section.renamed', '{\"kind\": \"nonsense\"}', now(), now(), 0, '') RETURNING id"
    )

    def failed_twice() -> bool:
        ((attempts, error, done),) = stack.sql(
            "SELECT attempts, last_error, done_at FROM content_outboxevent WHERE id = %s", row
        )
        return attempts >= 2 and "nonsense" in error and done is None

    try:
        poll(failed_twice, what="the second try")
        rename(stack, article["section"], "Док")
        poll(lambda: shown_section(stack, article["slug"]) == "Док", what="the events after it")
    finally:
        stack.sql("DELETE FROM content_outboxevent WHERE id = %s", row)
