"""How a campaign's own fields look in its public document."""

from typing import Any

from rest_framework import serializers


class GoalShape(serializers.Serializer[Any]):
    """Money: minor units and a currency."""

    amount = serializers.IntegerField(source="goal", help_text="Minor units")
    currency = serializers.CharField()
