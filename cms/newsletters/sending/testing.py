"""A trial message of an edition, to an editor's own mailbox."""

from cms.newsletters.addresses import normalise_address
from cms.newsletters.models import EditionPage
from cms.newsletters.rendering import RenderedMessage, render_edition
from cms.newsletters.sending.letters import compose
from cms.newsletters.sending.smtp import SmtpSession
from cms.newsletters.texts import texts


def send_test(edition: EditionPage, email: str) -> None:
    """Send this edition as it stands (a draft too) to one address; its links unsubscribe nobody.

    Sent while the editor waits, for the answer is what the editor wants. Raises InvalidAddress, and from the mail
    server Refused or OutcomeUnknown.
    """
    address = normalise_address(email)
    newsletter = edition.newsletter
    rendered = render_edition(edition).for_recipient(address, edition.public_url)
    prefix = texts(edition.locale.language_code).test
    letter = compose(
        RenderedMessage(prefix + rendered.subject, rendered.html, rendered.text),
        to=address,
        from_name=newsletter.from_name,
        from_email=newsletter.from_email,
        reply_to=newsletter.reply_to,
    )
    with SmtpSession() as session:
        session.hand_over(newsletter.from_email, address, letter, begin=lambda: True)
