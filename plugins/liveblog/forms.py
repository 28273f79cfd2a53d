"""The forms of the live desk."""

import re
import uuid
from datetime import UTC, datetime, timedelta
from html import escape, unescape
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateTimeInput

from cms.contract import Author
from plugins.liveblog.models import Coverage, LiveBlogPage, LiveEntry

_PARAGRAPH = re.compile(r"</(?:p|ul|ol)>\s*")
_LINE = re.compile(r"<br ?/?>|</li>\s*")


def to_plain(html: str) -> str:
    """Rich text as plain text: an empty line between paragraphs."""
    text = unescape(strip_tags(_LINE.sub("\n", _PARAGRAPH.sub("\n\n", html))))
    return "\n".join(line.strip() for line in text.splitlines()).strip()


def from_plain(text: str) -> str:
    """Plain text as rich text."""
    paragraphs = [each.strip() for each in re.split(r"\n\s*\n", "\n".join(text.splitlines())) if each.strip()]
    return "".join(f"<p>{escape(each, quote=False).replace(chr(10), '<br/>')}</p>" for each in paragraphs)


class MomentField(forms.DateTimeField):
    """A time shown to the minute. Sent back as it was shown, it is the stored one with its seconds and its hour.

    Where clocks go back a time of day comes twice: whoever types one means the first. Where they go forward, some
    never come.
    """

    widget = AdminDateTimeInput
    default_error_messages = {"skipped": _("The clocks went forward over this time: it never was.")}
    stored: datetime | None = None

    def to_python(self, value: Any) -> datetime | None:
        if self.stored and value == self.widget.format_value(self.prepare_value(self.stored)):
            return self.stored
        try:
            moment: datetime | None = super().to_python(value)
        except ValidationError as error:
            if error.code != "ambiguous_timezone" or not error.params:
                raise
            moment = self._first(error.params["datetime"])
        return moment

    def _first(self, typed: datetime) -> datetime:
        moment = timezone.make_aware(typed)
        if timezone.make_naive(moment.astimezone(UTC)) != typed:
            raise ValidationError(self.error_messages["skipped"], code="skipped")
        return moment


class _TextForm(WagtailAdminModelForm):
    """A form with one rich text. Where no script runs, a plain field stands in for the editor that needs one."""

    rich = ""

    plain = forms.CharField(
        label=_("text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("An empty line begins a new paragraph. A text changed here loses its bold words and links."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored: str = getattr(self.instance, self.rich)
        self.fields["plain"].initial = to_plain(self.stored)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if "plain" in self.data:
            written = "\n".join(cleaned.get("plain", "").splitlines()).strip()
            cleaned[self.rich] = self.stored if written == to_plain(self.stored) else from_plain(written)
        if not to_plain(cleaned.get(self.rich) or ""):
            cleaned[self.rich] = ""
        return cleaned


class EntryForm(_TextForm):
    """An entry, new or posted before. ``edition`` is the one that the editor has opened.

    ``name`` becomes the id of a new entry: a form that is sent twice is known by it.
    """

    rich = "text"

    name = forms.UUIDField(required=False, initial=uuid.uuid4, widget=forms.HiddenInput)
    edition = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = LiveEntry
        fields = ["headline", "text", "author", "shown_at", "image", "image_credit", "pinned", "key"]
        field_classes = {"shown_at": MomentField}
        # A list of names is quicker than a chooser, and needs no script.
        widgets = {"author": forms.Select, "shown_at": AdminDateTimeInput}

    def __init__(self, *args: Any, page: LiveBlogPage, author: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_new = self.instance._state.adding
        authors = Author.objects.filter(Q(locale_id=page.locale_id) | Q(pk=self.instance.author_id))
        self.fields["author"].queryset = authors.order_by("name")
        self.fields["shown_at"].required = False
        self.fields["edition"].initial = self.instance.edition
        if self.is_new:
            self.initial.update(shown_at=None, author=author)
            self.fields["shown_at"].help_text = _("When it happened. Left empty, it is the moment of posting.")
        else:
            self.fields["shown_at"].stored = self.instance.shown_at
            # Buttons of the entry: a form that was opened a while ago must not undo what they did.
            del self.fields["pinned"], self.fields["key"]

    def clean_shown_at(self) -> datetime:
        """Left empty, a new entry is of now, and an old one keeps its time."""
        shown_at: datetime | None = self.cleaned_data["shown_at"]
        stored = self.fields["shown_at"].stored
        if shown_at is None:
            return stored or timezone.now()
        if shown_at != stored and shown_at > timezone.now() + timedelta(minutes=5):
            raise ValidationError(_("This time is still to come."))
        return shown_at

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not (cleaned.get("headline") or cleaned.get("text") or cleaned.get("image")):
            raise ValidationError(_("An entry needs a text, a headline or an image."))
        return cleaned


class SummaryForm(_TextForm):
    """The closing summary. ``before`` is what the editor has opened."""

    rich = "summary"

    before = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)

    class Meta:
        model = Coverage
        fields = ["summary"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["before"].initial = self.stored
