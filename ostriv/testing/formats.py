"""The formats of JSON Schema that answers are checked for, as strictly as Ostriv means them."""

import re
import uuid
from collections.abc import Callable
from datetime import date, datetime
from urllib.parse import urlsplit


def _raises_nothing(check: Callable[[str], object]) -> Callable[[str], bool]:
    def checked(value: str) -> bool:
        try:
            return bool(check(value))
        except ValueError:
            return False

    return checked


def _is_moment(value: str) -> bool:
    # RFC 3339 in UTC, as every time that leaves.
    return value.endswith("Z") and bool(datetime.fromisoformat(value))


def _is_date(value: str) -> bool:
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value)) and bool(date.fromisoformat(value))


def _is_uri(value: str) -> bool:
    parts = urlsplit(value)
    return bool(parts.scheme and parts.netloc) and not re.search(r"[\s<>\"\\^`{|}]", value)


CHECKS = {
    "date-time": _raises_nothing(_is_moment),
    "date": _raises_nothing(_is_date),
    "uri": _raises_nothing(_is_uri),
    "uuid": _raises_nothing(uuid.UUID),
}
