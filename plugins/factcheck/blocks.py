"""A fact-check as a card in another text: what was said, by whom, and what was found."""

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from wagtail import blocks as wagtail_blocks

from api.contract import reference
from cms.contract import MailPart, PluginBlock, teasers_for
from plugins.factcheck.api import FactCheckTeaser


class FactCheckVerdictBlock(wagtail_blocks.StructBlock):
    """One fact-check. While it isn't published, readers see nothing of it."""

    factcheck = wagtail_blocks.PageChooserBlock(label=_("Fact-check"), page_type="factcheck.FactCheckPage")

    class Meta:
        icon = "check"
        label = _("Verdict of a fact-check")


class FactCheckVerdictValue(serializers.Serializer[Any]):
    factcheck = FactCheckTeaser(allow_null=True, help_text="Null while it is not public")


def _api(value: Any) -> dict[str, Any]:
    """The fact-check's teaser when the document is read; null for one that isn't public."""
    page = value["factcheck"]
    return {"factcheck": reference(page.pk) if page else None}


def _mail(value: Any, language: str) -> MailPart | None:
    page = value["factcheck"]
    return MailPart(page_ids=(page.pk,)) if page else None


def _html(value: Any, language: str) -> str:
    page = value["factcheck"]
    teaser: Any = teasers_for([page.pk]).get(page.pk) if page else None
    if teaser is None:
        return ""
    return format_html(
        '<aside lang="{}"><p>{}: «{}»</p><p><strong>{}</strong> <a href="{}">{}</a></p></aside>',
        teaser["locale"],
        teaser["claim"]["claimant"]["name"],
        teaser["claim"]["text"],
        teaser["verdict"]["label"],
        teaser["url"],
        teaser["headline"],
    )


blocks = [
    PluginBlock(
        name="factcheck_verdict",
        block=FactCheckVerdictBlock(),
        places=("body", "edition"),
        api=_api,
        schema=FactCheckVerdictValue,
        mail=_mail,
        html=_html,
    )
]
