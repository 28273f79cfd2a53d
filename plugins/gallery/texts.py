"""Sentences in the language of the content, which need not be the editor's."""

from django.utils import translation
from django.utils.translation import gettext, ngettext


def number_of_photos(number: int, language: str) -> str:
    """ "3 photos", as it stands above a headline."""
    with translation.override(language):
        return ngettext("%(number)d photo", "%(number)d photos", number) % {"number": number}


def see_all(language: str) -> str:
    """What the link to a report says."""
    with translation.override(language):
        return gettext("See the photos")
