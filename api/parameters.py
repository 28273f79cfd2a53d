"""The parameters of the API's lists, and their errors: each names the parameter and says what is allowed."""

from datetime import UTC, date, datetime, time
from typing import Any, Protocol
from urllib.parse import urlencode

from django.conf import settings
from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime
from rest_framework.exceptions import ValidationError

from api.publications.cursor import Cursor, CursorError, Order

PAGE_SIZE, LARGEST_PAGE = 20, 100
MOST_VALUES, MOST_IDS = 50, 100
LONGEST_QUERY = 200
DEFAULT_LOCALE = settings.LANGUAGE_CODE
LOCALES = [code for code, _name in settings.LANGUAGES]


def only(query: QueryDict, allowed: set[str]) -> None:
    """Refuse parameters that mean nothing here, rather than ignore a filter that somebody counts on."""
    if unknown := sorted(set(query) - allowed):
        raise ValidationError(
            {name: f"There is no such parameter here. Allowed: {', '.join(sorted(allowed))}." for name in unknown}
        )


def locale(query: QueryDict, default: str | None = DEFAULT_LOCALE) -> str | None:
    """The language asked for."""
    return choice(query, "locale", LOCALES, default)


def locales(query: QueryDict) -> list[str]:
    """The languages asked for, in the order of preference; empty where none is."""
    if "locale" not in query:
        return []
    asked = list(dict.fromkeys(words(query, "locale")))
    if unknown := [code for code in asked if code not in LOCALES]:
        raise ValidationError({"locale": f"“{unknown[0][:60]}” is not among: {', '.join(LOCALES)}."})
    if not asked:
        raise ValidationError({"locale": f"One of: {', '.join(LOCALES)}; or several, in the order of preference."})
    return asked


def once(query: QueryDict, name: str) -> str | None:
    """The value of a parameter that has one; None where it is not given."""
    values = query.getlist(name)
    if len(values) > 1:
        raise ValidationError({name: "This parameter is given more than once."})
    return values[0] if values else None


def choice(query: QueryDict, name: str, allowed: list[str], default: str | None = None) -> str | None:
    """One of these values, or the default where nothing is asked for."""
    value = once(query, name)
    if value is None:
        return default
    if value not in allowed:
        raise ValidationError({name: f"“{value[:60]}” is not among: {', '.join(allowed)}."})
    return value


def flag(query: QueryDict, name: str, *, default: bool) -> bool:
    """``true`` or ``false``."""
    return choice(query, name, ["true", "false"], str(default).lower()) == "true"


def words(query: QueryDict, name: str, most: int = MOST_VALUES) -> list[str]:
    """A comma-separated list, also spread over several parameters of this name; empty where none is given."""
    values = [value.strip() for given in query.getlist(name) for value in given.split(",") if value.strip()]
    if len(values) > most:
        raise ValidationError({name: f"At most {most} values."})
    if any("\x00" in value or len(value) > 255 for value in values):
        raise ValidationError({name: "A value is too long, or holds a character that no slug has."})
    return values


def choices(query: QueryDict, name: str, allowed: list[str]) -> list[str]:
    """Some of these values; empty where none is given."""
    values = words(query, name)
    if unknown := sorted(set(values) - set(allowed)):
        raise ValidationError({name: f"There is no {', '.join(unknown)[:60]}. Allowed: {', '.join(allowed)}."})
    return values


def page_ids(query: QueryDict, name: str) -> list[int]:
    """Ids of pages, comma-separated; empty where none is given."""
    values = words(query, name, MOST_IDS)
    if not all(value.isascii() and value.isdigit() and len(value) < 19 for value in values):
        raise ValidationError({name: f"Ids of content, comma-separated, at most {MOST_IDS}."})
    return [int(value) for value in values]


def text(query: QueryDict, name: str) -> str:
    """Words to search for."""
    value = (once(query, name) or "").strip()
    if len(value) > LONGEST_QUERY or "\x00" in value:
        raise ValidationError({name: f"At most {LONGEST_QUERY} characters of text."})
    return value


def page_size(query: QueryDict, default: int = PAGE_SIZE, largest: int = LARGEST_PAGE) -> int:
    """How many results one page holds."""
    value = once(query, "page_size")
    if value is None:
        return default
    if not value.isascii() or not value.isdigit() or len(value) > 6 or not 1 <= int(value) <= largest:
        raise ValidationError({"page_size": f"A number from 1 to {largest}."})
    return int(value)


def moment(query: QueryDict, name: str) -> datetime | None:
    """An RFC 3339 date-time with its offset, or a date, which means its midnight in UTC."""
    value = once(query, name)
    if value is None:
        return None
    try:
        # The date first: parse_datetime would take it too, and say no offset of its midnight.
        parsed: datetime | date | None = parse_date(value) or parse_datetime(value.replace(" ", "+"))
    except ValueError:
        parsed = None
    if isinstance(parsed, date) and not isinstance(parsed, datetime):
        parsed = datetime.combine(parsed, time.min, tzinfo=UTC)
    # PostgreSQL knows fewer offsets and other years than Python: it gets UTC, and years that a newsroom can mean.
    if parsed is not None and parsed.tzinfo is not None and 1900 <= parsed.year <= 2200:
        return parsed.astimezone(UTC)
    raise ValidationError({name: "A date (2026-01-31), or a time with its offset (2026-01-31T12:00:00+02:00)."})


def cursor(query: QueryDict, of: Order = Order.NEWEST) -> Cursor | None:
    """The place to go on from in a list of this order."""
    if not (value := once(query, "cursor")):
        return None
    try:
        found = Cursor.decode(value)
        if found.order != of:
            raise CursorError(value)
    except CursorError as error:
        raise ValidationError({"cursor": "Not a cursor of this list. Take it from `next` or `previous`."}) from error
    return found


def with_cursor(request: Any, to: Cursor | None) -> str | None:
    """The address of this list at another place; None for no place."""
    return addresses_at(request.path, request.query_params, to)[0]


class Place(Protocol):
    """Where in a list."""

    def encode(self) -> str: ...


def addresses_at(path: str, query: QueryDict, *places: Place | None) -> list[str | None]:
    """The addresses of the list at this path at other places; None for no place."""
    rest = urlencode({name: values for name, values in query.lists() if name != "cursor"}, doseq=True)
    there = f"{settings.BASE_URL}{path}?{rest}{'&' if rest else ''}cursor="
    return [f"{there}{place.encode()}" if place else None for place in places]
