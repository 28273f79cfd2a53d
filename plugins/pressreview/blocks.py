"""A digest of other media inside a text, a campaign's story or an edition."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from wagtail.blocks import CharBlock, ListBlock, PageChooserBlock, StructBlock, StructBlockValidationError, TextBlock
from wagtail.blocks import URLBlock as AddressBlock

from api.contract import published_teasers, reference
from cms.contract import MailPart, PluginBlock
from plugins.pressreview.api import PressReviewTeaser, QuoteShape

Json = dict[str, Any]


class PieceBlock(StructBlock):
    """One piece of another outlet, cited in the digest itself."""

    outlet = CharBlock(label=_("Outlet"), max_length=200)
    title = CharBlock(label=_("Title"), max_length=300)
    url = AddressBlock(label=_("Link"), max_length=1000)
    quote = TextBlock(label=_("Quote"), required=False, max_length=2000)

    class Meta:
        icon = "openquote"
        label = _("Cited piece")


class DigestBlock(StructBlock):
    """Quotes under a heading: of a press review, as it is published when this is read, or of pieces chosen here."""

    heading = CharBlock(label=_("Heading"), required=False, max_length=160)
    review = PageChooserBlock(
        label=_("Press review"),
        page_type="pressreview.PressReviewPage",
        required=False,
        help_text=_("Its first quotes are shown. Or cite pieces below."),
    )
    pieces = ListBlock(PieceBlock(), label=_("Cited pieces"), default=[], max_num=30)

    class Meta:
        icon = "openquote"
        label = _("Press digest")

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if bool(cleaned["review"]) == bool(cleaned["pieces"]):
            raise StructBlockValidationError(
                {"review": ValidationError(_("Choose a press review, or cite pieces: one of the two."))}
            )
        return cleaned


class DigestValue(serializers.Serializer[Any]):
    """A press review, or pieces that are cited here."""

    heading = serializers.CharField()
    review = PressReviewTeaser(allow_null=True, help_text="Null if none is chosen or it is not public")
    pieces = QuoteShape(many=True)


def as_json(value: Any) -> Json:
    """The heading, the review as a teaser (null while it is not public) and the pieces chosen here."""
    return {
        "heading": value["heading"],
        "review": reference(value["review"].pk) if value["review"] else None,
        "pieces": [dict(piece) for piece in value["pieces"]],
    }


def in_mail(value: Any, language: str) -> MailPart | None:
    """The quotes with links to their pieces, and the review's teaser below; nothing while it is not public."""
    review, quotes = _shown(value)
    if review is None and not quotes:
        return None
    return MailPart(heading=value["heading"], html=_list(quotes), page_ids=(review["id"],) if review else ())


def as_html(value: Any, language: str) -> str:
    """The heading, the quotes with links to their pieces, and a link to the review."""
    review, quotes = _shown(value)
    if review is None and not quotes:
        return ""
    heading = format_html("<h2>{}</h2>", value["heading"]) if value["heading"] else ""
    link = format_html('<p><a href="{}">{}</a></p>', review["url"], review["headline"]) if review else ""
    return format_html("{}{}{}", heading, _list(quotes), link)


def _shown(value: Any) -> tuple[Json | None, list[Json]]:
    """The teaser of the review if it is public, and the quotes: its own, else the pieces chosen here."""
    if value["review"]:
        review = published_teasers([value["review"].pk]).get(value["review"].pk)
        return review, review["quotes"] if review else []
    return None, [dict(piece) for piece in value["pieces"]]


def _list(quotes: list[Json]) -> str:
    items = (
        (
            format_html("“{}” ", quote["quote"]) if quote["quote"] else "",
            quote["url"],
            quote["title"],
            quote["outlet"],
        )
        for quote in quotes
    )
    return format_html_join("", '<p>{}<a href="{}">{}</a> ({})</p>', items)


blocks = [
    PluginBlock(
        name="pressreview_digest",
        block=DigestBlock(),
        places=("body", "edition"),
        api=as_json,
        schema=DigestValue,
        mail=in_mail,
        html=as_html,
    )
]
