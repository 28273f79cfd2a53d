"""What plugins make of their blocks and of their types' teasers for a mail.

What fails is noted and left out, or is the core's; the mail goes out.
"""

import copy
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings

from cms.content.types import content_types
from cms.newsletters.plugging import MailTeaser
from cms.newsletters.rendering.richtext import mail_html
from cms.registry import faults
from cms.registry.blocks import MailPart, plugin_blocks
from cms.registry.claims import claim
from cms.registry.discovery import PluginError
from cms.registry.owners import owner_of

Teaser = dict[str, Any]
TeaserMaker = Callable[[Teaser, str], MailTeaser]


def block_in_mail(kind: str, value: Any, language: str) -> MailPart | None:
    """A plugin's block with its HTML cleaned; None if it has no form in mail, makes nothing, fails or doesn't run."""
    owned = plugin_blocks().get(kind)
    if owned is None or owned.declared.mail is None:
        return None
    return faults.call(owned.owner, f"mail of block {kind}", _part, owned.declared.mail, value, language)


def teaser_in_mail(teaser: Teaser, language: str) -> MailTeaser | None:
    """The teaser of content as its plugin wants it in mail; None where the core's own is to be used."""
    owner, make = teaser_makers().get(teaser["type"], ("", None))
    if make is None:
        return None
    return faults.call(owner, f"newsletter teaser of {teaser['type']}", _teaser, make, copy.deepcopy(teaser), language)


@cache
def teaser_makers() -> dict[str, tuple[str, TeaserMaker]]:
    """The plugin and its function for each type that has teasers of its own. Raises PluginError."""
    makers: dict[str, tuple[str, TeaserMaker]] = {}
    for plugin in settings.OSTRIV_PLUGINS:
        for kind, make in getattr(plugin.submodule("newsletters"), "teasers", {}).items():
            model = content_types().get(kind)
            if model is None or owner_of(model) != plugin.label:
                raise PluginError(
                    f"Plugin {plugin.label!r} has newsletter teasers for {kind!r}, which is no type of it."
                )
            claim("newsletter teaser", kind, plugin.label, by=make.__qualname__)
            makers[kind] = (plugin.label, make)
    return makers


def owner_of_type(name: Any) -> str:
    """The label of the plugin that content of this type belongs to; empty for the core's."""
    model = content_types().get(name)
    return owner_of(model) if model else ""


def _part(make: Callable[[Any, str], MailPart | None], value: Any, language: str) -> MailPart | None:
    part = make(value, language)
    if part is None:
        return None
    _expect(part, MailPart)
    ids = tuple(int(pk) for pk in part.page_ids)
    return MailPart(heading=str(part.heading), html=mail_html(str(part.html)), page_ids=ids)


def _teaser(make: TeaserMaker, teaser: Teaser, language: str) -> MailTeaser:
    made = make(teaser, language)
    _expect(made, MailTeaser)
    if not made.url.startswith(("https://", "http://")):
        raise ValueError(f"A teaser in mail must open an address that begins with https://, not {made.url!r}.")
    return MailTeaser(headline=str(made.headline), lede=str(made.lede), url=made.url, note=str(made.note))


def _expect(made: object, kind: type) -> None:
    if not isinstance(made, kind):
        raise TypeError(f"It must return a {kind.__name__}, and returned {made!r}.")
