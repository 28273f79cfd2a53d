from django.http import HttpRequest, HttpResponse
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.views import APIView

from api.contract import KeyFilter, published_details, respond
from ostriv_kitchen.models import RecipePage

filters = [
    KeyFilter(
        name="diet",
        model=RecipePage,
        of=lambda page: [page.diet],
        choices=["meat", "vegan"],
        description="For whom the recipe is",
    )
]


class ShoppingList(serializers.Serializer):
    ingredients = serializers.ListField(child=serializers.CharField())


class Shopping(APIView):
    """What all published recipes need."""

    @extend_schema(operation_id="kitchen_shopping", responses=ShoppingList)
    def get(self, request: HttpRequest) -> HttpResponse:
        recipes = published_details(type="recipe")
        names = {each["name"] for recipe in recipes for each in recipe.detail["ingredients"]}
        return respond(request, {"ingredients": sorted(names)}, tags=["content"])


urlpatterns = [path("shopping/", Shopping.as_view(), name="shopping")]
