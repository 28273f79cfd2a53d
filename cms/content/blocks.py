"""The blocks that the body of an article is made of."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from cms.content.stream import PluginStreamBlock

RICH_TEXT_FEATURES = [
    "bold",
    "italic",
    "strikethrough",
    "superscript",
    "subscript",
    "link",
    "document-link",
    "ol",
    "ul",
    "hr",
]


class HeadingBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Text"), max_length=255)
    level = blocks.ChoiceBlock(label=_("Level"), choices=[("2", _("heading")), ("3", _("subheading"))], default="2")

    class Meta:
        icon = "title"
        label = _("Heading")


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Quote"))
    attribution = blocks.CharBlock(label=_("Who said it"), required=False, max_length=255)
    role = blocks.CharBlock(label=_("Role of the speaker"), required=False, max_length=255)

    class Meta:
        icon = "openquote"
        label = _("Quote")


class ImageBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("Image"))
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=500)
    credit = blocks.CharBlock(
        label=_("Credit"),
        required=False,
        max_length=255,
        help_text=_("Left empty, the image's own credit is shown."),
    )

    class Meta:
        icon = "image"
        label = _("Image")


class GalleryBlock(blocks.StructBlock):
    images = blocks.ListBlock(ImageBlock(), label=_("Images"), min_num=1)

    class Meta:
        icon = "image"
        label = _("Gallery")


class EmbedBlock(blocks.StructBlock):
    """A link to something to watch or hear elsewhere; nothing is fetched from there when a page is saved."""

    url = blocks.URLBlock(label=_("Address"))
    title = blocks.CharBlock(label=_("Title"), required=False, max_length=255)

    class Meta:
        icon = "media"
        label = _("Embed")


class PulloutBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), required=False, max_length=255)
    text = blocks.RichTextBlock(label=_("Text"), features=RICH_TEXT_FEATURES)

    class Meta:
        icon = "info-circle"
        label = _("Pull-out")


class DonationCallBlock(blocks.StructBlock):
    text = blocks.TextBlock(
        label=_("Text"), required=False, help_text=_("Left empty, the newsroom's own call is shown.")
    )
    button = blocks.CharBlock(label=_("Button"), required=False, max_length=80)
    campaign = blocks.PageChooserBlock(label=_("Campaign"), page_type="campaigns.CampaignPage", required=False)

    class Meta:
        icon = "pick"
        label = _("Donation call")


class RelatedBlock(blocks.StructBlock):
    pages = blocks.ListBlock(
        blocks.PageChooserBlock(page_type="content.ContentPage"),
        label=pgettext_lazy("many", "Content"),
        min_num=1,
        max_num=20,
    )

    class Meta:
        icon = "link"
        label = _("Related content")


class BodyBlock(PluginStreamBlock):
    """Every block of an article's body, in the order of the editor's menu; those of plugins follow."""

    place = "body"

    paragraph = blocks.RichTextBlock(label=_("Text"), icon="pilcrow", features=RICH_TEXT_FEATURES)
    heading = HeadingBlock()
    quote = QuoteBlock()
    image = ImageBlock()
    gallery = GalleryBlock()
    embed = EmbedBlock()
    table = TableBlock(label=_("Table"), icon="table")
    document = DocumentChooserBlock(label=_("Document"))
    pullout = PulloutBlock()
    donation_call = DonationCallBlock()
    related = RelatedBlock()

    class Meta:
        required = False

    def clean(self, value):
        if len(value) > 1000:
            raise ValidationError(_("A body holds at most 1,000 blocks."))
        return super().clean(value)
