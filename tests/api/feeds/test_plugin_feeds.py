"""Feeds that plugins write themselves."""

import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import clear_url_caches, set_urlconf

from tests.api.feeds.support import rss

pytestmark = pytest.mark.django_db

FEEDS = """
from django.http import HttpResponse
from django.urls import path

def fine(request):
    return HttpResponse("fine", content_type="application/rss+xml")

def broken(request, slug):
    raise RuntimeError("the secret of the house")

urlpatterns = [path("fine.xml", fine, name="fine"), path("<slug:slug>/broken.xml", broken, name="broken")]
"""


@pytest.fixture
def with_plugin(tmp_path: Any, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Callable[..., None]]:
    """Load a plugin of this label with these feeds, as a start of Ostriv with it would."""
    import api.feeds.urls
    from cms.registry import claims, states
    from cms.registry.discovery import Plugin

    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(claims, "_claims", dict(claims._claims))

    def load(label: str, feeds: str = FEEDS) -> None:
        (tmp_path / f"stranger_{label}").mkdir()
        (tmp_path / f"stranger_{label}" / "__init__.py").touch()
        (tmp_path / f"stranger_{label}" / "feeds.py").write_text(feeds)
        settings.OSTRIV_PLUGINS = [*settings.OSTRIV_PLUGINS, Plugin(label, f"stranger_{label}")]
        addresses = types.ModuleType("stranger_urls")
        from api.feeds.mounting import plugin_feeds

        addresses.urlpatterns = [*plugin_feeds(), *api.feeds.urls.urlpatterns]  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "stranger_urls", addresses)
        settings.ROOT_URLCONF = "stranger_urls"
        clear_url_caches()

    yield load
    set_urlconf(None)
    clear_url_caches()
    states.forget()
    for name in [name for name in sys.modules if name.startswith("stranger_")]:
        sys.modules.pop(name)


def test_a_plugin_may_write_feeds_under_its_own_label(client: Client, with_plugin: Any) -> None:
    from django.urls import reverse

    with_plugin("hearsay")

    assert client.get("/feeds/hearsay/fine.xml").content == b"fine"
    assert reverse("feeds_hearsay:fine") == "/feeds/hearsay/fine.xml"
    assert client.get("/feeds/hearsay/nothing.xml").status_code == 404
    rss(client)


def test_the_feeds_of_a_plugin_go_and_come_with_it(client: Client, with_plugin: Any) -> None:
    from cms.registry import states

    with_plugin("hearsay")

    states.deactivate("hearsay")
    assert client.get("/feeds/hearsay/fine.xml").status_code == 404
    states.activate("hearsay")
    assert client.get("/feeds/hearsay/fine.xml").status_code == 200
    states.rest("hearsay")
    resting = client.get("/feeds/hearsay/fine.xml")
    assert resting.status_code == 503 and int(resting["Retry-After"]) > 0
    rss(client)


def test_a_feed_that_fails_fails_alone(with_plugin: Any, caplog: pytest.LogCaptureFixture) -> None:
    from cms.registry.models import PluginFault

    with_plugin("hearsay")
    client = Client(raise_request_exception=False)

    response = client.get("/feeds/hearsay/one/broken.xml")

    assert response.status_code == 500
    assert b"secret" not in response.content and response.json()["detail"]
    fault = PluginFault.objects.get(label="hearsay")
    assert fault.hook == "GET /feeds/hearsay/<slug:slug>/broken.xml" and "secret" in fault.error
    assert "hearsay" in caplog.text
    assert client.get("/feeds/hearsay/fine.xml").status_code == 200
    rss(client)


def test_a_label_that_is_a_language_is_refused(with_plugin: Any) -> None:
    from cms.registry.discovery import PluginError

    with pytest.raises(PluginError, match=r"feed 'uk' is declared by Ostriv itself .* and by plugin 'uk'"):
        with_plugin("uk")


def test_feeds_that_can_not_be_imported_stop_the_start(with_plugin: Any) -> None:
    from cms.registry.discovery import PluginError

    with pytest.raises(PluginError, match=r"'hearsay': its module 'feeds' can't be imported: ZeroDivisionError"):
        with_plugin("hearsay", "1 / 0")
