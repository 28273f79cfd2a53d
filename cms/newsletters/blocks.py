"""What an edition is made of."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks

from cms.content.blocks import DonationCallBlock, HeadingBlock
from cms.content.stream import PluginStreamBlock

#: Less than an article's: mail programs show few things well.
MAIL_TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul"]


class TeasersBlock(blocks.StructBlock):
    """Chosen content, in the editor's order. What isn't published when the message is made is left out."""

    heading = blocks.CharBlock(label=_("Heading"), required=False, max_length=160)
    pages = blocks.ListBlock(
        blocks.PageChooserBlock(page_type="content.ContentPage"),
        label=pgettext_lazy("many", "Content"),
        min_num=1,
        max_num=30,
    )

    class Meta:
        icon = "list-ul"
        label = _("Teasers")


class DividerBlock(blocks.StaticBlock):
    """A line between two parts."""

    class Meta:
        icon = "minus"
        label = _("Divider")
        admin_text = _("A line across the message.")


class EditionBlock(PluginStreamBlock):
    """Every block of an edition, in the order of the editor's menu; those of plugins follow."""

    place = "edition"

    paragraph = blocks.RichTextBlock(label=_("Text"), icon="pilcrow", features=MAIL_TEXT_FEATURES)
    teasers = TeasersBlock()
    heading = HeadingBlock()
    donation_call = DonationCallBlock()
    divider = DividerBlock()

    class Meta:
        required = False
        max_num = 100
