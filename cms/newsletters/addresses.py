"""E-mail addresses: one spelling for each, and none that could harm a message."""

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_noop as _

#: RFC 5321, sections 4.5.3.1.1 and 4.5.3.1.3 (the path's 256 octets less its angle brackets).
MAX_LOCAL_PART = 64
MAX_ADDRESS = 254

_validate = EmailValidator(allowlist=[])


class InvalidAddress(ValueError):
    """This can't be an e-mail address; the message says why, for the person who typed it.

    It is English, as the API answers, and a msgid: a form translates it.
    """


def normalise_address(text: str) -> str:
    """The one spelling of an address that is stored and sent to.

    The domain is lowered and, if international, turned into its ASCII form (RFC 5891). The part before the @
    keeps its case, which is the receiving server's business (RFC 5321, 2.4); that two spellings which differ in
    case are one subscriber is a constraint of the database.

    Raises InvalidAddress.
    """
    address = unicodedata.normalize("NFC", text).strip()
    if any(unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"} for character in address):
        raise InvalidAddress(_("The e-mail address contains characters that can't be in one."))
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain:
        raise InvalidAddress(_("This is not an e-mail address: it needs a name, an @ and a domain."))
    try:
        domain = domain.lower().rstrip(".").encode("idna").decode("ascii")
    except UnicodeError as error:
        raise InvalidAddress(_("The domain of this e-mail address doesn't exist in this form.")) from error
    address = f"{local}@{domain}"
    if len(local) > MAX_LOCAL_PART or len(address) > MAX_ADDRESS:
        raise InvalidAddress(_("The e-mail address is too long."))
    if not local.isascii():
        raise InvalidAddress(_("Only Latin letters can stand before the @ of an e-mail address here."))
    try:
        _validate(address)
    except ValidationError as error:
        raise InvalidAddress(_("This is not a valid e-mail address.")) from error
    return address


def masked(address: str) -> str:
    """The address for a page that somebody else might see: ``o•••@example.org``."""
    local, _at, domain = address.rpartition("@")
    return f"{local[:1]}•••@{domain}"
