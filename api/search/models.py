"""The tables that search reads. ``docs/search.md`` says how they work together."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F
from django.db.models.functions import Left

from api.publications.models import Publication


class SearchEntry(models.Model):
    """What one publication is found by. It goes with its publication: the database sees to it (migration 0006).

    ``vector`` holds every lexeme that a question may ask for (see ``api.search.lexemes``), without positions: it only
    says whether a page matches. ``head`` holds headline, lede and names with positions and weights, and what the body
    repeats: it is short enough to be ranked by, and stays in the row.
    """

    page = models.OneToOneField(
        Publication, models.DO_NOTHING, primary_key=True, related_name="search_entry", db_constraint=False
    )
    # What is looked at for every match stands first in the row.
    published_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    year = models.SmallIntegerField()
    #: Which rules its lexemes were made by: a worker makes those of older rules anew.
    rules = models.SmallIntegerField()
    listed = models.BooleanField()
    type = models.CharField(max_length=60)
    locale = models.CharField(max_length=20)
    section = models.CharField(max_length=200, blank=True)
    head = SearchVectorField()
    vector = SearchVectorField()

    class Meta:
        # No index by time: it would tempt the planner to walk through it and look into every vector on its way.
        indexes = [
            # What is pending in a GIN index is read by every search, several times: nothing is to be.
            GinIndex(fields=["vector"], name="search_vector", fastupdate=False),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.pk}"


class SearchWord(models.Model):
    """A word as it is written somewhere, for completions and for the mending of what is mistyped.

    ``weight`` is the binary logarithm of ``frequency``: it is indexed, and seldom changes. ``keys`` are the word with
    one letter left out, in every way: two words that differ by one letter share one.
    """

    locale = models.CharField(max_length=20)
    form = models.CharField(max_length=60, db_collation="C")
    frequency = models.IntegerField()
    weight = models.SmallIntegerField()
    keys = ArrayField(models.TextField())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["locale", "form"], name="search_word_once")]
        indexes = [
            models.Index("locale", Left("form", 2), F("weight").desc(), name="search_word_begins"),
            models.Index("locale", Left("form", 4), F("weight").desc(), name="search_word_begins_long"),
            GinIndex(fields=["keys"], name="search_word_keys"),
        ]

    def __str__(self) -> str:
        return self.form


class SearchUnread(models.Model):
    """A page whose words the vocabulary has not counted yet: written with its entry, taken away by the worker."""

    page_id = models.BigIntegerField(primary_key=True)

    def __str__(self) -> str:
        return str(self.page_id)


class SearchStruck(models.Model):
    """Words that a page had and has no longer: whether another has them, the worker will see.

    Written by the database, in the transaction that takes them away (migration 0013). It says which words of the
    vocabulary, and not what they are: what a page no longer says is to stand nowhere.
    """

    words = ArrayField(models.BigIntegerField())

    def __str__(self) -> str:
        return f"{len(self.words)} words"


class SearchSpan(models.Model):
    """How much a language published in which month, as ``[[202601, 4012], ...]``, the newest first.

    A question begins with the newest pages, and goes on with so many older ones as it takes: this says how far that is.
    """

    locale = models.CharField(max_length=20, primary_key=True)
    months = models.JSONField()

    def __str__(self) -> str:
        return self.locale
