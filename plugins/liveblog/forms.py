"""The forms of the live desk."""

import re
from datetime import datetime, timedelta
from html import escape, unescape
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

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
    """An entry, new or posted before. ``edition`` is the one that the editor has opened."""

    rich = "text"

    edition = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = LiveEntry
        fields = ["headline", "text", "author", "shown_at", "image", "image_credit", "pinned", "key"]
        widgets = {"author": forms.Select}  # quicker than a chooser, and needs no script

    def __init__(self, *args: Any, page: LiveBlogPage, author: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_new = self.instance._state.adding
        self.posted_at = None if self.is_new else self.instance.shown_at
        authors = Author.objects.filter(Q(locale_id=page.locale_id) | Q(pk=self.instance.author_id))
        self.fields["author"].queryset = authors.order_by("name")
        self.fields["shown_at"].required = False
        self.fields["edition"].initial = self.instance.edition
        if self.is_new:
            self.initial.update(shown_at=None, author=author)
            self.fields["shown_at"].help_text = _("When it happened. Left empty, it is the moment of posting.")
        else:
            # Buttons of the entry: a form that was opened a while ago must not undo what they did.
            del self.fields["pinned"], self.fields["key"]

    def clean_shown_at(self) -> datetime:
        """The field shows no seconds: those of the entry stay, and with them its place among the others."""
        shown_at: datetime | None = self.cleaned_data["shown_at"]
        if shown_at is None:
            return self.posted_at or timezone.now()
        if self.posted_at and shown_at == self.posted_at.replace(second=0, microsecond=0):
            return self.posted_at
        if shown_at > timezone.now() + timedelta(minutes=5):
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
