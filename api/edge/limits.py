"""How many requests each client may make: counted in memory, and added up over all processes through Redis.

No request waits for Redis. While it is away each process counts for itself.
"""

import logging
from threading import Event, Thread
from time import time
from typing import NamedTuple

import redis
from django.conf import settings

logger = logging.getLogger(__name__)

#: Seconds of one window: after it everybody starts anew.
WINDOW = 60
#: Seconds between two exchanges with the other processes.
EXCHANGE = 0.5
#: Clients whose counts are exchanged at once, and clients that are counted: beyond it unknown ones are counted with
#: their neighbours, and beyond twice as many all together.
MOST_EXCHANGED, MOST_CLIENTS = 5_000, 100_000
_CROWD = "crowd"


class Standing(NamedTuple):
    """What a client has left of its requests in this window, and the seconds until the next one."""

    limit: int
    remaining: int
    reset: int

    @property
    def is_over(self) -> bool:
        """Whether this request is one too many."""
        return self.remaining < 0

    @property
    def headers(self) -> list[tuple[str, str]]:
        """https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/"""
        return [
            ("ratelimit-policy", f'"default";q={self.limit};w={WINDOW}'),
            ("ratelimit", f'"default";r={max(self.remaining, 0)};t={self.reset}'),
        ]


class Limiter:
    """Counts the requests of each client in windows of a minute."""

    def __init__(self) -> None:
        self._window = 0
        self._here: dict[str, int] = {}
        self._told: dict[str, int] = {}  # of those, how many the others know
        self._elsewhere: dict[str, int] = {}
        self._over = Event()

    def start(self) -> None:
        """Exchange counts with the other processes from now on."""
        Thread(target=self._run, name="limits", daemon=True).start()

    def stop(self) -> None:
        self._over.set()

    def take(self, client: str, limit: int, cost: int = 1) -> Standing:
        """Count one request, or as many as ``cost``, of this client, which may make ``limit`` in a window."""
        now = time()
        window = int(now) // WINDOW
        if window != self._window:
            self._window, self._here, self._told, self._elsewhere = window, {}, {}, {}
        here = self._here
        if client not in here and len(here) >= MOST_CLIENTS:
            client = _neighbourhood(client)
            if client not in here and len(here) >= 2 * MOST_CLIENTS:
                client = _CROWD
        here[client] = count = here.get(client, 0) + cost
        return Standing(limit, limit - count - self._elsewhere.get(client, 0), WINDOW - int(now) % WINDOW)

    def _run(self) -> None:
        client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
        is_away = False
        while not self._over.wait(EXCHANGE):
            try:
                self.exchange(client)
                is_away = False
            except redis.RedisError as error:
                if not is_away:  # once, not twice a second
                    logger.warning("Redis can't be reached; each process counts requests for itself: %s", error)
                is_away = True
        client.close()

    def exchange(self, client: redis.Redis) -> None:
        """Tell the others what was counted here since the last time, and learn what they counted."""
        window, here, told, elsewhere = self._window, self._here, self._told, self._elsewhere
        new = {name: count - told.get(name, 0) for name, count in list(here.items()) if count != told.get(name, 0)}
        names = sorted(new, key=new.__getitem__, reverse=True)[:MOST_EXCHANGED]
        if not names:
            return
        pipeline = client.pipeline(transaction=False)
        for name in names:
            key = f"ostriv:limit:{window}:{name}"
            pipeline.incrby(key, new[name])
            pipeline.expire(key, 2 * WINDOW)
        totals = pipeline.execute()[::2]
        for name, total in zip(names, totals, strict=True):
            told[name] = told.get(name, 0) + new[name]
            elsewhere[name] = total - told[name]


def _neighbourhood(client: str) -> str:
    """The wider network of an address: whoever has many addresses has them there."""
    if ":" in client:
        return ":".join(client.split(":")[:3]) + "::/48"
    return client.rpartition(".")[0] + ".0/24"
