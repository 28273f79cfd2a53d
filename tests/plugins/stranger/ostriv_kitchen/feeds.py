from django.http import HttpRequest, HttpResponse
from django.urls import path

from api.contract import published_details, respond_with


def menu(request: HttpRequest) -> HttpResponse:
    """The headlines of all recipes, one a line."""
    lines = "\n".join(recipe.teaser["headline"] for recipe in published_details(type="recipe"))
    return respond_with(request, lines.encode(), "text/plain; charset=utf-8", tags=["content"])


urlpatterns = [path("menu.txt", menu, name="menu")]
