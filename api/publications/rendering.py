"""Renders a page into the row of its publication."""

import re
from html import unescape
from typing import Any

from django.utils import timezone
from rest_framework.serializers import Serializer
from wagtail.models import Page

from api.json_text import dump
from api.publications import features, front, images, omissions, references
from api.publications.block_html import with_html
from api.publications.filters import keys_of, moment_of
from api.publications.front import FRONT
from api.publications.models import Publication
from api.publications.sealing import sealed, sealed_teaser
from api.serializers.content import COMMON_FIELDS, TeaserSerializer, detail_serializer, teaser_serializer
from cms.content.models import ContentPage, FrontPage
from cms.registry import faults
from cms.registry.owners import owner_of

#: Characters of text that the search index takes; PostgreSQL's tsvector holds 1 MB.
SEARCH_CHARACTERS = 200_000
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")
#: Keys of a detail whose words are searched elsewhere, or not at all.
_NOT_SEARCHED = {*COMMON_FIELDS} - {"corrections"}


def render(page: Page) -> Publication:
    """The publication of a live page, not yet saved."""
    with images.making():
        return _render_front(page) if isinstance(page, FrontPage) else _render_content(page)


def teaser_document(page: ContentPage) -> dict[str, Any]:
    """The teaser of a page as plain data; the core's where its plugin's own fails."""
    serializer = teaser_serializer(type(page))
    owner = owner_of(serializer)
    if not owner:
        return dict(_ready(serializer).to_representation(page))
    common = dict(_ready(TeaserSerializer).to_representation(page))
    own = faults.call(owner, f"teaser of {page.get_type_name()} {page.slug}", _own_teaser, serializer, page, common)
    if own is None:
        omissions.notice("teaser")
    return own or common


def _own_teaser(serializer: type[Serializer[Any]], page: ContentPage, common: dict[str, Any]) -> dict[str, Any]:
    return sealed_teaser(_ready(serializer).to_representation(page), common)


def detail_document(page: ContentPage) -> dict[str, Any]:
    """The detail of a page as plain data, with its references not yet filled."""
    document = _ready(detail_serializer(type(page))).to_representation(page)
    document = dict(sealed(document)) if owner_of(page) else dict(document)
    return {**document, "body": with_html(document["body"], page.body, page.locale.language_code)}


_instances: dict[type[Serializer[Any]], Serializer[Any]] = {}


def _ready(serializer: type[Serializer[Any]]) -> Serializer[Any]:
    """One instance of each serializer: making one copies all its fields, which takes longer than using them."""
    if serializer not in _instances:
        _instances[serializer] = serializer()
    return _instances[serializer]


def _render_content(page: ContentPage) -> Publication:
    with omissions.noticing() as left_out:
        teaser, detail = teaser_document(page), detail_document(page)
    published_at = page.published_at or page.first_published_at or timezone.now()
    return Publication(
        page_id=page.pk,
        type=page.get_type_name(),
        locale=page.locale.language_code,
        slug=page.slug,
        path=page.public_path,
        translation_key=page.translation_key,
        listed=page.listed,
        section=page.section.slug if page.section else "",
        authors=[author["slug"] for author in teaser["authors"]],
        tags=teaser["tags"],
        published_at=published_at,
        updated_at=page.last_published_at or published_at,
        expires_at=page.expire_at,
        teaser=dump(teaser),
        detail=dump(detail),
        references=sorted(references.collect(detail)),
        # A plugin failed in a part of it: a later reconciliation tries again.
        stale=bool(left_out),
        keys=[*keys_of(page), *features.keys_of(teaser, detail)],
        moment=moment_of(page),
        search_text=_search_text(detail),
    )


def _render_front(page: FrontPage) -> Publication:
    document = front.stored(page)
    moment = page.last_published_at or timezone.now()
    return Publication(
        page_id=page.pk,
        type=FRONT,
        locale=page.locale.language_code,
        slug=page.slug,
        path=page.public_path,
        translation_key=page.translation_key,
        listed=False,
        published_at=page.first_published_at or moment,
        updated_at=moment,
        # Enough for a link in a text; lists never show it.
        teaser=dump({"id": page.pk, "type": FRONT, "url": page.public_url}),
        detail=dump(document),
        references=front.references_of(document),
    )


def _search_text(detail: dict[str, Any]) -> str:
    """The text behind the teaser: what search looks into, and shows pieces of."""
    words = [
        *(_words_of(block["value"]) for block in detail["body"]),
        # What the type adds, and the corrections.
        *(_words_of(value) for key, value in detail.items() if key not in _NOT_SEARCHED),
    ]
    return " ".join(word for word in words if word)[:SEARCH_CHARACTERS]


def _words_of(value: Any) -> str:
    """All text in a block's value; addresses and references are not words."""
    if isinstance(value, str):
        # A space for each tag: the end of one paragraph and the start of the next are two words.
        return "" if value.startswith(("http://", "https://")) else unescape(_TAG.sub(" ", value))
    if isinstance(value, dict):
        if "$ref" in value:
            return ""
        return " ".join(_words_of(item) for item in value.values())
    if isinstance(value, list):
        return " ".join(_words_of(item) for item in value)
    return ""
