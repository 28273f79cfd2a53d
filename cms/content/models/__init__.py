"""Models of the content room; one module a subject."""

from cms.content.models.base import ContentByline, ContentCorrection, ContentPage, ContentRelated, ContentTag
from cms.content.models.front import FrontPage, FrontPin, FrontSlot
from cms.content.models.images import NewsroomImage, NewsroomRendition
from cms.content.models.newsroom import NewsroomSettings, NewsroomText
from cms.content.models.pages import ArticlePage, FolderPage, TeaserPage
from cms.content.models.taxonomy import Author, Section, Tag
from cms.content.outbox import OutboxEvent

__all__ = [
    "ArticlePage",
    "Author",
    "ContentByline",
    "ContentCorrection",
    "ContentPage",
    "ContentRelated",
    "ContentTag",
    "FolderPage",
    "FrontPage",
    "FrontPin",
    "FrontSlot",
    "NewsroomImage",
    "NewsroomRendition",
    "NewsroomSettings",
    "NewsroomText",
    "OutboxEvent",
    "Section",
    "Tag",
    "TeaserPage",
]
