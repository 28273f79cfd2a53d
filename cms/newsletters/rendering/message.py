"""A message: frozen once for all recipients, with marks where each recipient's own address and link go."""

import logging
import re
from dataclasses import dataclass
from html import escape
from typing import Any

import mrml
from django.conf import settings
from django.template.loader import render_to_string

from cms.newsletters.models import EditionPage, Newsletter
from cms.newsletters.rendering.layout import text_of_edition, text_of_note
from cms.newsletters.rendering.parts import newsroom_name, parts_of, today
from cms.newsletters.texts import texts

logger = logging.getLogger(__name__)

#: Stand in the frozen message for what differs from recipient to recipient. An editor who types one gets the
#: value there too, and nothing worse: both values are escaped where they are put in.
UNSUBSCRIBE_MARK = "[[unsubscribe]]"
EMAIL_MARK = "[[email]]"

# By default mrml links fonts from Google's servers, which would learn who reads what.
_OPTIONS = mrml.RenderOptions(fonts={})

# What XML 1.0 has no place for, and mail neither. Pasted text is full of it: a word processor's own line break is
# U+000B, its page break U+000C.
_BREAKS = re.compile("[\x0b\x0c]")
_CONTROLS = re.compile("[\x00-\x08\x0d-\x1f\x7f\ufffe\uffff]")


class RenderingError(Exception):
    """This can't be made into a message; says why."""


@dataclass(frozen=True)
class RenderedMessage:
    """Both forms of a message, with the marks or, after ``for_recipient``, without."""

    subject: str
    html: str
    text: str

    def for_recipient(self, email: str, unsubscribe_url: str) -> "RenderedMessage":
        """The message of one recipient."""
        return RenderedMessage(
            self.subject,
            self.html.replace(UNSUBSCRIBE_MARK, escape(unsubscribe_url)).replace(EMAIL_MARK, escape(email)),
            self.text.replace(UNSUBSCRIBE_MARK, unsubscribe_url).replace(EMAIL_MARK, email),
        )

    def example(self) -> "RenderedMessage":
        """The message as an editor sees it: nobody's address, and a link that unsubscribes nobody."""
        return self.for_recipient("reader@example.org", "#")


def render_edition(edition: EditionPage) -> RenderedMessage:
    """The message of this edition as it stands, saved or not.

    Raises RenderingError if the template and mrml don't agree, which is a fault of ours and never of an editor.
    """
    language = edition.locale.language_code
    newsletter = edition.newsletter
    parts = parts_of(edition)
    context = {
        **_frame(newsletter, language),
        "subject": edition.title,
        "preheader": edition.preheader or edition.lede[:160],
        "lede": edition.lede,
        "date": today(language),
        "web_url": edition.public_url,
        "parts": parts,
    }
    return RenderedMessage(
        _one_line(edition.title),
        _to_html(render_to_string("newsletters/mail/edition.mjml", context)),
        _without_controls(text_of_edition(context)),
    )


def render_note(newsletter: Newsletter, language: str, *, subject: str, lines: list[str], action: str, url: str):
    """A short message of ours with one thing to do, such as the request to confirm a subscription."""
    context = {
        **_frame(newsletter, language),
        "subject": subject,
        "lead": lines[0],
        "hints": lines[1:],
        "action": action,
        "url": url,
    }
    return RenderedMessage(
        _one_line(subject),
        _to_html(render_to_string("newsletters/mail/note.mjml", context)),
        _without_controls(text_of_note(context)),
    )


def _frame(newsletter: Newsletter, language: str) -> dict[str, Any]:
    words = texts(language)
    return {
        "language": language,
        "newsletter": newsletter.name,
        "newsroom": newsroom_name(language),
        "imprint": newsletter.imprint,
        "home_url": f"{settings.FRONTEND_URL}/{language}/",
        "why": words.why.format(newsletter=newsletter.name, email=EMAIL_MARK),
        "words": words,
        "unsubscribe_url": UNSUBSCRIBE_MARK,
    }


def _without_controls(text: str) -> str:
    return _CONTROLS.sub("", _BREAKS.sub(" ", text))


def _one_line(text: str) -> str:
    """A subject, whatever an import or a paste put into the headline."""
    return " ".join(_without_controls(text).split())


def _to_html(mjml: str) -> str:
    try:
        output = mrml.to_html(_without_controls(mjml), render_options=_OPTIONS)
    except OSError as error:  # what mrml raises for markup that it can't parse
        raise RenderingError(f"The message's markup could not be read: {error}") from error
    for warning in output.warnings:
        logger.warning("MJML: %s", warning)
    return output.content
