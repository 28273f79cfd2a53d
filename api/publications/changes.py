"""The log of what became public, other, or was taken away: what mirrors and webhooks follow.

Its rows are written by the database itself (see migration 0005), in the transaction of the change: no code path can
forget one. A row has no place in the order when it is written: transactions that began early may commit late, and a
follower who has seen the later one would never see it. ``arrange`` gives places to rows that are committed, one
caller at a time, in the order of their ids. Of one page that is the order of its changes: whoever changes a
publication waits for whoever changed it before, and only then is the row written.

So no clock, no id and no number of a sequence has to be without gaps or in order of commits. Docs: docs/sync.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from api import opaque

#: Names the lock of whoever arranges among PostgreSQL's advisory locks.
_ARRANGING = 0x0571_0003
#: Rows that one call places: some 50 ms. After a large import the next callers place the others.
PORTION = 5_000
#: Places that one reading looks through for what its filters ask for.
WINDOW = 10_000
#: How long a row stays that a later one of the same page has superseded.
KEEP = timedelta(days=90)
#: By how much the clocks of machines may differ.
_TOLERANCE = timedelta(hours=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Change(models.Model):
    """One change of what is public about one page. ``position`` is its place in the order, null until it has one."""

    class Kind(models.TextChoices):
        PUBLISH = "publish", _("published")
        UPDATE = "update", _("updated")
        UNPUBLISH = "unpublish", _("unpublished")
        DELETE = "delete", _("deleted")

    position = models.BigIntegerField(null=True, unique=True)
    page_id = models.BigIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    type = models.CharField(max_length=60)
    locale = models.CharField(max_length=20)
    slug = models.CharField(max_length=255)
    path = models.TextField()
    translation_key = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="change_to_arrange", condition=models.Q(position__isnull=True)),
            models.Index(fields=["page_id", "-id"], name="change_of_page"),
            models.Index(
                fields=["locale", "-id"],
                name="change_taken_away",
                condition=models.Q(kind__in=["unpublish", "delete"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.path}"


def arrange(limit: int = PORTION) -> int:
    """Give committed changes their places, ``limit`` of them at most. Returns how many got one.

    The lock is held until its transaction has ended: who gets it next sees the places that were given, and gives
    higher ones, so a place is never visible before a lower one. It is a statement of its own, because what a statement
    sees is what was committed when it began; the one that gives places must begin behind the lock.
    """
    if not Change.objects.filter(position__isnull=True).exists():
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ARRANGING])
        cursor.execute(
            """
            WITH waiting AS (SELECT id FROM api_change WHERE position IS NULL ORDER BY id LIMIT %s),
                 placed AS MATERIALIZED (SELECT id, nextval('api_change_position') AS position FROM waiting)
            UPDATE api_change SET position = placed.position FROM placed WHERE api_change.id = placed.id
            """,
            [limit],
        )
        return int(cursor.rowcount)


# --- following ------------------------------------------------------------------------------------------------------


class UnknownPlace(LookupError):  # noqa: N818  (an answer, not a fault)
    """The log has no such place: it was made anew, or goes back to before it."""


@dataclass(frozen=True)
class Place:
    """A place in the log: that of one change.

    ``mark`` is when that change happened, in microseconds since 1970. It tells whether the log is still the same one:
    one that was restored from a backup has given the place to another change, or to none.
    """

    position: int = 0
    mark: int = 0

    @classmethod
    def of(cls, position: int, at: datetime) -> "Place":
        """The place of the change that has this position and happened at this moment."""
        return cls(position, _mark(at))

    def encode(self) -> str:
        """The cursor of this place: opaque, and safe in an address."""
        return opaque.encode(f"c.{self.position}.{self.mark}")

    @classmethod
    def decode(cls, text: str) -> "Place":
        """Raises ValueError for anything that ``encode`` did not make."""
        letter, position, mark = opaque.decode(text).split(".")
        place = cls(int(position), int(mark))
        possible = 0 <= place.position < 2**63 and 0 <= place.mark < 2**63
        if letter != "c" or not possible or place.encode() != text:
            raise ValueError(text)
        return place


def _mark(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


BEGINNING = Place()


@dataclass(frozen=True)
class Row:
    """One change as followers see it. ``url`` is where readers find the page, if it is public now."""

    place: Place
    at: datetime
    page_id: int
    kind: str
    type: str
    locale: str
    slug: str
    path: str
    url: str | None
    translation_key: UUID


@dataclass(frozen=True)
class Reading:
    """Changes in their order, the place to go on from, and whether there is more behind it already."""

    rows: list[Row]
    next: Place
    has_more: bool


def read(
    after: Place,
    size: int,
    *,
    types: Sequence[str] = (),
    locales: Sequence[str] = (),
    kinds: Sequence[str] = (),
) -> Reading:
    """At most ``size`` changes behind this place; those of other types, locales and kinds are passed over.

    Raises UnknownPlace for a place that this log does not have.
    """
    left = arrange() == PORTION
    _check(after)
    narrowed = bool(types or locales or kinds)
    # The end first: what stands before it is complete, and what others place meanwhile stands behind it.
    end, count = _window(after, WINDOW if narrowed else size)
    rows = _rows(after, end, size + 1, types, locales, kinds) if count else []
    if len(rows) > size:
        rows = rows[:size]
        return Reading(rows, rows[-1].place, has_more=True)
    return Reading(rows, end, has_more=left or _has_more(end))


def last() -> Place:
    """The last place there is, with everything that was committed by now before it."""
    while arrange() == PORTION:
        pass
    with connection.cursor() as cursor:
        cursor.execute("SELECT position, at FROM api_change WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1")
        row = cursor.fetchone()
    return Place.of(*row) if row else BEGINNING


def _check(place: Place) -> None:
    if place == BEGINNING:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT max(position) FROM api_change), (SELECT at FROM api_change WHERE position = %s)",
            [place.position],
        )
        end, at = cursor.fetchone()
    # No row at that place is as it should be if it is old: it was superseded, and is forgotten.
    old = place.mark < _mark(timezone.now() - KEEP + _TOLERANCE)
    same = old if at is None else place.mark == _mark(at)
    if place.position > (end or 0) or not same:
        raise UnknownPlace(place.position)


def _window(after: Place, size: int) -> tuple[Place, int]:
    """The place ``size`` changes further, or the last one, and how many there are up to it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT position, at, count(*) OVER () FROM (
                SELECT position, at FROM api_change WHERE position > %s ORDER BY position LIMIT %s
            ) AS ahead ORDER BY position DESC LIMIT 1
            """,
            [after.position, size],
        )
        row = cursor.fetchone()
    return (Place.of(row[0], row[1]), row[2]) if row else (after, 0)


def _has_more(end: Place) -> bool:
    return Change.objects.filter(position__gt=end.position).exists()


def _rows(
    after: Place, end: Place, limit: int, types: Sequence[str], locales: Sequence[str], kinds: Sequence[str]
) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.position, c.at, c.page_id, c.kind, c.type, c.locale, c.slug, c.path,
                   CASE WHEN c.kind IN ('publish', 'update') THEN p.teaser::json ->> 'url' END, c.translation_key
            FROM api_change c LEFT JOIN api_publication p ON p.page_id = c.page_id
            WHERE c.position > %s AND c.position <= %s
              AND (%s OR c.type = ANY(%s)) AND (%s OR c.locale = ANY(%s)) AND (%s OR c.kind = ANY(%s))
            ORDER BY c.position LIMIT %s
            """,
            [
                after.position,
                end.position,
                *(value for names in (types, locales, kinds) for value in (not names, list(names))),
                limit,
            ],
        )
        return [Row(Place.of(position, at), at, *row) for position, at, *row in cursor.fetchall()]


# --- keeping it true and small --------------------------------------------------------------------------------------


def follow_switch(types: Sequence[str], *, hidden: bool) -> None:
    """Readers see no page of these types any more, or see them again: say so of each of which the log says otherwise.

    The publications themselves stay as they are while a plugin is switched off, so no trigger tells of it. They are
    held before their changes are written: what is being taken away at that moment is told of last, by who takes it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH p AS MATERIALIZED (
                SELECT page_id, type, locale, slug, path, translation_key, published_at FROM api_publication
                WHERE type = ANY(%s) ORDER BY page_id FOR SHARE
            )
            INSERT INTO api_change (page_id, kind, type, locale, slug, path, translation_key, at)
            SELECT p.page_id, %s, p.type, p.locale, p.slug, p.path, p.translation_key, clock_timestamp()
            FROM p
            CROSS JOIN LATERAL (
                SELECT kind FROM api_change c WHERE c.page_id = p.page_id ORDER BY id DESC LIMIT 1
            ) AS known
            WHERE (known.kind IN ('publish', 'update')) = %s
            ORDER BY p.published_at, p.page_id
            """,
            [list(types), "unpublish" if hidden else "publish", hidden],
        )


def forget_superseded(*, before: datetime | None = None, portion: int = 20_000) -> int:
    """Delete old rows behind which there is a later one of the same page. Returns how many.

    Followers lose nothing by it, wherever they stand: the last row of each page stays for ever, and a follower that
    has not seen a deleted row has not seen that later one either.
    """
    before = before or timezone.now() - KEEP
    newest = Change.objects.filter(at__lt=before).aggregate(last=models.Max("id"))["last"] or 0
    deleted, start = 0, 0
    while start < newest:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                DELETE FROM api_change c WHERE c.id > %s AND c.id <= %s AND c.position IS NOT NULL AND c.at < %s
                  AND EXISTS (SELECT 1 FROM api_change n
                              WHERE n.page_id = c.page_id AND n.id > c.id AND n.position IS NOT NULL)
                """,
                [start, start + portion, before],
            )
            deleted += cursor.rowcount
        start += portion
    return deleted


def last_taken_away(locale: str) -> datetime | None:
    """When something in this language last ceased to be public. One query."""
    gone = Change.objects.filter(locale=locale, kind__in=[Change.Kind.UNPUBLISH, Change.Kind.DELETE])
    return gone.order_by("-id").values_list("at", flat=True).first()
