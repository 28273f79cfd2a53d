"""What the API shows of a fact-check, what it is found by, and its ClaimReview."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.contract import (
    DetailSerializer,
    KeyFilter,
    RichTextRepresentation,
    TeaserSerializer,
    serializes,
    structured_data,
)
from cms.contract import plugin_settings, slugify
from plugins.factcheck.models import FactCheckPage, FactCheckSource
from plugins.factcheck.plugin import FactCheckSettings
from plugins.factcheck.verdicts import BEST, VERDICTS, WORST

JsonLd = dict[str, Any]


class ClaimantShape(serializers.Serializer[Any]):
    """Who made a claim; ``?claimant=`` of lists takes the slug."""

    name = serializers.CharField()
    slug = serializers.CharField()
    type = serializers.ChoiceField(choices=FactCheckPage.Claimant.values)
    role = serializers.CharField()
    url = serializers.URLField(allow_blank=True, help_text="A page about them, or empty")


class ClaimShape(serializers.Serializer[Any]):
    """What was said."""

    text = serializers.CharField()
    claimant = ClaimantShape()
    said_on = serializers.DateField(allow_null=True)
    said_where = serializers.CharField()


class VerdictShape(serializers.Serializer[Any]):
    """What was found; null only in the preview of an unfinished draft. Verdicts such as “unproven” have no rating."""

    key = serializers.ChoiceField(choices=list(VERDICTS))
    label = serializers.CharField(help_text="In the language of the page")  # type: ignore[assignment]
    rating = serializers.IntegerField(allow_null=True, help_text=f"{WORST} (false) to {BEST} (true)")
    best = serializers.IntegerField()
    worst = serializers.IntegerField()


class FactCheckSourceShape(serializers.Serializer[Any]):
    """What the verdict rests on."""

    title = serializers.CharField()
    url = serializers.URLField(allow_blank=True)
    kind = serializers.ChoiceField(choices=FactCheckSource.Kind.values)
    archived_url = serializers.URLField(allow_blank=True)
    note = serializers.CharField()


class FactCheckTeaser(TeaserSerializer):
    """The common teaser with the claim and the verdict."""

    claim = serializers.SerializerMethodField()
    verdict = serializers.SerializerMethodField()

    @extend_schema_field(ClaimShape)
    def get_claim(self, page: FactCheckPage) -> dict[str, Any]:
        return claim_of(page)

    @extend_schema_field(VerdictShape(allow_null=True))
    def get_verdict(self, page: FactCheckPage) -> dict[str, Any] | None:
        return verdict_of(page)


class FactCheckDetail(DetailSerializer):
    """The common detail with the claim, the verdict and what it rests on."""

    claim = serializers.SerializerMethodField()
    verdict = serializers.SerializerMethodField()
    explanation = serializers.CharField()
    method = RichTextRepresentation(help_text="HTML")
    appearances = serializers.SerializerMethodField(help_text="Addresses where the claim can be seen")
    sources = FactCheckSourceShape(many=True)

    @extend_schema_field(ClaimShape)
    def get_claim(self, page: FactCheckPage) -> dict[str, Any]:
        return claim_of(page)

    @extend_schema_field(VerdictShape(allow_null=True))
    def get_verdict(self, page: FactCheckPage) -> dict[str, Any] | None:
        return verdict_of(page)

    def get_appearances(self, page: FactCheckPage) -> list[str]:
        return [appearance.url for appearance in page.appearances.all()]


serializes(FactCheckPage, teaser=FactCheckTeaser, detail=FactCheckDetail)


def claim_of(page: FactCheckPage) -> dict[str, Any]:
    """The claim as plain data."""
    return {
        "text": page.claim,
        "claimant": {
            "name": page.claimant,
            "slug": claimant_slug(page),
            "type": page.claimant_type,
            "role": page.claimant_role,
            "url": page.claimant_url,
        },
        "said_on": page.said_on.isoformat() if page.said_on else None,
        "said_where": page.said_where,
    }


def verdict_of(page: FactCheckPage) -> dict[str, Any] | None:
    """The verdict as plain data; None for a draft that has none yet."""
    verdict = VERDICTS.get(page.verdict)
    if verdict is None:
        return None
    label = verdict.label(page.locale.language_code)
    return {"key": verdict.key, "label": label, "rating": verdict.rating, "best": BEST, "worst": WORST}


def claimant_slug(page: FactCheckPage) -> str:
    """What ``?claimant=`` finds a fact-check by."""
    return slugify(page.claimant, page.locale.language_code) if page.claimant else ""


filters = [
    KeyFilter(
        name="verdict",
        model=FactCheckPage,
        of=lambda page: [page.verdict],
        choices=list(VERDICTS),
        description="Verdicts of fact-checks, comma-separated",
    ),
    KeyFilter(
        name="claimant",
        model=FactCheckPage,
        of=lambda page: [claimant_slug(page)],
        description="Slugs of those whose claims were checked (`claim.claimant.slug`), comma-separated",
    ),
]


@structured_data(FactCheckPage)
def claim_review(page: FactCheckPage, common: JsonLd) -> JsonLd:
    """The article and its review of the claim.

    https://schema.org/ClaimReview, https://developers.google.com/search/docs/appearance/structured-data/factcheck
    """
    if page.verdict not in VERDICTS:
        return common  # the preview of an unfinished draft
    article = {key: value for key, value in common.items() if key != "@context"}
    review = {
        "@type": "ClaimReview",
        "url": page.public_url,
        "datePublished": common["datePublished"],
        "inLanguage": common["inLanguage"],
        "author": _publisher(page) or common["author"] or _organization(page, settings.WAGTAIL_SITE_NAME),
        "claimReviewed": page.claim,
        "itemReviewed": _claim(page),
        "reviewRating": _rating(page),
    }
    return {"@context": "https://schema.org", "@graph": [article, review]}


def _publisher(page: FactCheckPage) -> JsonLd | None:
    name = plugin_settings(FactCheckSettings).publisher
    return _organization(page, name) if name else None


def _organization(page: FactCheckPage, name: str) -> JsonLd:
    return {"@type": "Organization", "name": name, "url": page.public_url.removesuffix(page.public_path)}


def _claim(page: FactCheckPage) -> JsonLd:
    is_person = page.claimant_type == FactCheckPage.Claimant.PERSON
    claimant = {"@type": "Person" if is_person else "Organization", "name": page.claimant}
    if page.claimant_role:
        claimant["jobTitle" if is_person else "description"] = page.claimant_role
    if page.claimant_url:
        claimant["sameAs"] = page.claimant_url
    claim: JsonLd = {"@type": "Claim", "text": page.claim, "author": claimant}
    if page.said_on:
        claim["datePublished"] = page.said_on.isoformat()
    if appearances := [{"@type": "CreativeWork", "url": each.url} for each in page.appearances.all()]:
        claim["appearance"] = appearances
    return claim


def _rating(page: FactCheckPage) -> JsonLd:
    """The words always; numbers only where the verdict lies between false and true."""
    verdict = VERDICTS[page.verdict]
    rating: JsonLd = {"@type": "Rating", "alternateName": verdict.label(page.locale.language_code)}
    if verdict.rating is not None:
        rating |= {"ratingValue": verdict.rating, "bestRating": BEST, "worstRating": WORST}
    if page.explanation:
        rating["ratingExplanation"] = page.explanation
    return rating
