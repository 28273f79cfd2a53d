"""What is still to be purged: a place in the log of changes, and the tags that were raised by other tables."""

from django.db import models
from django.utils import timezone


class RaisedTags(models.Model):
    """Tags (space-separated) that ended with a change of a table beside the pages. Written by the database itself."""

    tags = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.tags


class PurgeState(models.Model):
    """How far the CDN was told: a place in the log of changes. There is one row."""

    position = models.BigIntegerField(default=0)
    mark = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    last_error = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"up to {self.position}"
