"""What an ``Accept`` header changes: nothing, where there is one form of an answer.

RFC 9110, 12.5.1 lets a server answer as it can instead of refusing. So whoever asks gets the same bytes, and caches
in front of the API may answer without looking at the header.
"""

from collections.abc import Iterable
from typing import Any

from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class Offered(DefaultContentNegotiation):
    """The form that there is; among several the one that is asked for, else the first."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderers = list(renderers)
        first = renderers[0]
        # Parameters such as `indent=8` would be obeyed too, and make another document of it.
        offered = (first, str(first.media_type))
        if len(renderers) == 1:
            return offered
        try:
            chosen: Any = super().select_renderer(request, renderers, format_suffix)
        except (NotAcceptable, ValueError, LookupError):  # not to be had, or not to be read
            return offered
        renderer: BaseRenderer = chosen[0]
        return renderer, str(renderer.media_type)
