"""Ostriv's settings with Wagtail's own APIs, which its documentation sets up so."""

from cms.project.settings import *  # noqa: F403
from cms.project.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "wagtail.api.v2", "wagtail.api.v3"]
ROOT_URLCONF = "tests.bench.peers.urls"
