"""Keys of the API, at the lane: who has one is counted apart, and where the API is private nobody else is answered."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from tests.support.content import make_article
from tests.support.waiting import poll


@pytest.fixture
def make_key(transactional_db: None) -> Callable[..., str]:
    from cms.access import keys
    from cms.access.models import ApiKey

    def make(**fields: Any) -> str:
        return keys.issue(ApiKey(**{"name": "Застосунок", "scopes": ["read"], **fields}), None)

    return make


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def test_a_key_has_a_rate_of_its_own(lanes: Any, reader: Any, make_key: Any, settings: Any) -> None:
    settings.OSTRIV_API_RATE = 1
    web, key = reader(lanes()), make_key(rate=1000)
    assert web.get("/content/").status_code == 200
    assert web.get("/content/").status_code == 429

    answer = web.get("/content/", headers=bearer(key))

    assert answer.status_code == 200
    assert answer.headers["RateLimit-Policy"] == '"default";q=1000;w=60'


def test_a_wrong_key_is_refused_in_words_and_counted(lanes: Any, reader: Any, settings: Any) -> None:
    settings.OSTRIV_API_RATE = 2
    web = reader(lanes())
    refused = web.get("/content/", headers=bearer("ostriv_" + "x" * 43))
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    web.get("/content/", headers=bearer("ostriv_" + "y" * 43))
    assert web.get("/content/", headers=bearer("ostriv_" + "z" * 43)).status_code == 429


def test_a_private_api_answers_holders_of_a_key_only_also_from_memory(
    lanes: Any, reader: Any, make_key: Any, settings: Any
) -> None:
    settings.OSTRIV_API_PUBLIC = False
    make_article("Новина")
    web, key, drafts_only = reader(lanes()), make_key(), make_key(scopes=["drafts"])
    for _time in ("rendered", "from memory"):
        answer = web.get("/content/", headers=bearer(key))
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-cache", "no cache between us may give it to others"
        assert web.get("/content/").status_code == 401
        assert web.get("/content/", headers=bearer(drafts_only)).status_code == 403


def test_a_revoked_key_is_refused_at_once(lane: Any, web: Any, make_key: Any) -> None:
    from cms.access.models import ApiKey

    key = make_key()
    assert web.get("/content/", headers=bearer(key)).status_code == 200

    ApiKey.objects.get().revoke()

    assert web.get("/content/", headers=bearer(key)).status_code == 401


def test_a_key_that_another_process_revoked_is_refused_when_the_database_says_so(
    lane: Any, web: Any, make_key: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cms.access import keys
    from cms.access.models import ApiKey

    monkeypatch.setattr(keys, "FRESH", 3600.0)
    key = make_key()
    assert web.get("/content/", headers=bearer(key)).status_code == 200

    ApiKey.objects.update(revoked_at=timezone.now())  # past the signals of this process

    poll(lambda: web.get("/content/", headers=bearer(key)).status_code == 401)


def test_the_use_of_a_key_is_noted_though_answers_come_from_memory(lane: Any, web: Any, make_key: Any) -> None:
    from cms.access.models import ApiKey

    key = make_key()
    web.get("/content/")
    assert web.get("/content/", headers=bearer(key)).status_code == 200

    assert ApiKey.objects.get().last_used_at is not None


def test_a_draft_asked_for_with_a_key_is_never_given_to_another(lane: Any, web: Any, make_key: Any) -> None:
    page = make_article("Новина", live=False)
    path = f"/drafts/{page.pk}/"
    assert web.get(path, headers=bearer(make_key(scopes=["drafts"]))).status_code == 200
    assert web.get(path).status_code == 401
    assert web.get(path, headers=bearer(make_key())).status_code == 403
