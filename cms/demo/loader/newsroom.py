"""What the newsroom says of itself: name, logo, donation call."""

from wagtail.models import Locale, Site

from cms.campaigns.models import CampaignPage
from cms.content.models import NewsroomSettings, NewsroomText
from cms.demo import texts
from cms.demo.loader.studio import Studio


def make(studio: Studio, campaigns: dict[str, CampaignPage]) -> None:
    """Fill in the site's settings in three languages; each donation call leads to the campaign in its language."""
    data = texts.read("newsroom")
    settings = NewsroomSettings.for_site(Site.objects.get(is_default_site=True))
    settings.logo = studio.image(data["logo"], "uk")
    settings.texts = [
        NewsroomText(
            locale=Locale.objects.get(language_code=code), donation_campaign=campaigns[code], **data["texts"][code]
        )
        for code in texts.LOCALES
    ]
    settings.save()
