"""What the public is shown: every place where a page may appear, and the text of every public answer."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import Client
from wagtail.models import Page

from cms.registry.models import PluginFault
from ostriv.testing import subjects

#: Where a published page is shown.
LIST, TYPE_LIST, SEARCH, DETAIL, RESOLVE = "the list", "the list of its type", "the search", "its address", "its path"
FEED, TYPE_FEED, SITEMAP = "the feed of everything", "the feed of its type", "the sitemap"
EVERYWHERE = {LIST, TYPE_LIST, SEARCH, DETAIL, RESOLVE, FEED, TYPE_FEED, SITEMAP}
_STREAM = "[a stream]"
#: What a type that lists don't show has none of.
ONLY_LISTED = {LIST, FEED}


def everywhere(page: Any) -> set[str]:
    """Where readers must find this page if it is public."""
    return EVERYWHERE if page.listed else EVERYWHERE - ONLY_LISTED


def places(client: Client, page: Any, word: str) -> set[str]:
    """Where readers find this page now; ``word`` is what they search for."""
    locale, name = page.locale.language_code, page.get_type_name()
    lists = {
        LIST: {},
        TYPE_LIST: {"type": name},
        SEARCH: {"q": word, "type": name},
    }
    found = {
        place
        for place, parameters in lists.items()
        if page.pk in _ids(client, {"locale": locale, "page_size": 100, **parameters})
    }
    if _json(client, f"/api/v1/content/{name}/{page.slug}/", locale=locale).get("id") == page.pk:
        found.add(DETAIL)
    if _json(client, "/api/v1/resolve/", path=page.public_path).get("id") == page.pk:
        found.add(RESOLVE)
    addresses = {
        FEED: [f"/feeds/{locale}/rss.xml"],
        TYPE_FEED: [f"/feeds/{locale}/type/{name}/rss.xml"],
        SITEMAP: _sitemaps(client),
    }
    for place, paths in addresses.items():
        if any(f"{page.public_url}<" in text(client, path) for path in paths):
            found.add(place)
    return found


def every_answer(client: Client, page: Any, word: str) -> dict[str, str]:
    """The text of every public answer that could show something of this page, by address."""
    locale, name = page.locale.language_code, page.get_type_name()
    asked = [
        *(f"/api/v1/content/?locale={locale}&{query}" for query in ("", f"type={name}", f"q={word}&type={name}")),
        f"/api/v1/content/{name}/{page.slug}/",
        f"/api/v1/front/?locale={locale}",
        f"/api/v1/resolve/?path={page.public_path}",
        *(f"/api/v1/{plural}/?locale={locale}" for plural in ("sections", "authors", "tags")),
        f"/feeds/{locale}/rss.xml",
        f"/feeds/{locale}/type/{name}/rss.xml",
        *_sitemaps(client),
        *(each for plugin in settings.OSTRIV_PLUGINS for each in subjects.addresses(plugin, page)),
    ]
    return {address: text(client, address) for address in asked}


def text(client: Client, address: str) -> str:
    """What this address answers; of a stream, only that there is one. Fails on an answer that says a fault."""
    response = client.get(address)
    if response.streaming:
        end_stream(response)
        return _STREAM if response.status_code == 200 else ""
    if response.status_code >= 500:
        pytest.fail(f"{address} answered {response.status_code}. {fault_report()}")
    return response.content.decode(errors="replace") if response.status_code == 200 else ""


def end_stream(response: Any) -> None:
    """Leave a stream, as a reader does. The database connection of the test is not the stream's to close."""
    request_finished.disconnect(close_old_connections)
    try:
        response.close()
    finally:
        request_finished.connect(close_old_connections)


def fault_report() -> str:
    """The newest fault that plugins were noted for, if any."""
    fault = PluginFault.objects.order_by("-pk").first()
    return f"Plugin {fault.label!r} failed in {fault.hook!r}: {fault.error}\n{fault.traceback}" if fault else ""


def no_faults(label: str) -> None:
    """Fail if the plugin of this label was noted for a fault: what fails is contained, and would not be seen."""
    if PluginFault.objects.filter(label=label).exists():
        pytest.fail(fault_report())


def shown_nowhere(client: Client, page: Page, word: str, state: str) -> None:
    """Fail if this page, or this word of it, is in any public answer."""
    signs = (word, f'"id":{page.pk},', f"{page.public_url}<")
    every = every_answer(client, page, word)
    telling = [address for address, answer in every.items() if any(sign in answer for sign in signs)]
    assert not telling, (
        f"A page of the type {page.get_type_name()} that is {state} is told of at {_listed(telling)}. "
        "Read what is public through api.contract (published, published_details, published_teasers, reference), "
        "never from the tables that editors write to."
    )
    streams = [address for address in _about(page) if every.get(address) == _STREAM]
    assert not streams, (
        f"There is a stream for a page of the type {page.get_type_name()} that is {state}: {_listed(streams)}. "
        "Ask api.contract.is_published before the stream begins, and answer 404."
    )


def shown_everywhere(client: Client, page: Any, word: str, state: str) -> None:
    """Fail if readers don't find this page in every place where it belongs."""
    missing = everywhere(page) - places(client, page, word)
    assert not missing, (
        f"A page of the type {page.get_type_name()} that is {state} is missing in {_listed(missing)}. {fault_report()}"
    )


def _about(page: Any) -> set[str]:
    """The addresses of its plugin that are about this page."""
    plugin = subjects.plugin_of(type(page))
    return set(subjects.addresses(plugin, page)) - set(subjects.addresses(plugin)) if plugin else set()


def _ids(client: Client, parameters: dict[str, Any]) -> set[int]:
    return {each["id"] for each in _json(client, "/api/v1/content/", **parameters).get("results", [])}


def _json(client: Client, address: str, **parameters: Any) -> dict[str, Any]:
    response = client.get(address, parameters)
    if response.status_code >= 500:
        pytest.fail(f"{address} answered {response.status_code}. {fault_report()}")
    return response.json() if response.status_code == 200 else {}


def _sitemaps(client: Client) -> Iterator[str]:
    """The parts that the index names."""
    index = text(client, "/sitemap.xml")
    yield "/sitemap.xml"
    for location in re.findall(r"<loc>([^<]+)</loc>", index):
        yield location.removeprefix(settings.BASE_URL)


def _listed(names: Any) -> str:
    return ", ".join(sorted(names))
