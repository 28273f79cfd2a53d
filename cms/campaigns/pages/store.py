"""Where built pages lie, and how one version takes the place of another.

A build writes a folder of its own, ``<slug>/versions/<version>/``; then one small file, ``<slug>/current.json``, is
replaced and names it. Whoever reads sees the old version or the new one, whole. This holds on a file system (rename)
and on S3-like storages (a PUT is atomic), so any Django storage will do as ``campaign_pages``.
"""

import hashlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

POINTER = "current.json"
#: Files whose name says their content, shared by all pages and never replaced.
ASSETS = "assets"
#: Versions kept besides the current one, for readers in the middle of loading the one before.
KEEP = 3


@dataclass(frozen=True)
class Built:
    """What is served for one slug: a version, or word that the page moved or is gone."""

    version: str = ""
    fingerprint: str = ""
    built_at: str = ""
    locale: str = ""
    files: dict[str, dict[str, str]] = field(default_factory=dict)  # name -> {"type": ..., "etag": ...}
    csp: str = ""
    moved_to: str = ""
    gone: bool = False


def storage() -> Storage:
    return storages["campaign_pages"]


def current(slug: str) -> Built | None:
    """What is served for this slug now; None if there never was a page."""
    text = _read(f"{slug}/{POINTER}")
    return Built(**json.loads(text)) if text is not None else None


def read(slug: str, version: str, name: str) -> bytes | None:
    """One file of one version."""
    return _read(f"{slug}/versions/{version}/{name}")


def read_asset(name: str) -> bytes | None:
    return _read(f"{ASSETS}/{name}")


def put_asset(name: str, content: bytes) -> None:
    """Keep a file whose name holds the hash of its content; a second call does nothing."""
    if not storage().exists(f"{ASSETS}/{name}"):
        _replace(f"{ASSETS}/{name}", content)


def swap_in(slug: str, built: Built, contents: dict[str, bytes]) -> None:
    """Write a version's files, then make it the one that is served."""
    for name, content in contents.items():
        _replace(f"{slug}/versions/{built.version}/{name}", content)
    point_to(slug, built)
    _forget_old(slug, built.version)


def point_to(slug: str, built: Built) -> None:
    """Replace the pointer: from now on this is served."""
    _replace(f"{slug}/{POINTER}", json.dumps(asdict(built), ensure_ascii=False).encode())


def etag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _read(name: str) -> bytes | None:
    try:
        with storage().open(name, "rb") as file:
            content: Any = file.read()
            return bytes(content)
    except FileNotFoundError:
        return None


def _replace(name: str, content: bytes) -> None:
    store = storage()
    try:
        target = Path(store.path(name))
    except NotImplementedError:
        saved = store.save(name, ContentFile(content))
        if saved != name:
            store.delete(saved)
            raise ImproperlyConfigured(
                "The storage `campaign_pages` gives a file another name instead of replacing it. Let it overwrite "
                "(django-storages: `file_overwrite = True`)."
            ) from None
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _forget_old(slug: str, version: str) -> None:
    """Remove versions that nobody can still be loading. Their names sort by the time they were made."""
    store = storage()
    folders, _files = store.listdir(f"{slug}/versions")
    old = sorted(folder for folder in folders if folder < version)
    for folder in old[:-KEEP]:
        path = f"{slug}/versions/{folder}"
        for name in store.listdir(path)[1]:
            store.delete(f"{path}/{name}")
        store.delete(path)
