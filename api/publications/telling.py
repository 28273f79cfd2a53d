"""The log of changes as the room of webhooks asks for it."""

from datetime import datetime
from urllib.parse import urlencode

from api.publications import changes
from api.publications.changes import Place
from cms.webhooks.source import Change, Portion

_Place = tuple[int, int]


class ChangeLog:
    """Implements ``cms.webhooks.source.ChangeLog`` on the table of changes."""

    def at(self, moment: datetime) -> _Place:
        return _pair(changes.last_before(moment))

    def end(self) -> _Place:
        return _pair(changes.last())

    def after(self, place: _Place, limit: int) -> Portion:
        try:
            found = changes.read(Place(*place), limit)
        except changes.UnknownPlace:  # the database was restored: what came after its backup is nobody's news
            return Portion([], self.end(), has_more=False)
        told = [
            Change(
                position=row.position,
                page_id=row.page_id,
                kind=row.kind,
                type=row.type,
                locale=row.locale,
                slug=row.slug,
                path=row.path,
                url=row.url,
                at=row.at,
                cursor=Place(row.position, row.page_id).encode(),
            )
            for row in found.rows
        ]
        return Portion(told, _pair(found.next), found.has_more)

    def address(self, place: _Place) -> str:
        return f"/api/v1/changes/?{urlencode({'since': Place(*place).encode()})}"


def _pair(place: Place) -> _Place:
    return place.position, place.page_id
