"""Loaded before anything else (`-p` in pyproject.toml): a settings module that the caller exported must not make
pytest-django read the settings, and with them the caller's database, before `tests/conftest.py` has chosen its own."""

import os

os.environ.pop("DJANGO_SETTINGS_MODULE", None)
