"""What a plugin may import from the read side."""

from api import parameters
from api.addresses import absolute_url
from api.http import respond, respond_with
from api.problems import Conflict, Problem, Unavailable
from api.publications.blocks import reference, renders
from api.publications.details import filled_draft as filled
from api.publications.filters import KeyFilter, MomentFilter
from api.publications.published import Published, is_published, published, published_details, published_teasers
from api.serializers.content import DetailSerializer, RichTextRepresentation, TeaserSerializer
from api.serializers.content import register as serializes
from api.serializers.json_ld import structured_data
from api.serializers.shapes import ImageShape
from api.times import utc
from cms.registry.clients import network_of

__all__ = [
    "Conflict",
    "DetailSerializer",
    "ImageShape",
    "KeyFilter",
    "MomentFilter",
    "Problem",
    "Published",
    "RichTextRepresentation",
    "TeaserSerializer",
    "Unavailable",
    "absolute_url",
    "filled",
    "is_published",
    "network_of",
    "parameters",
    "published",
    "published_details",
    "published_teasers",
    "reference",
    "renders",
    "respond",
    "respond_with",
    "serializes",
    "structured_data",
    "utc",
]
