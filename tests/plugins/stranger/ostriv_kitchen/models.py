"""Recipes with their ingredients, and the cooks that send them."""

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable

from cms.contract import APIField, ContentPage


class RecipePage(ContentPage):
    """A recipe."""

    minutes = models.PositiveIntegerField(default=30)
    diet = models.CharField(max_length=20, choices=[("meat", "meat"), ("vegan", "vegan")], default="meat")
    cooked = models.IntegerField(default=0, editable=False)

    content_panels = [
        *ContentPage.content_panels,
        FieldPanel("minutes"),
        FieldPanel("diet"),
        InlinePanel("ingredients", label="ingredient", min_num=1),
    ]
    api_fields = [APIField("minutes"), APIField("diet"), APIField("ingredients")]

    class Meta:
        verbose_name = "recipe"
        permissions = [("taste_recipe", "Can taste recipes")]
        constraints = [models.CheckConstraint(condition=models.Q(minutes__gt=0), name="kitchen_takes_time")]


class Ingredient(Orderable):
    """One line of a recipe."""

    page = ParentalKey(RecipePage, on_delete=models.CASCADE, related_name="ingredients")
    name = models.CharField(max_length=100, db_index=True)
    amount = models.CharField(max_length=50, blank=True)

    panels = [FieldPanel("name"), FieldPanel("amount")]
    api_fields = [APIField("name"), APIField("amount")]

    def __str__(self) -> str:
        return self.name


class Tasting(models.Model):
    """Who has tasted what: rows that belong to no form."""

    page = models.ForeignKey(RecipePage, on_delete=models.CASCADE, related_name="tastings")
    event = models.CharField(max_length=50)

    def __str__(self) -> str:
        return self.event
