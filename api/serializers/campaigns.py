"""The shapes of campaigns and donations, coming in and going out."""

import re
from typing import Any

from rest_framework import serializers

from api.parameters import LOCALES
from api.serializers import shapes
from api.serializers.fields import ConstField
from api.serializers.schema import detail_document_schema
from cms.campaigns.models import CampaignPage
from cms.campaigns.models.campaign import State
from cms.campaigns.money import Currency
from cms.campaigns.statuses import Status

_ADDRESS = re.compile(r"https?:|www\.|://", re.IGNORECASE)


class MoneyShape(serializers.Serializer[Any]):
    amount = serializers.IntegerField(help_text="Minor units")
    currency = serializers.ChoiceField(choices=Currency.values)


class ProgressShape(serializers.Serializer[Any]):
    campaign = serializers.CharField(help_text="Slug")
    currency = serializers.ChoiceField(choices=Currency.values)
    goal = serializers.IntegerField(min_value=0, help_text="Minor units")
    raised = serializers.IntegerField(help_text="Minor units; less than nothing if more was given back than came in")
    donors = serializers.IntegerField(min_value=0)
    percent = serializers.IntegerField(help_text="Rounded down; more than 100 where more than the goal was given")
    updated_at = serializers.DateTimeField()


class GatewayShape(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    name = serializers.CharField()


class CampaignShape(serializers.Serializer[Any]):
    """A campaign as lists show it."""

    id = serializers.IntegerField(min_value=1)
    type = ConstField("campaign")
    slug = serializers.CharField()
    locale = serializers.ChoiceField(choices=LOCALES)
    headline = serializers.CharField()
    lede = serializers.CharField()
    url = serializers.URLField(help_text="The donation page")
    image = shapes.ImageShape(allow_null=True)
    goal = MoneyShape()
    starts_at = serializers.DateTimeField(allow_null=True)
    ends_at = serializers.DateTimeField(allow_null=True)
    state = serializers.ChoiceField(choices=State.values)
    suggested_amounts = serializers.ListField(child=serializers.IntegerField(help_text="Minor units"))
    progress = ProgressShape()


class CampaignList(serializers.Serializer[Any]):
    results = CampaignShape(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


_Detail: Any = detail_document_schema(CampaignPage)


class CampaignDocument(_Detail):
    """The detail of a campaign, with its state and its progress."""

    state = serializers.ChoiceField(choices=State.values)
    progress = ProgressShape()
    gateways = GatewayShape(many=True)

    class Meta(_Detail.Meta):
        fields = [*_Detail.Meta.fields, "state", "progress", "gateways"]


class DonationRequest(serializers.Serializer[Any]):
    """A donation somebody wants to make."""

    amount = serializers.IntegerField(min_value=1, max_value=2**53, help_text="Minor units")
    currency = serializers.ChoiceField(choices=Currency.values, help_text="The campaign's")
    gateway = serializers.CharField(
        max_length=50,
        required=False,
        allow_blank=True,
        default="",
        help_text="The campaign's first one if not given",
    )
    name = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True, default="")
    message = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    anonymous = serializers.BooleanField(required=False, default=False, help_text="Not to be named on the page")
    return_url = serializers.CharField(
        max_length=2000,
        required=False,
        allow_blank=True,
        default="",
        help_text="Where the donor is sent after paying: the newsroom's own addresses only. The donation page if not "
        "given. `donation=<id>` is added to its query.",
    )

    def validate_name(self, name: str) -> str:
        # Names are shown on the page: it must not become a place for advertisements.
        if _ADDRESS.search(name):
            raise serializers.ValidationError("A name, please, without an address.")
        return " ".join(name.split())


class DonationForm(DonationRequest):
    """The form of a campaign's built page, sent by a browser without a script."""

    amount = serializers.IntegerField(min_value=1, max_value=2**53, required=False, help_text="Minor units")
    own_amount = serializers.CharField(
        max_length=50, required=False, help_text="In major units, as people write it; goes before `amount`"
    )
    locale = serializers.ChoiceField(choices=LOCALES, required=False, help_text="Of the pages that answer it")


class DonationAnswer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Status.values)
    checkout_url = serializers.URLField(help_text="Where the donor pays")


class DonationStatus(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Status.values)
    amount = serializers.IntegerField(help_text="Minor units")
    currency = serializers.ChoiceField(choices=Currency.values)
    campaign = serializers.CharField(allow_null=True, help_text="Slug of the campaign's page; null if none is public")


class WebhookAnswer(serializers.Serializer[Any]):
    """What became of a provider's report."""

    received = serializers.IntegerField(min_value=0, help_text="How many of its events were not known yet")
