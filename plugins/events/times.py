"""When an event is, in the newsroom's time zone. Plain values in, plain values out."""

from datetime import UTC, date, datetime, time, tzinfo

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

#: Every event is from the first moment on and before the second: near the ends of what Python and PostgreSQL can
#: count, a day more or another time zone is an overflow.
EARLIEST, TOO_LATE = datetime(1900, 1, 1, tzinfo=UTC), datetime(2201, 1, 1, tzinfo=UTC)


def is_countable(moment: datetime) -> bool:
    """Whether an event can be then."""
    return EARLIEST <= moment < TOO_LATE


def validate_year(moment: datetime) -> None:
    """Raise ValidationError if no event can be then."""
    if not is_countable(moment):
        raise ValidationError(_("Choose a year from 1900 to 2200."))


def zone() -> tzinfo:
    """The newsroom's time zone: the one in which an event's days begin and end."""
    return timezone.get_default_timezone()


def local(moment: datetime) -> datetime:
    """The moment as clocks in the newsroom's town show it."""
    return moment.astimezone(zone())


def day_of(moment: datetime) -> date:
    """The day that it is in the newsroom's town."""
    return local(moment).date()


def first_moment(day: date) -> datetime:
    """The midnight that a day begins with."""
    return datetime.combine(day, time.min, tzinfo=zone())


def last_moment(day: date) -> datetime:
    """The last whole second of a day."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=zone())


def whole_days(starts_at: datetime, ends_at: datetime | None) -> tuple[datetime, datetime]:
    """From the first moment of the first day to the last one of the last day. Doing it twice changes nothing."""
    return first_moment(day_of(starts_at)), last_moment(day_of(ends_at or starts_at))
