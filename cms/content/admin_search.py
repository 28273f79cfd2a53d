"""The index of the admin's search: Wagtail's own on PostgreSQL, at a cost that does not grow with the archive."""

from collections.abc import Sequence

from django.contrib.contenttypes.models import ContentType
from django.db.models import Avg, F, Model
from django.db.models.functions import Length
from modelsearch.backends.database.postgres import postgres

#: The newest titles that say how long one usually is.
USUAL = 200


class SearchIndex(postgres.PostgresIndex):
    """Weighs the title of what is written against the newest titles.

    Wagtail's own reads its whole table twice with each object: for the average, and for what is not weighed yet.
    """

    def add_items(self, model: type[Model], objs: Sequence[Model]) -> None:
        """Write these objects of one model into the index."""
        super().add_items(model, objs)
        entries = self.entries.annotate(length=Length("title")).filter(length__gt=0)
        usual = entries.order_by("-pk")[:USUAL].aggregate(usual=Avg("length"))["usual"]
        if usual is not None:
            entries.filter(
                content_type=ContentType.objects.get_for_model(model), object_id__in=[str(each.pk) for each in objs]
            ).update(title_norm=usual / F("length"))

    def _refresh_title_norms(self, full: bool = False) -> None:
        if full:  # when the whole index is made anew, and nobody waits
            super()._refresh_title_norms(full=True)


class SearchBackend(postgres.PostgresSearchBackend):
    """Wagtail's search in PostgreSQL with this index."""

    index_class = SearchIndex
