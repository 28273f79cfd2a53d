"""Limits on what strangers can send."""

import logging
from typing import cast

from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView

from cms.registry.clients import network_of

logger = logging.getLogger(__name__)


class ClientThrottle(AnonRateThrottle):
    """So many requests a client. A subclass names its ``scope``, whose rate is in the settings.

    The counts are in Redis. While that is down nothing is counted and nobody is refused: a donor must not be sent
    away because of us.
    """

    def get_rate(self) -> str | None:
        return cast("str | None", api_settings.DEFAULT_THROTTLE_RATES.get(str(self.scope)))

    def get_ident(self, request: Request) -> str:
        return network_of(super().get_ident(request) or "")

    def allow_request(self, request: Request, view: APIView) -> bool:
        try:
            return super().allow_request(request, view)
        except RedisError as error:
            logger.warning("Redis can't be reached; requests are not counted: %s", error)
            return True
