"""The next events in a text or a newsletter."""

from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from wagtail import blocks as wagtail_blocks

from api.contract import absolute_url
from cms.contract import MailPart, PluginBlock
from plugins.events.agenda import agenda

MOST = 20


class UpcomingEventsBlock(wagtail_blocks.StructBlock):
    """The next events at the moment when somebody looks."""

    heading = wagtail_blocks.CharBlock(label=_("Heading"), required=False, max_length=160)
    limit = wagtail_blocks.IntegerBlock(label=_("How many"), default=5, min_value=1, max_value=MOST)

    class Meta:
        icon = "date"
        label = _("Coming events")


class UpcomingEventsValue(serializers.Serializer[Any]):
    """The list itself is asked for when the block is shown."""

    heading = serializers.CharField()
    limit = serializers.IntegerField(min_value=1, max_value=MOST, help_text="How many events to show")
    list_url = serializers.URLField(help_text="Where to ask for them; add your `locale`")


def _api(value: Any) -> dict[str, Any]:
    """Where to ask: a list stored with the text would be old tomorrow. The reader's frontend adds its ``locale``."""
    address = absolute_url(f"/api/v1/x/events/upcoming/?{urlencode({'page_size': value['limit']})}")
    return {"heading": value["heading"], "limit": value["limit"], "list_url": address}


def _mail(value: Any, language: str) -> MailPart | None:
    """The events that come next when the message is made."""
    found = agenda(locale=language, size=value["limit"])
    if not found.teasers:
        return None
    return MailPart(heading=value["heading"], page_ids=tuple(teaser["id"] for teaser in found.teasers))


# No HTML for a campaign's built page: nothing would build it anew when an event has passed.
blocks = [
    PluginBlock(
        name="events_upcoming",
        block=UpcomingEventsBlock(),
        places=("body", "edition"),
        api=_api,
        schema=UpcomingEventsValue,
        mail=_mail,
    )
]
