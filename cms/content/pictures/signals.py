"""Keeps renditions in step with pictures."""

from typing import Any

from django.db.models.signals import post_delete, post_save

from cms.content.models import NewsroomImage, NewsroomRendition
from cms.content.pictures import renditions


def connect() -> None:
    """Called once, when the app is ready."""
    post_save.connect(_added, sender=NewsroomImage, dispatch_uid="pictures.added")
    post_delete.connect(_lost, sender=NewsroomRendition, dispatch_uid="pictures.lost")


def _added(instance: NewsroomImage, created: bool, raw: bool = False, **kwargs: Any) -> None:
    if created and not raw:
        renditions.make_first(instance, getattr(instance, "developed", None))


def _lost(instance: NewsroomRendition, **kwargs: Any) -> None:
    # Wagtail has a command that deletes them all.
    if instance.filter_spec in renditions.SPECS.values():
        NewsroomImage.objects.filter(pk=instance.image_id, renditions_version__gt=0).update(renditions_version=0)
