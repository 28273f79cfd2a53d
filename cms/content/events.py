"""Turns Wagtail's signals into outbox rows, so that workers learn of a change and no broker has to be up."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from wagtail.models import Page, PageViewRestriction, ReferenceIndex, Site
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from cms.content.models import (
    Author,
    ContentPage,
    FrontPage,
    NewsroomImage,
    NewsroomSettings,
    NewsroomText,
    Section,
    Tag,
)
from cms.content.outbox import record, record_many
from cms.content.signals import pages_changed
from cms.registry.states import plugin_switched

#: What every text says of the newsroom to search engines, by model.
_SHOWN_OF_NEWSROOM: dict[type[Model], tuple[str, ...]] = {
    NewsroomSettings: ("logo_id",),
    NewsroomText: ("name", "locale_id"),
    Site: ("site_name", "is_default_site"),
}


def connect() -> None:
    """Called once, when the app is ready."""
    page_published.connect(_published, dispatch_uid="content.published")
    page_unpublished.connect(_unpublished, dispatch_uid="content.unpublished")
    post_page_move.connect(_moved, dispatch_uid="content.moved")
    page_slug_changed.connect(_moved, dispatch_uid="content.slug")
    post_delete.connect(_deleted, dispatch_uid="content.deleted")
    pages_changed.connect(_imported, dispatch_uid="content.imported")
    for signal in (post_save, post_delete):
        signal.connect(_privacy_changed, sender=PageViewRestriction, dispatch_uid="content.privacy")
    post_save.connect(_image_changed, sender=NewsroomImage, dispatch_uid="image.changed")
    pre_delete.connect(_image_changed, sender=NewsroomImage, dispatch_uid="image.deleted")
    plugin_switched.connect(_switched, dispatch_uid="plugin.switched")
    for model in (Section, Author, Tag):
        pre_save.connect(_remember_name, sender=model, dispatch_uid=f"{model.__name__}.before")
        post_save.connect(_renamed, sender=model, dispatch_uid=f"{model.__name__}.renamed")
    for model in _SHOWN_OF_NEWSROOM:
        pre_save.connect(_remember_newsroom, sender=model, dispatch_uid=f"{model.__name__}.before")
        for signal in (post_save, post_delete):
            signal.connect(_newsroom_changed, sender=model, dispatch_uid=f"{model.__name__}.shown")


def _is_public(page: Page) -> bool:
    return isinstance(page, ContentPage | FrontPage)


def _payload(page: Page) -> dict[str, object]:
    return {"page": page.pk, "model": page._meta.label_lower, "path": page.url_path}


def _published(instance: Page, **kwargs: Any) -> None:
    # Wagtail also sends this for a page that is only scheduled.
    if _is_public(instance) and instance.live:
        record("content.published", **_payload(instance))


def _unpublished(instance: Page, **kwargs: Any) -> None:
    if _is_public(instance.specific):
        record("content.unpublished", **_payload(instance.specific))


def _moved(instance: Page, **kwargs: Any) -> None:
    record("content.moved", **_payload(instance.specific), old_path=kwargs.get("url_path_before", ""))


def _deleted(instance: Any, sender: type, **kwargs: Any) -> None:
    if isinstance(instance, ContentPage | FrontPage) and sender in (ContentPage, FrontPage):
        record("content.deleted", page=instance.pk, path=instance.url_path)


def _imported(pages: list[Page], **kwargs: Any) -> None:
    # An import writes half a million of them: a donation that is settled meanwhile must not stand behind.
    record_many((("content.published", _payload(page)) for page in pages if page.live), bulk=True)


def _privacy_changed(instance: PageViewRestriction, **kwargs: Any) -> None:
    record("content.privacy", page=instance.page_id)


def _switched(label: str, **kwargs: Any) -> None:
    record("plugin.switched", label=label)


def _remember_name(instance: Section | Author | Tag, **kwargs: Any) -> None:
    before = type(instance).objects.filter(pk=instance.pk).values_list("name", "slug").first() if instance.pk else None
    instance._name_before = before


def _renamed(instance: Section | Author | Tag, created: bool, **kwargs: Any) -> None:
    if not created and instance._name_before != (instance.name, instance.slug):
        kind = instance._meta.model_name
        record(f"{kind}.renamed", kind=kind, id=instance.pk)


def _remember_newsroom(instance: Any, sender: type[Model], **kwargs: Any) -> None:
    shown = _SHOWN_OF_NEWSROOM[sender]
    instance._shown_before = sender._default_manager.filter(pk=instance.pk).values_list(*shown).first()


def _newsroom_changed(instance: Any, sender: type[Model], **kwargs: Any) -> None:
    shown = tuple(getattr(instance, name) for name in _SHOWN_OF_NEWSROOM[sender])
    if "created" not in kwargs or shown != instance._shown_before:
        record("newsroom.changed")


def _image_changed(instance: NewsroomImage, created: bool = False, **kwargs: Any) -> None:
    if created:
        record("image.added", image=instance.pk)
    else:
        image_changed(instance)


def image_changed(image: NewsroomImage, *, bulk: bool = False) -> None:
    """Say that a picture is shown otherwise from now on, or not at all."""
    # The pages are noted now: after a deletion nothing says any more where the image was.
    # Also without a page that shows it: what a plugin keeps beside its pages may.
    record_many([("image.changed", {"image": image.pk, "pages": _pages_that_show(image)})], bulk=bulk)


def _pages_that_show(image: NewsroomImage) -> list[int]:
    """Ids of pages with this image as their own, in their text or in a slot of the front page."""
    found = ReferenceIndex.get_references_to(image).filter(base_content_type=ContentType.objects.get_for_model(Page))
    ids = {int(pk) for pk in found.values_list("object_id", flat=True)}
    # What was written in bulk may not be in the index of references.
    ids.update(ContentPage.objects.filter(image=image).values_list("pk", flat=True))
    return sorted(ids)
