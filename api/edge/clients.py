"""Who asks: by a key of theirs, or by their address."""

from typing import Any, NamedTuple

import psycopg
from django.conf import settings
from django.db import connection

from api.authentication import presented_by
from api.edge.reader import Reader
from cms.access import keys
from cms.access.keys import KeyFacts
from cms.registry.clients import network_of

Environ = dict[str, Any]


class Client(NamedTuple):
    """Whoever asks: the name that their requests are counted under, and how many a minute they may make (0: any).

    One that is not ``welcome`` has a key that is none, or none where one is needed: Django says what is wrong.
    """

    name: str
    limit: int
    is_welcome: bool = True


class Clients:
    """Tells clients apart, by the settings of this installation."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._proxies: int = settings.REST_FRAMEWORK["NUM_PROXIES"]
        self._limit: int = settings.OSTRIV_API_RATE
        self._is_public: bool = settings.OSTRIV_API_PUBLIC

    def find(self, environ: Environ) -> Client:
        """Who asks."""
        if "HTTP_AUTHORIZATION" in environ and (presented := presented_by(environ["HTTP_AUTHORIZATION"])):
            facts = self._facts_of(presented)
            if facts is None or not (self._is_public or facts.opens("read")):
                return Client(self._address(environ), self._limit, is_welcome=False)
            _note_use(facts)
            return Client(f"key-{facts.id}", facts.rate)
        return Client(self._address(environ), self._limit, self._is_public)

    def _facts_of(self, presented: str) -> KeyFacts | None:
        try:
            return keys.find(presented, self._reader.fetch)
        except psycopg.Error:
            return None

    def _address(self, environ: Environ) -> str:
        """The address that limits are counted for: the client's, or the network of an IPv6 client.

        What a client says of itself is not believed; ``OSTRIV_PROXIES`` says how many proxies of ours stand before us.
        """
        address = environ.get("REMOTE_ADDR") or ""
        if self._proxies and (forwarded := environ.get("HTTP_X_FORWARDED_FOR")):
            addresses = [each.strip() for each in forwarded.split(",")]
            address = addresses[-min(self._proxies, len(addresses))]
        return network_of(address)


def _note_use(facts: KeyFacts) -> None:
    try:
        keys.note_use(facts)
    finally:
        if connection.connection is not None:
            connection.close()  # no request of Django's gives it back
