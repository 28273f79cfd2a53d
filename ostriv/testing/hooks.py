"""What happens before Django reads its settings: servers, a migrated template, a database for each worker.

The controller of a run starts PostgreSQL and Redis once, on copies of a migrated template. Each pytest-xdist worker
gets a database, a Redis index and a data folder of its own.
"""

import os
import tomllib
from pathlib import Path
from typing import Any

import pytest

from cms import embedded
from cms.registry.discovery import ENTRY_POINT_GROUP, PluginError, enabled_plugins
from ostriv.testing import servers

_RUN = pytest.StashKey[Path]()
_TEMPLATE = "OSTRIV_TEST_TEMPLATE"
_RUN_FOLDER = "OSTRIV_TEST_RUN"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini(
        "ostriv_plugins",
        "labels of the plugins that the tests enable (default: the entry points of this project)",
        type="args",
        default=None,
    )
    # This is the first that is called of us, before pytest-django looks: a settings module that the caller exported
    # must not make it read the settings, and with them the caller's database, before there are databases of the run.
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if config.option.help or config.option.version:
        return
    is_worker = hasattr(config, "workerinput")
    if not is_worker:
        _choose_plugins(config)
        _start_servers(config)
        if getattr(config.option, "numprocesses", None) and not config.option.collectonly:
            return  # the tests run in the workers; Django is needed there only
    _steer_django(config.workerinput["workerid"] if is_worker else "gw0")  # type: ignore[attr-defined]
    # Registered here, behind pytest-django, whose own fixtures these replace.
    config.pluginmanager.import_plugin("ostriv.testing.fixtures")


def run_folder() -> Path:
    """The folder of this run, removed at its end."""
    return Path(os.environ[_RUN_FOLDER])


def run_template() -> servers.Template:
    """The migrated installation that this run's servers are copies of."""
    return servers.Template(Path(os.environ[_TEMPLATE]))


def migrated_database_url() -> str:
    """The migrated database of the run, which nobody writes to: tests work on copies of it."""
    return os.environ["OSTRIV_TEST_DATABASE_URL"]


def _choose_plugins(config: pytest.Config) -> None:
    chosen = config.getini("ostriv_plugins")
    labels = _own_entry_points(config.rootpath) if chosen is None else chosen
    if labels or chosen is not None:
        os.environ["OSTRIV_PLUGINS"] = ",".join(labels)
        try:
            enabled_plugins(labels)
        except PluginError as error:
            hint = "" if chosen is not None else " Install this project first: pip install -e ."
            pytest.exit(f"{error}{hint}", returncode=3)


def _own_entry_points(project: Path) -> list[str]:
    """The plugins that the project under test declares itself."""
    try:
        declared: Any = tomllib.loads((project / "pyproject.toml").read_text())
    except (OSError, tomllib.TOMLDecodeError):
        return []
    return list(declared.get("project", {}).get("entry-points", {}).get(ENTRY_POINT_GROUP, {}))


def _start_servers(config: pytest.Config) -> None:
    try:
        template = servers.template(config.rootpath / ".cache" / "tests")
    except (RuntimeError, embedded.EmbeddedError) as error:
        pytest.exit(str(error), returncode=3)
    run = config.stash[_RUN] = servers.make_run_folder()
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        # Whoever wants no bytecode in the tree has it beside: a test that starts processes must not wait until each of
        # them has compiled all of Django.
        os.environ["PYTHONPYCACHEPREFIX"] = str(run / "bytecode")
    template.install(run / "servers")
    running = embedded.ensure_running(run / "servers", durable=False)
    os.environ.update(
        {
            _TEMPLATE: str(template.folder),
            _RUN_FOLDER: str(run),
            "OSTRIV_TEST_DATABASE_URL": running.database_url,
            "OSTRIV_TEST_REDIS_URL": running.redis_url,
        }
    )


def _steer_django(worker: str) -> None:
    data = run_folder() / worker
    data.mkdir()
    (data / "static").symlink_to(run_template().folder / "static")
    kept = {name: value for name, value in os.environ.items() if name.startswith("OSTRIV_TEST_")}
    clean = servers.clean_environment()
    for name in set(os.environ) - set(clean) - set(kept):
        if not name.startswith("PYTEST_"):
            del os.environ[name]
    os.environ.update(clean)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="cms.project.settings",
        # Playwright's event loop lives in the tests' thread, where the ORM is used too.
        DJANGO_ALLOW_ASYNC_UNSAFE="true",
        DATABASE_URL=servers.copy_database(migrated_database_url(), f"test_{worker}"),
        REDIS_URL=servers.with_redis_index(os.environ["OSTRIV_TEST_REDIS_URL"], 1 + int(worker.removeprefix("gw"))),
        OSTRIV_DATA=str(data),
    )
    from django.conf import settings

    _ = settings.DATABASES  # read now; pytest-django calls django.setup() once settings are configured


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    if (run := config.stash.get(_RUN, None)) is not None:
        servers.remove_run_folder(run)
