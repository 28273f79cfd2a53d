"""Model fields of the content room."""

import json

from wagtail.fields import StreamField

from cms.content.stream import PluginStreamBlock

#: Characters of a body that the admin's search takes: PostgreSQL refuses to index more than 1 MB of words, and with
#: it the whole change. What readers search has the same limit (``api.publications.rendering``).
SEARCH_CHARACTERS = 200_000


class BodyField(StreamField):
    """A StreamField whose migrations don't list its blocks.

    Blocks come and go with plugins, and no plugin may put a line into a core migration; the column is JSON
    whatever the blocks are. In a migration the field knows no block, and keeps each as it is.
    """

    def __init__(self, block_types=(), **kwargs):
        super().__init__(block_types or PluginStreamBlock, **kwargs)

    def get_searchable_content(self, value):
        return [" ".join(super().get_searchable_content(value))[:SEARCH_CHARACTERS]]

    def deconstruct(self):
        # Field's own, past StreamField's, which would resolve every block, and with them models not yet loaded.
        name, path, _args, kwargs = super(StreamField, self).deconstruct()
        return name, path, [], kwargs

    def value_to_string(self, obj):
        """As Wagtail's, with letters as they are: a Cyrillic letter takes two bytes in a revision, not six."""
        value = self.get_prep_value(self.value_from_object(obj))
        return json.dumps(value, cls=self.json_field.encoder, ensure_ascii=False)
