"""Sentences in the language of the content, which need not be the editor's."""

from django.utils import translation
from django.utils.translation import gettext, ngettext


def how_much(pieces: int, outlets: int, language: str) -> str:
    """ "5 pieces from 3 outlets", as it stands above a headline."""
    with translation.override(language):
        return gettext("%(pieces)s from %(outlets)s") % {
            "pieces": ngettext("%(number)d piece", "%(number)d pieces", pieces) % {"number": pieces},
            "outlets": ngettext("%(number)d outlet", "%(number)d outlets", outlets) % {"number": outlets},
        }
