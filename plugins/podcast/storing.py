"""Audio files in storage: each under a name of its own, and none left when nothing shows it any more."""

import hashlib
import hmac
from collections.abc import Iterable
from pathlib import PurePath

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.fields.files import FieldFile
from wagtail.models import Page, Revision

from cms.contract import slugify

FOLDER = "podcast"


def store(file: FieldFile, ending: str) -> str:
    """Put an uploaded file into storage, now, and return its name there.

    Not when the page is saved: a draft of a live page saves no page, and its revision keeps only a name. The name is
    made of the bytes under a key of ours. So nobody can guess it, an upload that comes twice (the editor saves a draft
    by itself every so often, and sends the file each time) is stored once, and no upload can take another's place.
    """
    name = f"{FOLDER}/{_digest(file)}/{_stem(file.name)}{ending}"
    if default_storage.exists(name):
        if default_storage.size(name) == file.size:
            return name
        default_storage.delete(name)  # what an interrupted upload has left
    return default_storage.save(name, file.file)


def names_of(page: Page) -> set[str]:
    """The files that this episode shows, or has shown in one of its revisions."""
    shown = Revision.objects.for_instance(page).values_list("content__audio", flat=True)
    return {name for name in (page.audio.name, *shown) if name}


def remove_unused(names: Iterable[str]) -> None:
    """After this transaction, delete those of these files that no episode and no revision of one names.

    A copy of an episode, and its translation, show the same file as the original.
    """
    transaction.on_commit(lambda: _remove_unused(sorted(names)))


def _remove_unused(names: list[str]) -> None:
    episodes = apps.get_model("podcast", "EpisodePage")
    used = set(episodes.objects.filter(audio__in=names).values_list("audio", flat=True))
    # Of this type only, which an index finds: the revisions of the whole newsroom would be read one by one.
    revisions = Revision.objects.filter(content_type=ContentType.objects.get_for_model(episodes))
    used |= set(revisions.filter(content__audio__in=names).values_list("content__audio", flat=True))
    for name in names:
        if name not in used and name.startswith(f"{FOLDER}/"):
            default_storage.delete(name)


def _digest(file: FieldFile) -> str:
    key = hashlib.sha256(f"ostriv.podcast.{settings.SECRET_KEY}".encode()).digest()
    digest = hmac.new(key, digestmod="sha256")
    file.file.seek(0)
    for chunk in file.file.chunks():
        digest.update(chunk)
    file.file.seek(0)
    return digest.hexdigest()[:32]


def _stem(name: str) -> str:
    """Listeners see it when they download the file: keep its words."""
    return slugify(PurePath(name).stem, settings.LANGUAGE_CODE, max_length=60, fallback="audio")
