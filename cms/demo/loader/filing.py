"""Sections and authors, each in three languages that know of one another."""

import uuid

from wagtail.models import Locale

from cms.content.models import Author, Section
from cms.demo import texts
from cms.demo.loader.studio import Studio


def make(studio: Studio) -> None:
    """Write the sections and the authors with their portraits."""
    locales = {locale.language_code: locale for locale in Locale.objects.all()}
    for section in texts.read("sections"):
        key = uuid.uuid4()
        for code in texts.LOCALES:
            Section.objects.create(
                locale=locales[code], translation_key=key, sort_order=section["order"], **section[code]
            )
    for author in texts.read("authors"):
        key = uuid.uuid4()
        for code in texts.LOCALES:
            Author.objects.create(
                locale=locales[code],
                translation_key=key,
                photo=studio.image(author["photo"], code),
                **author[code],
            )
