"""Server-Sent Events: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream."""

import json

from plugins.liveblog.reading import Change

#: A line that readers' browsers ignore. Writing it is how the server notices that a reader is gone.
HEARTBEAT = b":\n\n"


def encode(kind: str, data: bytes, *, number: int) -> bytes:
    """One event. ``data`` is compact JSON, which has no line breaks; ``number`` is what ``Last-Event-ID`` will say."""
    return b"event: %s\nid: %d\ndata: %s\n\n" % (kind.encode(), number, data)


def of_change(change: Change) -> bytes:
    """The event of one changed entry."""
    data = json.dumps(change.document, ensure_ascii=False, separators=(",", ":")).encode()
    return encode("withdrawn" if change.withdrawn else "entry", data, number=change.number)


def retry(milliseconds: int) -> bytes:
    """Tells browsers how long to wait before they connect anew."""
    return b"retry: %d\n\n" % milliseconds
