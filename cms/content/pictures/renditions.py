"""The renditions of a picture: Wagtail's rows and files, at fixed widths and in three formats.

Whoever uploads a picture waits for its WebP files, so that it can be published at once; a worker makes the others.
"""

import hashlib
import io
import logging
import math
import time
from collections.abc import Iterable
from datetime import timedelta
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils import timezone
from PIL import Image
from wagtail.images.models import SourceImageIOError

from cms.content.events import image_changed
from cms.content.models import NewsroomImage, NewsroomRendition
from cms.content.outbox import record_later
from cms.content.pictures import darkroom
from cms.content.pictures.darkroom import UnreadableError

logger = logging.getLogger(__name__)

#: Name of a rendition and its greatest width in pixels.
WIDTHS = {"small": 320, "medium": 640, "large": 1280}
LARGEST = max(WIDTHS.values())
#: What there is at least of a picture that is shown, and made first.
AT_LEAST = "webp"
#: Raise it when ``WIDTHS`` or the formats change: every picture is then made again what it lacks.
VERSION = 1
#: How long files of a picture that was replaced stay: no longer may a cache show the answers that name them.
GRACE = timedelta(days=1)

Key = tuple[str, str]
Renditions = dict[Key, NewsroomRendition]


def _spec(width: int, format: str) -> str:
    return f"width-{width}|format-{format}|{format}quality-{darkroom.FORMATS[format]['quality']}"


#: What Wagtail calls each rendition, by its name and format.
SPECS: dict[Key, str] = {
    (name, format): _spec(width, format) for name, width in WIDTHS.items() for format in darkroom.FORMATS
}
_KEYS = {spec: key for key, spec in SPECS.items()}


def existing(image: NewsroomImage) -> Renditions:
    """What is made of this picture by now, by name and format. One query, or none where it was prefetched."""
    rows: Iterable[NewsroomRendition] | None = getattr(image, "prefetched_renditions", None)
    if rows is None:
        rows = image.renditions.all()
    return {_KEYS[row.filter_spec]: row for row in rows if row.filter_spec in _KEYS}


def make(image: NewsroomImage, formats: Iterable[str], picture: Image.Image | None = None) -> Renditions:
    """Make what is missing in these formats, and return all that there is. The colour is looked at in passing.

    ``picture`` is what the file holds, if the caller has it. Raises UnreadableError, or SourceImageIOError where the
    file can't be got.
    """
    made = existing(image)
    wanted = [key for key in SPECS if key[1] in formats and key not in made]
    if not wanted:
        return made
    with image.open_file() as file:
        content = file.read()
    picture = picture or developed(content)
    if not image.color:
        image.color = darkroom.dominant_colour(picture)
        NewsroomImage.objects.filter(pk=image.pk).update(color=image.color)
    return {**made, **_stored(image, _rows(image, picture, wanted, hashlib.sha256(content).hexdigest()))}


def developed(content: bytes) -> Image.Image:
    """The picture in these bytes, as large as renditions need it. Raises UnreadableError."""
    return darkroom.develop(io.BytesIO(content), LARGEST)


def _rows(image: NewsroomImage, picture: Image.Image, wanted: list[Key], digest: str) -> list[NewsroomRendition]:
    rows = []
    for name, width in WIDTHS.items():
        formats = [format for each, format in wanted if each == name]
        sized = darkroom.scaled(picture, width) if formats else picture
        for format in formats:
            # Another file under the same name would be shown by every cache as the old one.
            stem = f"{PurePath(image.file.name).stem[:24]}-{digest[:10]}.{width}.{format}"
            file = ContentFile(darkroom.encoded(sized, format), name=stem)
            rows.append(NewsroomRendition(image=image, filter_spec=SPECS[name, format], focal_point_key="", file=file))
    return rows


def _stored(image: NewsroomImage, rows: list[NewsroomRendition]) -> Renditions:
    """Write these rows. Where somebody else was quicker, theirs are the ones."""
    NewsroomRendition.objects.bulk_create(rows, ignore_conflicts=True)
    specs = [row.filter_spec for row in rows]
    kept = {row.filter_spec: row for row in NewsroomRendition.objects.filter(image=image, filter_spec__in=specs)}
    for row in rows:
        if kept[row.filter_spec].file.name != row.file.name:
            row.file.storage.delete(row.file.name)
    _forget_prefetched(image)
    return {_KEYS[spec]: row for spec, row in kept.items()}


def _forget_prefetched(image: NewsroomImage) -> None:
    getattr(image, "_prefetched_objects_cache", {}).pop("renditions", None)
    if hasattr(image, "prefetched_renditions"):
        del image.prefetched_renditions


def make_first(image: NewsroomImage, picture: Image.Image | None = None) -> None:
    """What a picture needs to be published. One that can't be read is said so in the log, and shown nowhere."""
    try:
        make(image, [AT_LEAST], picture)
    except (UnreadableError, SourceImageIOError, OSError) as error:
        logger.warning("Image %s can't be rendered and is left out: %s", image.pk, error)


def finish(image_id: int, *, bulk: bool = False) -> bool:
    """Make all that this picture lacks, and say so. False if nothing is to be done, or somebody else is at it.

    Raises SourceImageIOError where the file can't be got just now. One that is gone, or is no picture, is done with.
    """
    with transaction.atomic():
        images = NewsroomImage.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
        image = images.filter(pk=image_id, renditions_version__lt=VERSION).first()
        if image is None:
            return False
        try:
            make(image, darkroom.FORMATS)
            image.width, image.height = image.file.get_image_dimensions()
        except UnreadableError as error:
            logger.warning("Image %s can't be read: %s", image_id, error)
        except SourceImageIOError as error:
            if not isinstance(error.__cause__, FileNotFoundError):
                raise
            logger.warning("The file of image %s is gone: %s", image_id, error)
        NewsroomImage.objects.filter(pk=image_id).update(
            renditions_version=VERSION, width=image.width, height=image.height
        )
        image_changed(image, bulk=bulk)
    return True


def finish_all(seconds: float = math.inf) -> int:
    """Make what pictures lack, the newest first, until so much time has gone. Returns how many were finished."""
    ends = time.monotonic() + seconds
    done = 0
    for image_id in (
        NewsroomImage.objects.filter(renditions_version__lt=VERSION).order_by("-pk").values_list("pk", flat=True)
    ):
        if time.monotonic() > ends:
            break
        try:
            done += finish(image_id, bulk=True)
        except SourceImageIOError as error:
            logger.warning("The file of image %s can't be got now: %s", image_id, error)
    return done


def is_unfinished(image_id: int) -> bool:
    return NewsroomImage.objects.filter(pk=image_id, renditions_version__lt=VERSION).exists()


def retire(image: NewsroomImage) -> None:
    """The picture gets another file: its renditions are its own no more, and their files stay until ``GRACE`` is over.

    Answers that name them are with readers and caches for a while yet.
    """
    files = [row.file.name for row in existing(image).values()]
    if not files:
        return
    record_later(timezone.now() + GRACE, "image.retired", files=files)
    with connection.cursor() as cursor:
        # Past Django, whose signal would make Wagtail delete the files.
        cursor.execute(
            "DELETE FROM content_newsroomrendition WHERE image_id = %s AND filter_spec = ANY(%s)",
            [image.pk, list(SPECS.values())],
        )


def remove_retired(files: Iterable[str]) -> None:
    """Delete these files, but for those that a rendition has again."""
    storage = NewsroomRendition._meta.get_field("file").storage
    names = set(files)
    for name in names - set(NewsroomRendition.objects.filter(file__in=names).values_list("file", flat=True)):
        storage.delete(name)
