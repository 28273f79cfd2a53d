"""``python -m tests.bench [import] [--articles N]``: measurements on PostgreSQL and Redis of their own.

The servers write to disk as in production (the tests' do not), in a folder that is removed at the end.
"""

import importlib
import os
import sys

from cms import embedded
from cms.up.plan import PROJECT
from ostriv.testing import servers

BENCHES = {"import": "tests.bench.importing"}


def main(words: list[str]) -> int:
    name = words[0] if words and not words[0].startswith("-") else "import"
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
            OSTRIV_DATA=str(run / "data"),
        )
        import django

        django.setup()
        importlib.import_module(BENCHES[name]).run([word for word in words if word != name])
    finally:
        servers.remove_run_folder(run)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
