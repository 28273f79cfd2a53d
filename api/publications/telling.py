"""The log of changes as the room of webhooks asks for it."""

from urllib.parse import urlencode

from api.publications import changes
from api.publications.changes import Place
from cms.webhooks.source import Change, Portion

_Place = tuple[int, int]


class ChangeLog:
    """Implements ``cms.webhooks.source.ChangeLog`` on the table of changes."""

    def end(self) -> _Place:
        return _pair(changes.last())

    def after(self, place: _Place, limit: int) -> Portion:
        try:
            found = changes.read(Place(*place), limit)
        except changes.UnknownPlace:  # the database was restored from a backup
            return Portion([], self.end(), has_more=False, broken=True)
        told = [
            Change(
                place=_pair(row.place),
                page_id=row.page_id,
                kind=row.kind,
                type=row.type,
                locale=row.locale,
                slug=row.slug,
                path=row.path,
                url=row.url,
                at=row.at,
                cursor=row.place.encode(),
            )
            for row in found.rows
        ]
        return Portion(told, _pair(found.next), found.has_more)

    def address(self, place: _Place) -> str:
        return f"/api/v1/changes/?{urlencode({'since': Place(*place).encode()})}"


def _pair(place: Place) -> _Place:
    return place.position, place.mark
