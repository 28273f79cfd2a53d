"""A pytest plugin for the authors of plugins: real servers, a migrated newsroom, and the conformance suite.

In the plugin's ``pyproject.toml``::

    [tool.pytest.ini_options]
    addopts = "-p ostriv.testing"

and in a test module::

    from ostriv.testing.conformance import *  # noqa: F403

The run starts PostgreSQL and Redis of its own, migrates a database with the plugin enabled (kept for the next run) and
gives each pytest-xdist worker a copy. Which plugins are enabled: the ini option ``ostriv_plugins``, else the entry
points in the project's own ``pyproject.toml``, else what the environment's ``OSTRIV_PLUGINS`` says. It is loaded by
name only, never by an entry point: nobody's other tests are surprised by it.
"""

pytest_plugins = ["ostriv.testing.hooks"]
