"""The web servers that are compared: Granian with the flags of ``ostriv up``, each with another application."""

import dataclasses
import http.client
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cms.embedded.processes import free_port
from cms.up import plan
from cms.up.children import Child
from ostriv.testing.servers import clean_environment

#: Publications hold absolute addresses; all servers speak of the same.
BASE_URL = "http://localhost:8000"
#: Counted, and never reached.
_RATE = {"OSTRIV_API_RATE": "100000000"}
OSTRIV = "cms.project.wsgi:application"
PEERS = "tests.bench.peers.wsgi:application"
BARE = "tests.bench.bare:application"
_START_SECONDS = 60.0


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def json(self):
        return json.loads(self.body)


class Server:
    """One Granian, on a port of its own. Its statements carry its name (``application_name``) in PostgreSQL's log."""

    def __init__(
        self, name: str, application: str, data: Path, *, database_url: str, redis_url: str, settings: Mapping[str, str]
    ) -> None:
        self.name, self.port = name, free_port()
        env = plan.environment(
            data,
            port=self.port,
            database_url=database_url,
            redis_url=redis_url,
            base={**clean_environment(), "OSTRIV_BASE_URL": BASE_URL, "OSTRIV_LOG_LEVEL": "WARNING", **_RATE},
        )
        env |= {"PGAPPNAME": name, **settings}
        web = plan.processes(data, port=self.port)[-1]
        command = (*web.command[:-1], application)
        definition = dataclasses.replace(web, name=name, command=command)
        self._child = Child(definition, env=env, log_dir=data / "log", cwd=plan.PROJECT)
        self.env = env

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, path: str) -> None:
        """Start it and wait until it answers this path; raises RuntimeError with its last words if it doesn't."""
        self._child.start()
        end = time.monotonic() + _START_SECONDS
        while self._child.exit_code is None and time.monotonic() < end:
            try:
                if self.get(path).status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        words = self._child.log.read_text(errors="replace")[-2000:] if self._child.log.exists() else ""
        raise RuntimeError(f"The server {self.name!r} does not answer {path}:\n{words}")

    def stop(self) -> None:
        self._child.stop()

    def connect(self) -> http.client.HTTPConnection:
        """A connection that stays open from one request to the next."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def get(self, path: str) -> Answer:
        """One GET on a connection of its own."""
        connection = self.connect()
        try:
            return ask(connection, path)
        finally:
            connection.close()


def ask(connection: http.client.HTTPConnection, path: str) -> Answer:
    """A GET on a connection that stays open."""
    connection.request("GET", path)
    response = connection.getresponse()
    return Answer(response.status, response.getheaders(), response.read())
