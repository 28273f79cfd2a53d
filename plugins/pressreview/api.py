"""Press reviews as readers get them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.contract import DetailSerializer, KeyFilter, TeaserSerializer, serializes, structured_data
from plugins.pressreview.grouping import Group, grouped, key
from plugins.pressreview.models import CitedPiece, PressReviewPage

Json = dict[str, Any]
#: How many quotes a teaser brings along, and how long each of them is at most.
QUOTES, QUOTE_CHARACTERS = 5, 300


class QuoteShape(serializers.Serializer[Any]):
    """What a digest shows of a cited piece."""

    outlet = serializers.CharField()
    title = serializers.CharField()
    url = serializers.URLField()
    quote = serializers.CharField()


class GroupShape(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    pieces = serializers.ListField(child=serializers.IntegerField(), help_text="Places in `pieces`, from 0")


class OutletShape(GroupShape):
    outlet = serializers.CharField()
    slug = serializers.CharField(help_text="What the filter `outlet` takes")


class CountryShape(GroupShape):
    country = serializers.CharField(help_text="Empty for the pieces whose country is not known")
    slug = serializers.CharField(help_text="What the filter `country` takes")


class PressReviewTeaser(TeaserSerializer):
    """A teaser that says how much is cited, and brings the first quotes for a digest."""

    piece_count = serializers.SerializerMethodField()
    outlet_count = serializers.SerializerMethodField()
    quotes = serializers.SerializerMethodField(help_text="Of the first pieces that are quoted, at most 5")

    def get_piece_count(self, page: PressReviewPage) -> int:
        return page.pieces.count()

    def get_outlet_count(self, page: PressReviewPage) -> int:
        return len(_outlets(page))

    @extend_schema_field(QuoteShape(many=True))
    def get_quotes(self, page: PressReviewPage) -> list[Json]:
        return [
            {"outlet": piece.outlet, "title": piece.title, "url": piece.url, "quote": shortened(piece.quote)}
            for piece in page.pieces.all()
            if piece.quote.strip()
        ][:QUOTES]


class PressReviewDetail(DetailSerializer, PressReviewTeaser):
    """The detail with the pieces, and their places by outlet and by country."""

    by_outlet = serializers.SerializerMethodField(help_text="The most cited first")
    by_country = serializers.SerializerMethodField(help_text="The most cited first")

    @extend_schema_field(OutletShape(many=True))
    def get_by_outlet(self, page: PressReviewPage) -> list[Json]:
        return [_group("outlet", group) for group in _outlets(page)]

    @extend_schema_field(CountryShape(many=True))
    def get_by_country(self, page: PressReviewPage) -> list[Json]:
        return [_group("country", group) for group in grouped(piece.country for piece in page.pieces.all())]


serializes(PressReviewPage, teaser=PressReviewTeaser, detail=PressReviewDetail)


def shortened(quote: str) -> str:
    """The quote, cut at a word where it is too long for a teaser."""
    quote = quote.strip()
    return quote if len(quote) <= QUOTE_CHARACTERS else f"{quote[:QUOTE_CHARACTERS].rsplit(None, 1)[0]}…"


def _outlets(page: PressReviewPage) -> list[Group]:
    return grouped(piece.outlet for piece in page.pieces.all())


def _group(name: str, group: Group) -> Json:
    return {name: group.name, "slug": group.slug, "count": len(group.places), "pieces": group.places}


@structured_data(PressReviewPage)
def with_citations(page: PressReviewPage, common: Json) -> Json:
    """A NewsArticle with what it cites: https://schema.org/citation."""
    return {**common, "citation": [_citation(piece) for piece in page.pieces.all()]}


def _citation(piece: CitedPiece) -> Json:
    return {
        "@type": "Article",
        "headline": piece.title,
        "url": piece.url,
        "publisher": {"@type": "Organization", "name": piece.outlet},
        **({"archivedAt": piece.archive_url} if piece.archive_url else {}),
        **({"inLanguage": piece.language} if piece.language else {}),
        **({"datePublished": piece.published_on.isoformat()} if piece.published_on else {}),
    }


filters = [
    KeyFilter(
        name="outlet",
        model=PressReviewPage,
        of=lambda page: [key(piece.outlet) for piece in page.pieces.all() if key(piece.outlet)],
        description="Press reviews that cite one of these outlets, by the slugs that `by_outlet` has.",
    ),
    KeyFilter(
        name="country",
        model=PressReviewPage,
        of=lambda page: [key(piece.country) for piece in page.pieces.all() if key(piece.country)],
        description="Press reviews that cite pieces from one of these countries, by the slugs that `by_country` has.",
    ),
]
