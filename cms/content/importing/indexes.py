"""Wagtail's two indexes, search and references, kept right for pages that are written in bulk."""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from modelsearch.backends import get_search_backends
from modelsearch.backends.database.postgres import postgres
from modelsearch.index import BaseField
from wagtail.models import Page, ReferenceIndex

from cms.content.admin_search import SearchIndex
from cms.content.importing import bulk


class _ReadOnce(postgres.ObjectIndexer):
    """Wagtail reads and strips every field of a page five times, for five columns; once is enough."""

    def __init__(self, obj: Model, backend: postgres.PostgresSearchBackend):
        super().__init__(obj, backend)
        self._read: dict[int, list[tuple]] = {}

    def prepare_field(self, obj: Model, field: BaseField) -> list[tuple]:
        key = id(field)
        if obj is not self.obj:
            return list(super().prepare_field(obj, field))
        if key not in self._read:
            self._read[key] = list(super().prepare_field(obj, field))
        return self._read[key]


class _BulkIndex(SearchIndex):
    """The search index without the work that a batch need not do."""

    def add_items(self, model: type[Model], objs: list) -> None:
        plain = postgres.ObjectIndexer
        postgres.ObjectIndexer = _ReadOnce
        try:
            super().add_items(model, objs)
        finally:
            postgres.ObjectIndexer = plain


def index_for_search(model: type[Model], rows: list) -> None:
    """Put these rows into every search index that follows changes by itself."""
    for backend in get_search_backends(with_auto_update=True) if rows else ():
        if isinstance(backend, postgres.PostgresSearchBackend):
            _BulkIndex(backend).add_items(model, rows)
        else:
            backend.add_bulk(model, rows)


def index_references(pages: Iterable[Page], *, new: bool) -> None:
    """Write what these specific pages refer to, in place of what the index holds of them; nothing for ``new`` ones."""
    pages = list(pages)
    base = ContentType.objects.get_for_model(Page, for_concrete_model=False)
    if not new:
        ReferenceIndex.objects.filter(base_content_type=base, object_id__in=[str(page.pk) for page in pages]).delete()
    rows = []
    for page in pages:
        content_type = ContentType.objects.get_for_model(page, for_concrete_model=False)
        for to_type, to_id, model_path, content_path in set(ReferenceIndex._extract_references_from_object(page)):
            rows.append(
                ReferenceIndex(
                    content_type=content_type,
                    base_content_type=base,
                    object_id=str(page.pk),
                    to_content_type_id=to_type,
                    to_object_id=to_id,
                    model_path=model_path,
                    content_path=content_path,
                    content_path_hash=ReferenceIndex._get_content_path_hash(content_path),
                )
            )
    bulk.insert(ReferenceIndex, rows)
