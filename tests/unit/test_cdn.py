"""Purging a CDN: what it is told, in how many calls, and that nothing is forgotten while it can't be told."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from api import purging
from api.purging import backends, service
from api.purging.models import PurgeState, RaisedTags
from tests.support.content import make_article, make_section
from tests.support.receiving import Receiver, Reply, Request, receiving

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "SETTLE", 0.0)


@pytest.fixture
def cdn() -> Iterator[Receiver]:
    """A server that plays Cloudflare, Fastly or Varnish: all say yes."""
    with receiving() as made:
        made.answer = lambda request: Reply(200, {"Content-Type": "application/json"}, b'{"success": true}')
        yield made


@pytest.fixture
def told(cdn: Receiver, settings: Any) -> Any:
    """Name a CDN; everything so far is known to it."""

    def name(url: str) -> Receiver:
        settings.CDN = [url.format(host=f"127.0.0.1:{cdn.port}", api=cdn.url)]
        purging.purge_due()
        while purging.purge_due():
            pass
        cdn.requests.clear()
        return cdn

    return name


CLOUDFLARE = "cloudflare://s3cret@Zone1?api={api}"
FASTLY = "fastly://s3cret@Service1?api={api}"
VARNISH = "varnish://{host}"


def tags_of(cdn: Receiver, key: str) -> set[str]:
    return {tag for request in cdn.requests for tag in json.loads(request.body)[key]}


def test_cloudflare_is_told_the_tags_of_what_has_changed(told: Any) -> None:
    cdn = told(CLOUDFLARE)
    page = make_article("Кран")

    assert purging.purge_due() > 0
    assert purging.purge_due() == 0

    assert {f"page-{page.pk}", f"translation-{page.translation_key}", "content"} <= tags_of(cdn, "tags")
    request = cdn.requests[0]
    assert (request.method, request.path) == ("POST", "/client/v4/zones/Zone1/purge_cache")
    assert request.headers["authorization"] == "Bearer s3cret"


def test_fastly_is_told_softly(told: Any) -> None:
    cdn = told(FASTLY)
    page = make_article("Кран")

    purging.purge_due()

    assert {f"page-{page.pk}", "content"} <= tags_of(cdn, "surrogate_keys")
    request = cdn.requests[0]
    assert (request.method, request.path) == ("POST", "/service/Service1/purge")
    assert request.headers["fastly-key"] == "s3cret"
    assert request.headers["fastly-soft-purge"] == "1"


def test_varnish_bans_what_bears_one_of_the_tags_and_nothing_else(told: Any) -> None:
    import re

    cdn = told(VARNISH)
    page = make_article("Кран")

    purging.purge_due()

    (request,) = cdn.requests
    assert request.method == "BAN"
    expression = re.compile(request.headers["x-cache-tags"])
    assert expression.search(f"site,page-{page.pk},sections")
    assert expression.search("content")
    assert not expression.search(f"page-{page.pk}0,xcontent")


def test_a_section_with_another_name_is_told_by_its_own_tag(told: Any) -> None:
    section = make_section("Порт")
    cdn = told(CLOUDFLARE)

    section.name = "Гавань"
    section.save()
    purging.purge_due()

    assert tags_of(cdn, "tags") == {"sections"}
    assert not RaisedTags.objects.exists()


def test_many_changes_go_in_one_call(told: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    cdn = told(CLOUDFLARE)
    monkeypatch.setattr(service, "LARGEST", 5)
    for n in range(4):
        make_article(f"Новина {n}")

    purging.purge_due()

    assert [json.loads(request.body) for request in cdn.requests] == [{"purge_everything": True}]


def test_tags_go_in_as_many_as_the_service_takes(told: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    cdn = told(CLOUDFLARE)
    monkeypatch.setattr(backends.Cloudflare, "PORTION", 2)
    make_article("Кран")

    number = purging.purge_due()

    assert [len(json.loads(request.body)["tags"]) <= 2 for request in cdn.requests] == [True] * len(cdn.requests)
    assert sum(len(json.loads(request.body)["tags"]) for request in cdn.requests) == number


@pytest.mark.parametrize(
    "reply", [Reply(500), Reply(403, body=b"s3cret?"), Reply(200, body=b'{"success": false, "errors": [1]}')]
)
def test_what_could_not_be_told_is_told_later(told: Any, reply: Reply) -> None:
    cdn = told(CLOUDFLARE)
    page = make_article("Кран")
    yes, cdn.answer = cdn.answer, lambda request: reply

    assert purging.purge_due() == 0
    state = PurgeState.objects.get()
    assert state.failures == 1 and state.last_error
    assert state.next_attempt_at > timezone.now()
    assert purging.purge_due() == 0
    assert len(cdn.requests) == 1, "it is left alone for a while"

    cdn.answer = yes
    cdn.requests.clear()
    PurgeState.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))
    purging.purge_due()
    assert f"page-{page.pk}" in tags_of(cdn, "tags")
    assert PurgeState.objects.get().failures == 0


def test_a_service_that_is_away_breaks_nothing(told: Any, settings: Any, caplog: Any) -> None:
    from cms.embedded.processes import free_port

    told(VARNISH)
    settings.CDN = [f"varnish://127.0.0.1:{free_port()}"]
    make_article("Кран")

    assert purging.purge_due() == 0
    assert "CDN" in caplog.text


def test_it_is_told_when_no_web_process_answers_with_what_was_before(
    told: Any, cdn: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would fetch that once more, and keep it."""
    told(FASTLY)
    arrived: list[float] = []
    answer = cdn.answer

    def note(request: Request) -> Reply:
        arrived.append(time.monotonic())
        return answer(request)

    cdn.answer = note
    monkeypatch.setattr(service, "SETTLE", 0.3)
    make_article("Кран")
    committed = time.monotonic()

    purging.purge_due()

    assert arrived[0] - committed >= service.SETTLE


def test_publishing_calls_nobody(told: Any) -> None:
    cdn = told(CLOUDFLARE)
    make_article("Кран").unpublish()
    assert cdn.requests == []


def test_after_a_backup_was_restored_everything_is_purged(told: Any) -> None:
    cdn = told(FASTLY)
    PurgeState.objects.update(position=2**60, mark=1)

    purging.purge_due()

    assert [request.path for request in cdn.requests] == ["/service/Service1/purge_all"]


def test_without_a_cdn_nothing_is_gathered_for_long(settings: Any) -> None:
    settings.CDN = []
    make_section("Порт")
    assert purging.purge_due() == 0
    RaisedTags.objects.update(at=timezone.now() - timedelta(days=2))
    assert purging.forget_old() > 0
    assert not RaisedTags.objects.exists()


@pytest.mark.parametrize("url", ["akamai://x", "cloudflare://Zone1", "cloudflare://s3cret@", "fastly://Service1", ""])
def test_a_cdn_that_is_not_known_is_an_error_without_its_secret(url: str) -> None:
    with pytest.raises(ImproperlyConfigured) as error:
        backends.backend(url)
    assert "s3cret" not in str(error.value)


def test_cloudfront_is_told_all_paths_through_its_own_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Amazon's library is not among ours: another one of its name stands in for it."""
    import sys
    import types

    told: list[dict[str, Any]] = []
    client = types.SimpleNamespace(create_invalidation=lambda **call: told.append(call))
    library = types.SimpleNamespace(client=lambda service, **options: client)
    monkeypatch.setitem(sys.modules, "boto3", library)

    backends.backend("cloudfront://E1ABC").purge_tags(["page-1", "content"])

    assert told[0]["DistributionId"] == "E1ABC"
    assert told[0]["InvalidationBatch"]["Paths"]["Items"] == list(backends.PATHS)
