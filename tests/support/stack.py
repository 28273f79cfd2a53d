"""A whole installation of real processes: what `ostriv up` starts, from the same definitions, on data of its own."""

import contextlib
import dataclasses
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from cms import embedded
from cms.embedded.postgres import Postgres
from cms.embedded.processes import free_port
from cms.up import plan
from cms.up.children import Child
from cms.up.command import not_ready
from ostriv.testing.servers import Template, clean_environment
from tests.support.waiting import poll


class Stack:
    """Web, worker, beat and SMTP server with their own PostgreSQL, Redis, ports and data folder."""

    def __init__(
        self,
        data: Path,
        template: Template,
        *,
        settings: Mapping[str, str] | None = None,
        python: Path | None = None,
        folder: Path = plan.PROJECT,
        durable: bool = False,
    ) -> None:
        """``settings`` are environment variables that differ from those of a usual installation; ``python`` is the
        interpreter of another environment, ``folder`` the checkout that is run. What is ``durable`` outlives a power
        cut, as in production."""
        self.data = data
        self.folder = folder
        self._durable = durable
        self.python_path = str(python or sys.executable)
        template.install(data)
        servers = embedded.ensure_running(data, durable=durable)
        self.port, smtp_port = free_port(), free_port()
        self.database_url, self.redis_url = servers.database_url, servers.redis_url
        self.env = plan.environment(
            data,
            port=self.port,
            database_url=self.database_url,
            redis_url=self.redis_url,
            smtp_port=smtp_port,
            base={**clean_environment(), **(settings or {})},
        )
        self.url = f"http://localhost:{self.port}"
        self.smtp_port = smtp_port
        self.mail_dir = data / "mail"
        self.log_dir = data / "log"
        self.children = self._children()

    def _children(self) -> dict[str, Child]:
        definitions = plan.processes(self.data, port=self.port, smtp_port=self.smtp_port)
        return {
            definition.name: Child(
                dataclasses.replace(definition, command=self._in_environment(definition.command)),
                env=self.env,
                log_dir=self.log_dir,
                cwd=self.folder,
            )
            for definition in definitions
        }

    def _in_environment(self, command: tuple[str, ...]) -> tuple[str, ...]:
        """The same program, run by this installation's interpreter."""
        if self.python_path == sys.executable:
            return command
        if Path(command[0]).name == "granian":
            return (self.python_path, "-m", "granian", *command[1:])
        return (self.python_path, *command[1:])

    # --- processes ------------------------------------------------------------------------------------------

    def start_all(self) -> None:
        for child in self.children.values():
            child.start()
        self.wait_ready()

    def wait_ready(self, deadline: float = 90.0) -> None:
        """Until /readyz is green and, where it was started, the mail server can be reached.

        A message that is refused a connection is tried again after half a minute: longer than a test waits.
        """

        def ready() -> bool:
            for child in self.children.values():
                if child.exit_code is not None:
                    raise RuntimeError(f"{child.name} ended with {child.exit_code}:\n{self.log(child.name)}")
            return not not_ready(self.port) and (self.children["mail"].pid is None or self._mail_is_listening())

        poll(ready, deadline=deadline, what=f"readiness of the stack (logs in {self.log_dir})")

    def _mail_is_listening(self) -> bool:
        try:
            socket.create_connection((plan.HOST, self.smtp_port), timeout=5).close()
        except OSError:
            return False
        return True

    def start(self, name: str) -> None:
        self.children[name].start()

    def stop(self, name: str) -> None:
        """Orderly, as SIGTERM does."""
        self.children[name].stop()

    def kill(self, name: str) -> None:
        """`kill -9` of the process and all it started."""
        self.children[name].kill()

    def stop_all(self, patience: float = 20) -> None:
        """Orderly, all together; the servers and the data stay."""
        for child in self.children.values():
            child.ask_to_stop()
        for child in self.children.values():
            child.wait_stopped(patience=patience)

    def with_plugins(self, labels: str) -> None:
        """Load these plugins (as OSTRIV_PLUGINS lists them) from the next start on."""
        self.env["OSTRIV_PLUGINS"] = labels
        self.children = self._children()

    def restart(self, name: str) -> None:
        self.stop(name)
        self.start(name)
        self.wait_ready()

    @contextlib.contextmanager
    def with_options(self, name: str, *options: str) -> Iterator[None]:
        """One process runs with these options added to its command; afterwards it runs as it usually does."""
        usual = self.children[name]
        definition = dataclasses.replace(usual.definition, command=(*usual.definition.command, *options))
        self._put_in_place(Child(definition, env=self.env, log_dir=self.log_dir, cwd=self.folder))
        try:
            yield
        finally:
            self._put_in_place(usual)

    def _put_in_place(self, child: Child) -> None:
        self.stop(child.name)  # and all it started: its port is free then
        self.children[child.name] = child
        child.start()
        self.wait_ready()

    def close(self) -> None:
        self.stop_all(patience=5)
        embedded.remove(self.data)
        shutil.rmtree(self.data, ignore_errors=True)

    @contextlib.contextmanager
    def database_stopped(self) -> Iterator[None]:
        """PostgreSQL really stopped; it comes back at the same address."""
        Postgres(self.data, self.log_dir).stop()
        try:
            yield
        finally:
            embedded.ensure_running(self.data, durable=self._durable)

    # --- looking and doing ----------------------------------------------------------------------------------

    def run(self, *arguments: str, check: bool = True, **options: Any) -> subprocess.CompletedProcess[str]:
        """`ostriv <arguments>` in this installation; fails with what it said unless `check=False`."""
        done = subprocess.run(
            [self.python_path, "-m", "cms.cli", *arguments],
            env=self.env,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            **options,
        )
        if check and done.returncode:
            raise AssertionError(
                f"ostriv {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
            )
        return done

    def python(self, code: str) -> str:
        """Run code inside this installation, with Django set up; answers what it printed."""
        done = subprocess.run(
            [self.python_path, "-c", f"import django; django.setup()\n{code}"],
            env={**self.env, "DJANGO_SETTINGS_MODULE": "cms.project.settings"},
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def get(self, path: str, *, headers: dict[str, str] | None = None, timeout: float = 15) -> "Answer":
        """GET a path; an error status is an answer too."""
        request = urllib.request.Request(self.url + path, headers=headers or {})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=timeout) as response:
                return Answer(response.status, dict(response.headers), response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, dict(error.headers), error.read())

    def sql(self, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Ask or change this installation's database directly."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            cursor = connection.execute(query, parameters)  # type: ignore[call-overload]
            return cursor.fetchall() if cursor.description else []

    def add_user(self, username: str, password: str, *, superuser: bool = False, groups: Sequence[str] = ()) -> None:
        """A login for the admin."""
        from django.contrib.auth.hashers import make_password

        (user,) = self.sql(
            "INSERT INTO auth_user (username, password, first_name, last_name, email, is_staff, is_active, "
            " is_superuser, date_joined) VALUES (%s, %s, '', '', %s, %s, true, %s, %s) RETURNING id",
            (username, make_password(password), f"{username}@example.org", superuser, superuser, datetime.now(UTC)),
        )
        for group in groups:
            self.sql(
                "INSERT INTO auth_user_groups (user_id, group_id) SELECT %s, id FROM auth_group WHERE name = %s",
                (user[0], group),
            )

    def log(self, name: str, lines: int = 40) -> str:
        try:
            return "\n".join((self.log_dir / f"{name}.log").read_text(errors="replace").splitlines()[-lines:])
        except OSError:
            return ""


class Answer:
    """What an HTTP request was answered."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, {name.lower(): value for name, value in headers.items()}, body

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        import json

        return json.loads(self.body)
