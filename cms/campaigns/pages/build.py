"""Builds the page of one campaign in one language, and takes it down."""

import hashlib
import json
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation

from cms.campaigns.models.site import PageBuild
from cms.campaigns.pages import store
from cms.campaigns.pages.card import draw_card
from cms.campaigns.pages.context import PageInputs, collect, page_context, policy, progress_document
from cms.campaigns.pages.qr import qr_png, qr_svg
from cms.campaigns.services.progress import ProgressFigures

TYPES = {
    "index.html": "text/html; charset=utf-8",
    "card.png": "image/png",
    "qr.svg": "image/svg+xml",
    "qr.png": "image/png",
    "progress.json": "application/json",
}
_ASSETS = Path(__file__).parent / "assets"


def build_page(document: dict[str, Any], figures: ProgressFigures, campaign_id: int) -> bool:
    """Build the page of a public campaign document and swap it in. Returns False if what is there is right already.

    The document is what the public API shows of the page: what is not in it, such as a draft, can't get into the page.
    """
    inputs = collect(document, figures, campaign_id)
    slug, fingerprint = document["slug"], inputs.fingerprint
    there = store.current(slug)
    if there is not None and there.fingerprint == fingerprint and not there.gone:
        _note(document, there)
        return False
    now = timezone.now()
    version = f"{now:%Y%m%dT%H%M%S%f}-{fingerprint[:8]}"
    contents = _files(inputs, version)
    built = store.Built(
        version=version,
        fingerprint=fingerprint,
        built_at=now.isoformat(),
        locale=document["locale"],
        files={name: {"type": TYPES[name], "etag": store.etag(content)} for name, content in contents.items()},
        csp=policy(inputs),
    )
    store.swap_in(slug, built, contents)
    _note(document, built)
    _forward_old_slugs(document)
    return True


def take_down(slug: str) -> None:
    """Serve 410 Gone from now on."""
    there = store.current(slug)
    if there is not None and not there.gone:
        store.point_to(slug, store.Built(gone=True, locale=there.locale))
    PageBuild.objects.filter(slug=slug).update(gone=True, fingerprint="")


def built_slugs() -> dict[str, int]:
    """Slugs that a page is served for, with the id of the page it was built of."""
    return dict(PageBuild.objects.filter(gone=False).values_list("slug", "page_id"))


def _files(inputs: PageInputs, version: str) -> dict[str, bytes]:
    url = f"{inputs.base_url}/donate/{inputs.document['slug']}/"
    with translation.override(inputs.document["locale"]):
        context = page_context(inputs, assets=_put_assets(), version=version)
        html = render_to_string("campaigns/page.html", context)
    return {
        "index.html": html.encode(),
        "card.png": draw_card(inputs),
        "qr.svg": qr_svg(url),
        "qr.png": qr_png(url),
        "progress.json": json.dumps(progress_document(inputs)).encode(),
    }


def _put_assets() -> dict[str, str]:
    """The page's style and script, kept under names that hold the hash of their content."""
    names = {}
    for file in sorted(_ASSETS.glob("page.*")):
        content = file.read_bytes()
        name = f"page-{hashlib.sha256(content).hexdigest()[:12]}{file.suffix}"
        store.put_asset(name, content)
        names[file.suffix[1:]] = name
    return names


def _note(document: dict[str, Any], built: store.Built) -> None:
    PageBuild.objects.update_or_create(
        slug=document["slug"],
        defaults={
            "locale": document["locale"],
            "page_id": document["id"],
            "built_at": built.built_at,
            "fingerprint": built.fingerprint,
            "version": built.version,
            "gone": False,
            "error": "",
        },
    )


def _forward_old_slugs(document: dict[str, Any]) -> None:
    """A page that got another slug is still found under the old one."""
    former = PageBuild.objects.filter(page_id=document["id"]).exclude(slug=document["slug"])
    for slug in former.values_list("slug", flat=True):
        store.point_to(slug, store.Built(moved_to=document["slug"], locale=document["locale"]))
    former.delete()
