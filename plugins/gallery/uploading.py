"""From files to photos of a draft: each file becomes an image of the library, then all join the newest draft."""

import re
from collections.abc import Collection as AnyOf
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.images.forms import get_image_form
from wagtail.models import Collection, Page, Revision
from wagtail.utils.file import hash_filelike

from cms.contract import NewsroomImage, plugin_settings, record_event
from plugins.gallery import metadata
from plugins.gallery.models import GalleryPage, Photo
from plugins.gallery.plugin import GallerySettings

_LATEST = datetime.max.replace(tzinfo=UTC)


class RefusedError(Exception):
    """A file, or a whole upload, can't be taken; the message tells the editor why and what to do."""


@dataclass(frozen=True)
class Appended:
    """What an upload has come to: the revision that holds the photos, and how many photos the draft has now."""

    revision: Revision
    total: int


def by_name(files: Iterable[UploadedFile]) -> list[UploadedFile]:
    """In the order of their names, where 2 stands before 10."""
    return sorted(
        files,
        key=lambda file: [
            (not part.isdigit(), int(part) if part.isdigit() else 0, part)
            for part in re.findall(r"[0-9]+|[^0-9]+", (file.name or "").casefold())
        ],
    )


def keep(file: UploadedFile, *, collection: Collection | None, user: Any, known: AnyOf[str] = ()) -> Photo:
    """Put this file into the library, checked as Wagtail checks one, and return a photo of it, not yet saved.

    ``known`` are hashes of files that the report has already. Raises RefusedError.
    """
    if hash_filelike(file) in known:
        raise RefusedError(_("This photo is in the report already."))
    name = metadata.clean(PurePath(file.name or "").stem)[:255] or _("photo")
    form = _image_form(
        {
            "title": name,
            "credit": "",
            "description": "",
            "tags": "",
            "collection": collection.pk if collection else "",
        },
        {"file": file},
        user=user,
    )
    if problems := _problems(form):
        raise RefusedError(problems)
    words = metadata.read(file)  # only now: what is too large, or no image, is opened by nobody
    try:
        with transaction.atomic():
            image = form.save(commit=False)
            image.credit = words.credit
            image.uploaded_by_user = user
            image.save()
    except OSError as error:
        raise RefusedError(_("It could not be stored (%s). Upload it again.") % error) from error
    return Photo(image=image, caption=words.caption, taken_at=words.taken_at, place=words.place)


def _problems(form: Any) -> str:
    """What is wrong with the file, in a sentence; empty if nothing is."""
    try:
        return " ".join(str(error) for errors in form.errors.values() for error in errors)
    except Exception:  # Wagtail asks for the size of a file that is cut off, and Pillow raises what its decoders raise
        return _("This file is damaged: it can't be read as an image. Save it anew and upload it again.")


def _image_form(*data: Any, user: Any) -> Any:
    form = get_image_form(NewsroomImage)(*data, user=user)
    field, limit = form.fields["file"], plugin_settings(GallerySettings).max_upload * 1024 * 1024
    field.max_upload_size, field.max_upload_size_text = limit, filesizeformat(limit)
    return form


def draft_of(page: GalleryPage) -> GalleryPage:
    """The newest draft, which is the page itself if all of it is published."""
    return page.get_latest_revision_as_object()


def hashes(page: GalleryPage) -> set[str]:
    """The hashes of the files of all photos of this draft."""
    images = [photo.image_id for photo in page.photos.all()]
    return set(NewsroomImage.objects.filter(pk__in=images).values_list("file_hash", flat=True))


@transaction.atomic
def append(
    page_id: int,
    photos: Sequence[Photo],
    *,
    user: Any,
    by_time: bool = False,
    together_with: AnyOf[int] = (),
    revision_id: int | None = None,
) -> Appended:
    """Add these photos to the end of the page's newest draft, whoever has saved it. Nothing is published.

    The page's row is held from before the draft is read until the new one is stored, so no save is lost in between.
    ``by_time`` puts them, and the photos of the images ``together_with`` (what the same upload has added before), in
    the order in which they were taken. ``revision_id`` is the revision that the same upload has made before: while it
    is the newest, it is written over, so that an upload of a hundred files makes one version. Raises RefusedError if
    the page is locked or has no room.
    """
    Page.objects.select_for_update(no_key=True).get(pk=page_id)
    page = GalleryPage.objects.get(pk=page_id)
    may_edit(page, user)
    draft = draft_of(page)
    there = list(draft.photos.all())
    room_for(len(photos), len(there))
    everything = [*there, *photos]
    if by_time:
        everything = _by_time(everything, {*together_with, *(photo.image_id for photo in photos)})
    for place, photo in enumerate(everything):
        photo.sort_order = place
    draft.photos = everything
    if not page.live:
        draft.save(clean=False)  # as Wagtail's editor does with what readers don't see yet
    revision = draft.save_revision(
        user=user, log_action=True, clean=False, overwrite_revision=_own(page, revision_id, user)
    )
    record_event("gallery.photos_added", images=[photo.image_id for photo in photos])
    return Appended(revision, len(everything))


def may_edit(page: GalleryPage, user: Any) -> None:
    """Raise RefusedError if somebody, or a workflow, or a schedule keeps this editor from changing the page now."""
    lock = page.get_lock()
    if page.alias_of_id:
        raise RefusedError(_("This page is an alias: it shows another report. Upload the photos there."))
    if lock is not None and lock.for_user(user):
        raise RefusedError(_("The page is locked. Ask whoever has locked it, and upload the photos then."))


def room_for(new: int, there: int) -> None:
    """Raise RefusedError if the report can't take so many more photos."""
    limit = plugin_settings(GallerySettings).max_photos
    if there + new > limit:
        raise RefusedError(
            ngettext(
                "A photo report holds at most %(limit)d photo and has %(there)d. Begin a second report.",
                "A photo report holds at most %(limit)d photos and has %(there)d. Begin a second report.",
                limit,
            )
            % {"limit": limit, "there": there}
        )


def _by_time(photos: list[Photo], image_ids: set[int]) -> list[Photo]:
    """The photos of these images in the order of time, on the places that they have among the others."""
    places = [place for place, photo in enumerate(photos) if photo.image_id in image_ids]
    ordered = sorted((photos[place] for place in places), key=lambda photo: photo.taken_at or _LATEST)
    result = list(photos)
    for place, photo in zip(places, ordered, strict=True):
        result[place] = photo
    return result


def _own(page: GalleryPage, revision_id: int | None, user: Any) -> Revision | None:
    """The page's newest revision, if it is this one, of this user, and nothing else hangs on it."""
    revision = page.latest_revision
    if revision is None or revision.pk != revision_id or revision.user_id != user.pk:
        return None
    is_used = page.live_revision_id == revision.pk or revision.approved_go_live_at or page.current_workflow_state
    return None if is_used else revision
