"""Backends of Wagtail's frontend cache that purge by tag, and say so when they fail.

Wagtail's own purge by address, and write a failure into the log: nobody could try again. What each service takes:
Cloudflare https://developers.cloudflare.com/api/resources/cache/methods/purge/ (tags, 30 at a time), Fastly
https://www.fastly.com/documentation/reference/api/purging/ (surrogate keys, 256 at a time), Varnish a BAN with an
expression (see docs/operator/cdn.md), CloudFront paths with a star at their end.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import urllib3
from django.core.exceptions import ImproperlyConfigured
from wagtail.contrib.frontend_cache.backends.base import BaseBackend
from wagtail.contrib.frontend_cache.backends.cloudflare import CloudflareBackend
from wagtail.contrib.frontend_cache.backends.http import HTTPBackend

#: Seconds for connecting and for an answer.
_TIMEOUT = urllib3.Timeout(connect=5, read=15)
#: Whatever a change may show in, by path: for services that know no tags.
PATHS = ("/api/v1/*", "/feeds/*", "/sitemap*", "/news-sitemap.xml", "/llms.txt")


class PurgeFailed(Exception):  # noqa: N818  (theirs, not ours)
    """The service was not told; the message says why, and holds no secret."""


def send(method: str, url: str, headers: dict[str, str], body: Any = None) -> dict[str, Any]:
    """One request to a service; its JSON answer, if it is one. Raises PurgeFailed."""
    data = None if body is None else json.dumps(body).encode()
    try:
        answer = urllib3.request(
            method, url, headers=headers, body=data, timeout=_TIMEOUT, retries=False, redirect=False
        )
    except urllib3.exceptions.HTTPError as error:
        raise PurgeFailed(f"{urlsplit(url).hostname}: {type(error).__name__}") from error
    if not 200 <= answer.status < 300:
        said = answer.data[:300].decode(errors="replace")
        raise PurgeFailed(f"{urlsplit(url).hostname} answered {answer.status}: {said}")
    try:
        found = json.loads(answer.data or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


class Cloudflare(CloudflareBackend):
    """Parameters: ZONEID, BEARER_TOKEN, and API for another address than Cloudflare's."""

    PORTION = 30

    def __init__(self, params: dict[str, Any]) -> None:
        api = params.pop("API", "https://api.cloudflare.com")
        super().__init__(params)
        self.url = f"{api}/client/v4/zones/{self.cloudflare_zoneid}/purge_cache"

    def purge_tags(self, tags: Sequence[str]) -> None:
        for some in portions(tags, self.PORTION):
            self._purge({"tags": some})

    def purge_everything(self) -> None:
        self._purge({"purge_everything": True})

    def _purge(self, body: dict[str, Any]) -> None:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.cloudflare_token}"}
        answer = send("POST", self.url, headers, body)
        if not answer.get("success"):
            raise PurgeFailed(f"Cloudflare: {json.dumps(answer.get('errors'))[:300]}")


class Fastly(BaseBackend):
    """Parameters: SERVICE, TOKEN, and API for another address than Fastly's. Purges softly: what is stale may still
    be shown while it is asked for anew."""

    PORTION = 256

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.url = f"{params.get('API', 'https://api.fastly.com')}/service/{params['SERVICE']}"
        self.headers = {"Fastly-Key": params["TOKEN"], "Accept": "application/json"}

    def purge_tags(self, tags: Sequence[str]) -> None:
        for some in portions(tags, self.PORTION):
            headers = {**self.headers, "Content-Type": "application/json", "fastly-soft-purge": "1"}
            send("POST", f"{self.url}/purge", headers, {"surrogate_keys": some})

    def purge_everything(self) -> None:
        send("POST", f"{self.url}/purge_all", self.headers)


class Varnish(HTTPBackend):
    """Parameters: LOCATION. Sends BAN with an expression that the VCL compares with the Cache-Tag of what it keeps."""

    PORTION = 50

    def purge_tags(self, tags: Sequence[str]) -> None:
        for some in portions(tags, self.PORTION):
            self._ban(f"(^|,)({'|'.join(map(re.escape, some))})(,|$)")

    def purge_everything(self) -> None:
        self._ban(".")

    def _ban(self, expression: str) -> None:
        send("BAN", f"{self.cache_scheme}://{self.cache_netloc}/", {"X-Cache-Tags": expression})


def _cloudfront() -> type[BaseBackend]:
    """CloudFront's backend; its library (boto3) is there only where somebody has installed it."""
    from wagtail.contrib.frontend_cache.backends.cloudfront import CloudfrontBackend

    class CloudFront(CloudfrontBackend):
        """Parameters: DISTRIBUTION_ID, and Amazon's own variables for who we are."""

        def purge_tags(self, tags: Sequence[str]) -> None:
            self.purge_everything()

        def purge_everything(self) -> None:
            self._create_invalidation(self.cloudfront_distribution_id, list(PATHS))

        def _create_invalidation(self, distribution_id: str, paths: list[str]) -> None:
            import uuid

            try:
                self.client.create_invalidation(
                    DistributionId=distribution_id,
                    InvalidationBatch={
                        "Paths": {"Quantity": len(paths), "Items": paths},
                        "CallerReference": str(uuid.uuid4()),
                    },
                )
            except Exception as error:  # the library's own errors have no common ancestor
                raise PurgeFailed(f"CloudFront: {type(error).__name__}") from error

    return CloudFront


def backend(url: str) -> Any:
    """The backend that an entry of OSTRIV_CDN names. Raises ImproperlyConfigured, without the secret in its words."""
    parts = urlsplit(url)
    # As it was written, not parts.hostname: identifiers know upper case.
    token, name = unquote(parts.username or ""), parts.netloc.rpartition("@")[2]
    other = {"API": api[-1]} if (api := parse_qs(parts.query).get("api")) else {}
    if parts.scheme in ("cloudflare", "fastly") and not (token and name):
        raise ImproperlyConfigured(f"OSTRIV_CDN: {parts.scheme}:// needs a token and an identifier, TOKEN@IDENTIFIER.")
    match parts.scheme:
        case "cloudflare":
            return Cloudflare({"ZONEID": name, "BEARER_TOKEN": token, **other})
        case "fastly":
            return Fastly({"SERVICE": name, "TOKEN": token, **other})
        case "varnish":
            return Varnish({"LOCATION": f"http://{name}"})
        case "cloudfront":
            try:
                return _cloudfront()({"DISTRIBUTION_ID": name})
            except ImportError as error:
                raise ImproperlyConfigured("OSTRIV_CDN=cloudfront://… needs the package boto3.") from error
    known = "cloudflare, fastly, varnish, cloudfront"
    raise ImproperlyConfigured(f"OSTRIV_CDN names no service that is known: “{parts.scheme}://…”. Known: {known}.")


def portions(tags: Sequence[str], size: int) -> Iterator[list[str]]:
    """These tags, ``size`` at a time."""
    for start in range(0, len(tags), size):
        yield list(tags[start : start + size])
