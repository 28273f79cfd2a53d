"""When a failed delivery is tried again, and how long its endpoint rests meanwhile."""

import random
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

#: Seconds from one attempt to the next, as the specification gives them. After the last one it is given up.
DELAYS = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
ATTEMPTS = len(DELAYS) + 1
#: An endpoint that fails as a whole is tried again after this at the latest, with whatever delivery is due then.
LONGEST_REST = 300
LONGEST_RETRY_AFTER = 24 * 3600
#: An endpoint that has failed for so long, and so often in a row, is paused.
PAUSE_AFTER, PAUSE_FAILURES = timedelta(days=3), 10
#: Answers that speak of the receiver, not of what it was sent. The others (and no answer at all): of the delivery.
_OF_THE_RECEIVER = {408, 425, 429}


def delay_after(attempts: int, retry_after: float | None = None) -> timedelta:
    """The time until the next attempt, after so many. A tenth of chance keeps retries from coming all together."""
    seconds = DELAYS[min(attempts, len(DELAYS)) - 1] * random.uniform(1.0, 1.1)  # noqa: S311  (no secret)
    return timedelta(seconds=max(seconds, retry_after or 0.0))


def rest_after(failures: int, retry_after: float | None = None) -> timedelta:
    """For how long an endpoint that has failed so often in a row is left alone."""
    seconds = min(DELAYS[min(failures, len(DELAYS)) - 1], LONGEST_REST)
    return timedelta(seconds=max(float(seconds), retry_after or 0.0))


def is_of_the_receiver(status: int | None) -> bool:
    """Whether this failure would meet any other delivery too."""
    return status is None or status in _OF_THE_RECEIVER or status >= 500


def retry_after(value: str, now: datetime) -> float | None:
    """The seconds that a Retry-After header asks for: a number, or a date."""
    if value.isascii() and value.isdigit():
        return float(min(int(value[:9]), LONGEST_RETRY_AFTER))
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), float(LONGEST_RETRY_AFTER))
