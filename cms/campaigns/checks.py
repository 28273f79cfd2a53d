"""What must hold at start: every plugin's gateways load, and no two claim one label."""

from typing import Any

from django.core import checks


def register_checks() -> None:
    checks.register(gateways_load, "campaigns")


def gateways_load(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    from cms.campaigns.gateways import GatewayError, all_gateways

    try:
        all_gateways()
    except GatewayError as error:
        return [checks.Error(str(error), id="campaigns.E001")]
    return []
