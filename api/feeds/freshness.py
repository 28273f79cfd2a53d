"""When a document last became another one, for clients that ask by time (``If-Modified-Since``).

The times of the items don't tell: what is taken away leaves none. So the cache that all processes share keeps, for each
address, what its document was when it was last seen, and since when.
"""

from datetime import UTC, datetime
from hashlib import blake2b

from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import RedisError

#: Seconds for which a document that nobody asks for is remembered.
REMEMBERED = 30 * 24 * 3600


def last_changed(path: str, body: bytes) -> datetime | None:
    """Since when the document at this path is this one, to the second. None where that can't be told now."""
    digest = blake2b(body, digest_size=16).hexdigest()
    key = f"last-changed:{path}"
    now = timezone.now()
    try:
        known, since = cache.get(key, ("", 0))
        if known != digest:
            # Headers tell whole seconds: two documents of one second would look like one.
            since = max(int(now.timestamp()), since + 1)
            cache.set(key, (digest, since), REMEMBERED)
    except RedisError:
        return None
    moment = datetime.fromtimestamp(since, UTC)
    # RFC 9110, 8.8.2.1: never later than the answer itself.
    return moment if moment <= now else None
