# Needs python3 (3.11 or later) and make. Everything else is installed into .venv from hashed locks.

PORT ?= 8000
ARGS ?=
# One more than there are cores: somebody always waits for a database, a browser or a process.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LOCKS := requirements.lock requirements-dev.lock requirements-uv.lock
# `make check` needs settings, not servers of yours.
CHECK_ENV := OSTRIV_DATA=.cache/check OSTRIV_BASE_URL=http://localhost:8000

# Neither types nor texts need servers, but the settings want their names.
NO_SERVERS := DATABASE_URL=postgres://none@localhost/none REDIS_URL=redis://localhost/0 SECRET_KEY=none
CATALOGUES := --settings cms.project.settings --locale uk --locale ru

.PHONY: up test check bench schema reference messages lock client clean help
.DEFAULT_GOAL := help

help:
	@echo "make up [PORT=8000]  start the newsroom with its demo; Ctrl-C stops it, the data stays in var/"
	@echo "make test            all tests (ARGS='-k name' chooses)"
	@echo "make check           linters, types, import rules, missing migrations"
	@echo "make bench           measure the API beside Wagtail's own (wrk has to be there); ARGS=import, ARGS=giving"
	@echo "make schema          write the API schema's snapshots anew"
	@echo "make client          write the TypeScript client's types and examples anew, from the schema's snapshot"
	@echo "make reference       write docs/plugins/reference.md anew from the contract's docstrings"
	@echo "make messages        collect the words of the editors' screens, compile their translations (needs GNU gettext)"
	@echo "make lock            write the dependency locks anew"
	@echo "make clean           remove the environment and caches; var/ is kept"

up: $(READY)
	@exec $(BIN)/ostriv up --with-parent --port $(PORT)

test: $(READY)
	@$(BIN)/python -m tests.support.browser
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder $(ARGS)

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(CHECK_ENV) $(BIN)/ostriv makemigrations --check --dry-run
	$(CHECK_ENV) $(BIN)/ostriv check --fail-level WARNING
	$(NO_SERVERS) $(BIN)/mypy

bench: $(READY)
	$(BIN)/python -m tests.bench $(ARGS)

schema: $(READY)
	OSTRIV_PLUGINS= $(CHECK_ENV) $(BIN)/ostriv spectacular --lang en --validate --fail-on-warn --file docs/api/core.yml
	$(CHECK_ENV) $(BIN)/ostriv spectacular --lang en --validate --fail-on-warn --file docs/api/bundled.yml

client: $(READY)
	$(BIN)/python -m tests.support.typescript
	OSTRIV_TEST_EXAMPLES=1 $(BIN)/python -m pytest -q tests/clients -k examples_are

reference: $(READY)
	$(NO_SERVERS) DJANGO_SETTINGS_MODULE=cms.project.settings PYTHONPATH=. $(BIN)/python tools/contract_reference.py

# Run it after changing a text that editors see, then translate what is new in the .po files, and run it again.
messages: $(READY)
	$(NO_SERVERS) $(BIN)/django-admin makemessages $(CATALOGUES) --add-location file --no-wrap --no-obsolete --ignore tests --ignore examples --ignore var
	$(NO_SERVERS) $(BIN)/django-admin compilemessages $(CATALOGUES) --ignore '.*'

lock: $(READY)
	@sh tools/lock.sh $(BIN)/uv

clean:
	rm -rf $(VENV) .cache .pytest_cache .mypy_cache .ruff_cache *.egg-info

$(READY): $(LOCKS) pyproject.toml tools/install.sh
	@sh tools/install.sh $(VENV)
	@touch $@
