"""What a plugin may import from the read side."""

from api.problems import Conflict, Problem, Unavailable
from api.publications.blocks import reference, renders
from api.serializers.content import DetailSerializer, RichTextRepresentation, TeaserSerializer
from api.serializers.content import register as serializes
from api.serializers.shapes import ImageShape

__all__ = [
    "Conflict",
    "DetailSerializer",
    "ImageShape",
    "Problem",
    "RichTextRepresentation",
    "TeaserSerializer",
    "Unavailable",
    "reference",
    "renders",
    "serializes",
]
