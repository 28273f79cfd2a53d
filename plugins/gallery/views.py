"""The screen on which an editor drops many photos at once onto a photo report."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.forms.collections import CollectionChoiceField
from wagtail.images.utils import get_accept_attributes
from wagtail.models import Collection
from wagtail.permissions import policy_registry

from cms.contract import NewsroomImage, plugin_settings
from plugins.gallery import uploading
from plugins.gallery.models import GalleryPage, Photo
from plugins.gallery.plugin import GallerySettings
from plugins.gallery.uploading import RefusedError


def _image_policy() -> Any:
    return policy_registry.get_by_type(NewsroomImage)


class UploadForm(forms.Form):
    """Where the files go and in which order; the files themselves are looked at one by one."""

    collection = CollectionChoiceField(label=_("Collection"), queryset=Collection.objects.none(), empty_label=None)
    order = forms.ChoiceField(
        label=_("Order"),
        choices=[("name", _("by the names of the files")), ("time", _("by the time at which they were taken"))],
        initial="name",
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        collections = _image_policy().collections_user_has_permission_for(user, "add")
        self.only_collection = collections[0] if len(collections) == 1 else None
        if self.only_collection:
            del self.fields["collection"]
        else:
            self.fields["collection"].queryset = collections

    @property
    def target(self) -> Collection:
        return self.only_collection or self.cleaned_data["collection"]


def upload(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show the form; on POST make photos of the files. A script sends them one by one and asks for JSON."""
    page = get_object_or_404(GalleryPage, pk=page_id)
    may_add = _image_policy().user_has_permission(request.user, "add")
    if not may_add or not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    form = UploadForm(request.POST or None, user=request.user)
    result = _Result()
    if request.method == "POST":
        _take(request, page, form, result)
        if request.headers.get("Accept") == "application/json":
            return JsonResponse(result.as_json())
        if result.photos:
            messages.success(request, _taken(len(result.photos)))
        if not result.problems:
            return redirect(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    return TemplateResponse(request, "gallery/upload.html", _context(page, form, result))


#: Each file is a transaction of its own, and the page's row is held only while its new draft is written: an upload
#: of a hundred files keeps no other editor waiting, and what is in the library stays when something fails after it.
upload.manages_transactions = True  # type: ignore[attr-defined]


class _Result:
    """What became of the files."""

    def __init__(self) -> None:
        self.photos: list[Photo] = []
        self.problems: list[dict[str, str]] = []
        self.appended: uploading.Appended | None = None

    def refuse(self, name: str, reason: object) -> None:
        self.problems.append({"name": name, "problem": str(reason)})

    def as_json(self) -> dict[str, Any]:
        return {
            "images": [photo.image_id for photo in self.photos],
            "problems": self.problems,
            "revision": self.appended.revision.pk if self.appended else None,
            "total": self.appended.total if self.appended else None,
        }


def _take(request: HttpRequest, page: GalleryPage, form: UploadForm, result: _Result) -> None:
    files = uploading.by_name(request.FILES.getlist("files"))
    if not files:
        result.refuse("", _("No file has arrived. Choose the photos, and send them."))
        return
    if not form.is_valid():
        result.refuse("", " ".join(str(error) for errors in form.errors.values() for error in errors))
        return
    try:
        uploading.may_edit(page, request.user)
        draft = uploading.draft_of(page)
        uploading.room_for(len(files), draft.photos.count())
    except RefusedError as refusal:
        result.refuse("", refusal)
        return
    known = uploading.hashes(draft)
    photos: list[Photo] = []
    for file in files:
        try:
            photo = uploading.keep(file, collection=form.target, user=request.user, known=known)
        except RefusedError as refusal:
            result.refuse(file.name or "", refusal)
        else:
            known.add(photo.image.file_hash)
            photos.append(photo)
    if photos:
        _append(request, page, form, photos, result)


def _append(request: HttpRequest, page: GalleryPage, form: UploadForm, photos: list[Photo], result: _Result) -> None:
    try:
        result.appended = uploading.append(
            page.pk,
            photos,
            user=request.user,
            by_time=form.cleaned_data["order"] == "time",
            together_with=_numbers(request.POST.getlist("together_with")),
            revision_id=next(iter(_numbers([request.POST.get("revision", "")])), None),
        )
        result.photos = photos
    except RefusedError as refusal:  # it has been locked, or filled, since
        result.refuse("", _("The photos are in the library, but not in the report. %s") % refusal)


def _numbers(texts: list[str]) -> set[int]:
    return {int(text) for text in texts[:1000] if text.isascii() and text.isdigit() and len(text) < 16}


def _taken(number: int) -> str:
    return ngettext(
        "%(number)d photo is in the draft. Nothing is published yet.",
        "%(number)d photos are in the draft. Nothing is published yet.",
        number,
    ) % {"number": number}


def _context(page: GalleryPage, form: UploadForm, result: _Result) -> dict[str, Any]:
    settings = plugin_settings(GallerySettings)
    return {
        "page": page,
        "form": form,
        "problems": result.problems,
        "there": uploading.draft_of(page).photos.count(),
        "limit": settings.max_photos,
        "megabytes": settings.max_upload,
        "accept": get_accept_attributes(),
        "edit_url": reverse("wagtailadmin_pages:edit", args=[page.pk]),
    }
