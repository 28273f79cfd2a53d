"""``python -m tests.bench [api|import|giving] [...]``: measurements on PostgreSQL and Redis of their own.

The servers write to disk as in production (the tests' do not), in a folder that is removed at the end.
"""

import importlib
import os
import sys

from cms import embedded
from cms.up.plan import PROJECT
from ostriv.testing import servers

BENCHES = {"api": "tests.bench.api", "import": "tests.bench.importing", "giving": "tests.bench.giving"}


def main(words: list[str]) -> int:
    name = words[0] if words and not words[0].startswith("-") else "api"
    if name not in BENCHES:
        print(f"There is no bench {name!r}; there is {', '.join(BENCHES)}.", file=sys.stderr)
        return 2
    run = servers.make_run_folder()
    try:
        servers.template(PROJECT / ".cache" / "tests").install(run / "servers")
        running = embedded.ensure_running(run / "servers", durable=True)
        clean = servers.clean_environment()
        os.environ.clear()
        os.environ.update(clean)
        os.environ.update(
            DJANGO_SETTINGS_MODULE="cms.project.settings",
            DATABASE_URL=running.database_url,
            REDIS_URL=running.redis_url,
            OSTRIV_DATA=str(run / "servers"),
        )
        import django

        django.setup()
        return int(importlib.import_module(BENCHES[name]).run(words[1:] if words[:1] == [name] else words) or 0)
    finally:
        servers.remove_run_folder(run)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
