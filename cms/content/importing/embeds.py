"""The address that a reader would open for what an ``<iframe>`` plays."""

import re
from urllib.parse import parse_qs, urlsplit

_PATTERNS: list[tuple[str, re.Pattern[str], str]] = [
    (
        r"youtube(-nocookie)?\.com",
        re.compile(r"^/(?:embed|v|shorts|live)/([\w-]{6,})"),
        "https://www.youtube.com/watch?v={0}",
    ),
    (r"youtu\.be", re.compile(r"^/([\w-]{6,})"), "https://www.youtube.com/watch?v={0}"),
    (r"player\.vimeo\.com", re.compile(r"^/video/(\d+)"), "https://vimeo.com/{0}"),
    (r"dailymotion\.com", re.compile(r"^/embed/video/(\w+)"), "https://www.dailymotion.com/video/{0}"),
    (r"open\.spotify\.com", re.compile(r"^/embed/(\w+/\w+)"), "https://open.spotify.com/{0}"),
    (r"instagram\.com", re.compile(r"^/(p|reel|tv)/([\w-]+)"), "https://www.instagram.com/{0}/{1}/"),
    (r"t\.me", re.compile(r"^/(\w+/\d+)"), "https://t.me/{0}"),
]
# Players that carry the address of what they play in their query.
_IN_QUERY = {"w.soundcloud.com": "url", "www.facebook.com": "href", "facebook.com": "href"}


def is_address(url: str) -> bool:
    """Whether this is an absolute web address."""
    return re.match(r"https?://[^/\s]+\S*$", url) is not None


def absolute(url: str) -> str:
    """A protocol-relative address with its protocol; any other as it is, without spaces around."""
    url = url.strip()
    return f"https:{url}" if url.startswith("//") else url


def public_address(url: str) -> str:
    """The ordinary address of a video, sound or post, given its player's; an unknown player's own address as it is."""
    url = absolute(url)
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    query = parse_qs(parts.query)
    if "youtube" in host and parts.path.startswith("/embed/videoseries") and "list" in query:
        return f"https://www.youtube.com/playlist?list={query['list'][0]}"
    for pattern, path, template in _PATTERNS:
        if re.fullmatch(pattern, host) and (match := path.match(parts.path)):
            address = template.format(*match.groups())
            start = query.get("start", query.get("t", [""]))[0].removesuffix("s")
            return f"{address}&t={start}s" if "youtube" in address and start.isdigit() else address
    carried = query.get(_IN_QUERY.get(parts.hostname or "", ""), [""])[0]
    return carried if is_address(carried) else url
