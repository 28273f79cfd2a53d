"""`/healthz`: this process answers. `/readyz`: all that it needs is there."""

from __future__ import annotations

import time
from collections.abc import Callable

import redis
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

#: Written by every worker every few seconds (workers.heartbeat), in seconds since 1970.
WORKER_SEEN_KEY = "ostriv:worker:seen"
#: A worker not heard of for so many seconds counts as gone.
WORKER_SILENCE = 15.0


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Each part by name with "ok" or what is wrong; 503 unless all are well."""
    parts = check()
    ready = all(said == "ok" for said in parts.values())
    return JsonResponse({"status": "ready" if ready else "waiting", **parts}, status=200 if ready else 503)


def check() -> dict[str, str]:
    """The parts that an installation needs, each with "ok" or one sentence."""
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
    try:
        return {
            "database": _said(_database),
            "redis": _said(lambda: _redis(client)),
            "worker": _said(lambda: _worker(client)),
        }
    finally:
        client.close()


def _said(check: Callable[[], str]) -> str:
    try:
        return check()
    except Exception as error:  # whatever is wrong, the answer is a sentence and not a traceback
        return f"{type(error).__name__}"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _redis(client: redis.Redis) -> str:
    client.ping()
    return "ok"


def _worker(client: redis.Redis) -> str:
    seen = client.get(WORKER_SEEN_KEY)
    if seen is None:
        return "no worker seen yet"
    silence = time.time() - float(str(seen, "ascii") if isinstance(seen, bytes) else str(seen))
    return "ok" if silence < WORKER_SILENCE else f"no worker seen for {silence:.0f} s"
