"""Models of the read side."""

from api.publications.changes import Change
from api.publications.models import Publication
from api.publications.shelves import Filing, Shelf, ShelfChange
from api.purging.models import PurgeState, RaisedTags
from api.search.models import SearchEntry, SearchSpan, SearchStruck, SearchUnread, SearchWord

__all__ = [
    "Change",
    "Filing",
    "Publication",
    "PurgeState",
    "RaisedTags",
    "SearchEntry",
    "SearchSpan",
    "SearchStruck",
    "SearchUnread",
    "SearchWord",
    "Shelf",
    "ShelfChange",
]
