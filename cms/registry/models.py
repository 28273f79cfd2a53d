"""What the newsroom has decided about each plugin, and what went wrong in it."""

from django.db import models
from django.utils import timezone


class PluginState(models.Model):
    """The state of one plugin. One that has no row yet is active, with the settings that it came with."""

    label = models.CharField(max_length=100, unique=True)
    active = models.BooleanField(default=True)
    #: Its hooks are not run since then: too many of them failed.
    rested_at = models.DateTimeField(null=True)
    #: Faults from before then count no more: somebody has looked.
    looked_at = models.DateTimeField(null=True)
    settings = models.JSONField(default=dict)
    #: What it declared when it was loaded last, by kind: how its blocks are known once it is gone.
    declares = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.label


class PluginFault(models.Model):
    """One exception that a plugin raised, and the hook that it raised it in."""

    label = models.CharField(max_length=100)
    hook = models.CharField(max_length=200)
    error = models.CharField(max_length=500)
    traceback = models.TextField(blank=True)
    happened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["label", "-happened_at"], name="fault_newest")]

    def __str__(self) -> str:
        return f"{self.label}: {self.error}"
