"""A sign of life: every worker process writes when it was last well, and `/readyz` reads it."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

import redis
from celery.signals import worker_ready, worker_shutting_down
from django.conf import settings

#: Seconds since 1970, read by /readyz.
KEY = "ostriv:worker:seen"
EVERY = 2.0
_FORGOTTEN_AFTER = 24 * 3600
_over = threading.Event()
logger = logging.getLogger(__name__)


@worker_ready.connect
def begin(**_: Any) -> None:
    """Beat in a thread of the worker's main process, so that a long task does not look like a death."""
    _over.clear()
    threading.Thread(target=_beat, name="heartbeat", daemon=True).start()


@worker_shutting_down.connect
def end(**_: Any) -> None:
    _over.set()


def _beat() -> None:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
    failing = False
    while True:
        try:
            client.set(KEY, f"{time.time():.3f}", ex=_FORGOTTEN_AFTER)
            failing = False
        except redis.RedisError as error:
            if not failing:  # once, not every two seconds
                logger.warning("The sign of life cannot be written: %s", error)
            failing = True
        if _over.wait(EVERY):
            client.close()
            return
