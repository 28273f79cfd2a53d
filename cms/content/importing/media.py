"""Pictures and documents of an import into Wagtail's libraries: each once, however often it is used."""

from django.core.files.base import File
from django.core.files.storage import Storage
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection

from cms.content.importing import bulk
from cms.content.importing.files import FileRef
from cms.content.importing.indexes import index_for_search


def store_files(refs: list[FileRef]) -> tuple[dict[FileRef, int], dict[str, int]]:
    """The database ids of these files, made where they are not there yet, and how many of each kind were made.

    Bytes go into storage under a name made of their content before the rows are written: a run that was killed in
    between finds them there and adds nothing.
    """
    ids: dict[FileRef, int] = {}
    made: dict[str, int] = {}
    for kind, model, folder in (
        ("image", get_image_model(), "original_images"),
        ("document", get_document_model(), "documents"),
    ):
        wanted = list(dict.fromkeys(ref for ref in refs if ref.kind == kind))
        if not wanted:
            continue
        names = {ref: f"{folder}/{ref.stored_name}" for ref in wanted}
        # The hash is indexed, the name is not.
        found = dict(
            model.objects.filter(file_hash__in={ref.sha1 for ref in wanted}, file__in=names.values()).values_list(
                "file", "pk"
            )
        )
        missing = {names[ref]: ref for ref in wanted if names[ref] not in found}
        if missing:
            rows = _make(kind, model, missing)
            found |= {row.file.name: row.pk for row in rows}
            made[f"{kind}s"] = len(rows)
        ids |= {ref: found[names[ref]] for ref in wanted}
    return ids, made


def _make(kind: str, model: type, missing: dict[str, FileRef]) -> list:
    storage: Storage = model._meta.get_field("file").storage
    collection = Collection.objects.order_by("depth").first()
    rows = []
    for name, ref in missing.items():
        if not storage.exists(name):
            with ref.path.open("rb") as file:
                storage.save(name, File(file))
        row = model(
            title=(ref.alt or ref.path.stem)[:255],
            file=name,
            file_size=ref.size,
            file_hash=ref.sha1,
            collection=collection,
        )
        if kind == "image":
            row.description, row.credit = ref.alt, ref.credit
            row.width, row.height = ref.width, ref.height
        rows.append(row)
    bulk.insert(model, rows)
    index_for_search(model, rows)
    return rows
