"""What a plugin adds to the admin's menu."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class MenuItem:
    """One line of the admin's menu, listed in ``menu_items`` of a plugin's ``admin.py``.

    ``url_name`` names an address of the plugin's own ``admin.py`` (its ``urlpatterns``), without a namespace.
    ``permission`` (``"<label>.codename"``) hides it from those who don't have it; empty, every editor sees it.
    ``icon`` is one of Wagtail's.
    """

    label: Any
    url_name: str
    icon: str = "cogs"
    order: int = 1000
    permission: str = ""
