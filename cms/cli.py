"""The `ostriv` command: `up`, and every management command of Django, Wagtail and Ostriv."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from cms import embedded

_OUTLINE = """\
usage: ostriv COMMAND [ARGUMENTS]

  up [--port N] [--no-demo]        start everything on this machine, in the foreground
  doctor                           check this installation and say what to do
  import FILE.jsonl [--dry-run]    load content from another system
  republish [--all]                write publications anew
  plugin list|new|check|...        see, make, check, switch and remove plugins
  migrate, createsuperuser, shell  and Django's other commands: ostriv help

`ostriv COMMAND --help` tells more.
"""
#: Commands of Django that need neither database nor settings.
_WITHOUT_SERVERS = {"help", "version", "--version", "startapp", "startproject", "makemessages", "compilemessages"}


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of the console script; ends the process with the command's exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] in ("-h", "--help"):
        sys.stdout.write(_OUTLINE)
        sys.exit(0 if words else 2)
    if words[0] == "up":
        sys.exit(_up(words[1:]))
    if words[0] == "doctor":
        argparse.ArgumentParser(
            prog="ostriv doctor", description="Check this installation; each fault with what to do about it."
        ).parse_args(words[1:])
    sys.exit(_django(words))


def data_dir() -> Path:
    """The folder of embedded data (OSTRIV_DATA, by default `var` in the current folder)."""
    return Path(os.environ.get("OSTRIV_DATA") or "var").resolve()


def _up(words: list[str]) -> int:
    from cms.embedded.processes import die_with_parent
    from cms.up.command import up

    parser = argparse.ArgumentParser(prog="ostriv up", description="Start everything and stay in the foreground.")
    parser.add_argument("--port", type=_port, default=os.environ.get("PORT") or "8000", help="web port (default 8000)")
    parser.add_argument("--no-demo", action="store_true", help="do not load the demo newsroom")
    # `make up` asks for this: killing make, however hard, must not leave a newsroom running behind it.
    parser.add_argument("--with-parent", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    if options.with_parent:
        die_with_parent()()
    return up(data_dir(), port=options.port, demo=not options.no_demo)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"a port is a number from 1 to 65535, not {text!r}")
    return int(text)


def _django(words: list[str]) -> int:
    """Run a management command; embedded servers are started for it, and stopped after it, if nobody else uses them."""
    from cms.up.command import secret_key

    os.environ["DJANGO_SETTINGS_MODULE"] = "cms.project.settings"
    if words[:2] == ["plugin", "check"]:
        # A plugin that keeps everything from starting can be checked all the same: it is loaded in another process.
        os.environ["OSTRIV_CHECK_BESIDE"] = os.environ.get("OSTRIV_PLUGINS", "*")
        os.environ["OSTRIV_PLUGINS"] = ""
    data = data_dir()
    attached = False
    try:
        secret_key(data)
        if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")) and words[0] not in _WITHOUT_SERVERS:
            servers = embedded.ensure_running(data)
            attached = True
            os.environ.setdefault("DATABASE_URL", servers.database_url)
            os.environ.setdefault("REDIS_URL", servers.redis_url)
        return _execute(words)
    except embedded.EmbeddedError as error:
        return _fault(str(error), 1)
    except OSError as error:
        if error.filename and str(error.filename).startswith(str(data)):
            return _fault(f"The data folder {data} cannot be used: {error.strerror}.", 1)
        raise
    finally:
        if attached:
            embedded.release(data)


def _execute(words: list[str]) -> int:
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line, get_commands

    try:
        if words[0] == "doctor":
            doctor = importlib.import_module("cms.project.doctor")
            return int(doctor.main())
        django.setup()  # until then get_commands() knows only Django's own commands, and remembers that
        if words[0] not in get_commands() and not words[0].startswith("-") and words[0] != "help":
            return _fault(f"There is no command {words[0]!r}. `ostriv help` lists all.{_likely(words[0])}", 2)
        execute_from_command_line(["ostriv", *words])
    except ImproperlyConfigured as error:
        return _fault(str(error), 1)
    except KeyboardInterrupt:
        return 130
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(bool(end.code))
    finally:
        _close_connections()
    return 0


def _likely(word: str) -> str:
    import difflib

    from django.core.management import get_commands

    near = difflib.get_close_matches(word, [*get_commands(), "up"], n=1)
    return f" Did you mean {near[0]!r}?" if near else ""


def _close_connections() -> None:
    # A pool's threads would keep the database from stopping, and the process from ending.
    from django.conf import settings

    if settings.configured:
        from django.db import connections

        for connection in connections.all(initialized_only=True):
            connection.close()
            close_pool = getattr(connection, "close_pool", None)
            if close_pool:
                close_pool()


def _fault(sentence: str, code: int) -> int:
    sys.stderr.write(f"ostriv: {sentence}\n")
    return code


if __name__ == "__main__":
    main()
