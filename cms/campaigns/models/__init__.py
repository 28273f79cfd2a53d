"""Models of campaigns and money; one module a subject."""

from cms.campaigns.models.campaign import Campaign, Progress
from cms.campaigns.models.donation import Donation
from cms.campaigns.models.inbox import WebhookEvent
from cms.campaigns.models.ledger import LedgerEntry
from cms.campaigns.models.page import CampaignPage
from cms.campaigns.models.site import PageBuild

__all__ = ["Campaign", "CampaignPage", "Donation", "LedgerEntry", "PageBuild", "Progress", "WebhookEvent"]
