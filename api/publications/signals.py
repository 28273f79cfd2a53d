"""Keeps publications in step with pages, in the transaction of each change."""

from typing import Any

from django.db.models.signals import post_delete, post_save, pre_delete
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from api.publications import changes, images, writer
from cms.content.models import Author, ContentPage, NewsroomImage, NewsroomSettings, TeaserPage
from cms.content.signals import pages_changed
from cms.registry.claims import claimed
from cms.registry.states import is_active, plugin_switched


def connect() -> None:
    """Called once, when the app is ready."""
    page_published.connect(_published, dispatch_uid="api.published")
    page_unpublished.connect(_unpublished, dispatch_uid="api.unpublished")
    post_page_move.connect(_moved, dispatch_uid="api.moved")
    page_slug_changed.connect(_moved, dispatch_uid="api.slug")
    post_save.connect(_alias_converted, dispatch_uid="api.alias")
    pages_changed.connect(_changed_in_bulk, dispatch_uid="api.bulk")
    pre_delete.connect(_hold, sender=ContentPage, dispatch_uid="api.hold")
    pre_delete.connect(_remember_teasers, sender=ContentPage, dispatch_uid="api.before_delete")
    post_delete.connect(_deleted, sender=ContentPage, dispatch_uid="api.deleted")
    for signal in (post_save, post_delete):
        signal.connect(_privacy_changed, sender=PageViewRestriction, dispatch_uid="api.privacy")
    plugin_switched.connect(_switched, dispatch_uid="api.switched")
    post_save.connect(_portrait_changed, sender=Author, dispatch_uid="api.portrait")
    post_save.connect(_logo_changed, sender=NewsroomSettings, dispatch_uid="api.logo")


def _published(instance: Page, **kwargs: Any) -> None:
    # Also sent for a page that is only scheduled: the writer looks at what is live. It reads the page anew, with all
    # that its documents show in a few statements; the instance would ask for each of its tags every time.
    writer.write(writer.load([instance.pk]))


def _unpublished(instance: Page, **kwargs: Any) -> None:
    writer.withdraw([instance.pk])


def _moved(instance: Page, **kwargs: Any) -> None:
    writer.tree_changed(instance)


def _alias_converted(instance: Any, update_fields: frozenset[str] | None = None, **kwargs: Any) -> None:
    # An alias that becomes a page of its own is live already; Wagtail sends no signal of its own for it.
    if update_fields and "alias_of_id" in update_fields and isinstance(instance, ContentPage):
        writer.write([instance])


def _changed_in_bulk(pages: list[Page], **kwargs: Any) -> None:
    writer.write(pages)


def _privacy_changed(instance: PageViewRestriction, **kwargs: Any) -> None:
    # After a page's own deletion there is nothing below it left to change.
    if page := Page.objects.filter(pk=instance.page_id).first():
        writer.privacy_changed(page)


def _hold(instance: ContentPage, **kwargs: Any) -> None:
    # Whoever rewrites it now has ended then, and nobody else begins: its publication would stand in the way.
    Page.objects.select_for_update().filter(pk=instance.pk).values_list("pk").first()
    writer.withdraw([instance.pk])


def _remember_teasers(instance: ContentPage, **kwargs: Any) -> None:
    instance._teasers_of_deleted = list(TeaserPage.objects.filter(target_page=instance).values_list("pk", flat=True))


def _deleted(instance: ContentPage, **kwargs: Any) -> None:
    if ids := getattr(instance, "_teasers_of_deleted", []):
        writer.rewrite(ids)


def _switched(label: str, **kwargs: Any) -> None:
    types = [name for name, owner in claimed("content type").items() if owner == label]
    changes.follow_switch(types, hidden=not is_active(label))


def _portrait_changed(instance: Author, **kwargs: Any) -> None:
    _make_renditions(instance.photo)


def _logo_changed(instance: NewsroomSettings, **kwargs: Any) -> None:
    _make_renditions(instance.logo)


def _make_renditions(image: NewsroomImage | None) -> None:
    # Of a picture that came by an import nothing may be made yet, and what shows it is no publication.
    with images.making():
        images.describe(image)
