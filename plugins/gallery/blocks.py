"""A photo report inside a text, a campaign's story or an edition."""

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from wagtail.blocks import CharBlock, PageChooserBlock, StructBlock

from api.contract import published_teasers, reference
from cms.contract import MailPart, PluginBlock
from plugins.gallery.api import GalleryTeaser
from plugins.gallery.texts import number_of_photos, see_all


class ReportBlock(StructBlock):
    """A photo report by reference: what it shows is what is published when it is read."""

    heading = CharBlock(label=_("Heading"), required=False, max_length=160)
    report = PageChooserBlock(label=_("Photo report"), page_type="gallery.GalleryPage")

    class Meta:
        icon = "image"
        label = _("Photo report")


class ReportValue(serializers.Serializer[Any]):
    heading = serializers.CharField()
    report = GalleryTeaser(allow_null=True, help_text="Null while it is not public")


def as_json(value: Any) -> dict[str, Any]:
    """The report as a teaser, filled in when the text is read; null while it is not public."""
    report = value["report"]
    return {"heading": value["heading"], "report": reference(report.pk) if report else None}


def in_mail(value: Any, language: str) -> MailPart | None:
    """The report's teaser under the heading; nothing while it is not public."""
    report = value["report"]
    if report is None or report.pk not in published_teasers([report.pk]):
        return None
    return MailPart(heading=value["heading"], page_ids=(report.pk,))


def as_html(value: Any, language: str) -> str:
    """The cover, the headline and the number of photos, linked to the report."""
    report = value["report"]
    teaser = published_teasers([report.pk]).get(report.pk) if report else None
    if teaser is None:
        return ""
    image = teaser["image"]
    cover = (
        format_html(
            '<a href="{}"><img src="{}" width="{}" height="{}" alt="{}" loading="lazy"></a>',
            teaser["url"],
            image["renditions"]["large"]["url"],
            image["renditions"]["large"]["width"],
            image["renditions"]["large"]["height"],
            image["alt"],
        )
        if image
        else ""
    )
    heading = format_html("<h2>{}</h2>", value["heading"]) if value["heading"] else ""
    return format_html(
        '{}<figure>{}<figcaption><strong>{}</strong> ({}). <a href="{}">{}</a></figcaption></figure>',
        heading,
        cover,
        teaser["headline"],
        number_of_photos(teaser["photo_count"], language),
        teaser["url"],
        see_all(language),
    )


blocks = [
    PluginBlock(
        name="gallery_report",
        block=ReportBlock(),
        places=("body", "edition"),
        api=as_json,
        schema=ReportValue,
        mail=in_mail,
        html=as_html,
    )
]
