"""Money: integer minor units and an ISO 4217 currency. No float ever touches it."""

import re
from decimal import Decimal, InvalidOperation

from django.db import models
from django.utils.translation import gettext_lazy as _


class Currency(models.TextChoices):
    """The currencies of the ledger. All three have two decimal places (ISO 4217)."""

    UAH = "UAH", _("hryvnia (UAH)")
    EUR = "EUR", _("euro (EUR)")
    USD = "USD", _("US dollar (USD)")


#: How many decimal places the major unit has.
EXPONENT = 2
MINOR_PER_MAJOR = 10**EXPONENT

SYMBOLS = {"UAH": "₴", "EUR": "€", "USD": "$"}

#: The least and the most that one donation may be, in minor units. The most keeps a slip of the finger, and a
#: card tester's overflow, out of the ledger; a larger gift arrives by bank and is recorded by hand.
LEAST = {"UAH": 10_00, "EUR": 1_00, "USD": 1_00}
MOST = {"UAH": 500_000_00, "EUR": 10_000_00, "USD": 10_000_00}

NO_BREAK = "\u00a0"
_SPACES = re.compile(r"[\s\u00a0\u202f]")
_FIGURE = re.compile(r"[0-9]{1,15}(\.[0-9]{1,2})?")


class NotMoneyError(ValueError):
    """The text isn't an amount of money; the message says what to write instead."""


def parse_major(text: str) -> int:
    """Minor units from what a person writes in major units: ``1 500``, ``99,50``, ``99.50``.

    Exact: through Decimal, and anything finer than a minor unit is refused. Raises NotMoneyError.
    """
    figure = _SPACES.sub("", text).replace(",", ".")
    if not _FIGURE.fullmatch(figure):
        raise NotMoneyError(_("Write an amount such as 250 or 99.50."))
    try:
        minor = Decimal(figure) * MINOR_PER_MAJOR
    except InvalidOperation as error:  # the pattern above lets none through; Decimal's own limits might
        raise NotMoneyError(_("Write an amount such as 250 or 99.50.")) from error
    return int(minor)


def to_major(minor: int) -> str:
    """Major units as a plain figure, for form fields and exports: ``150000`` is ``1500``, ``9950`` is ``99.50``."""
    sign = "-" if minor < 0 else ""
    whole, rest = divmod(abs(minor), MINOR_PER_MAJOR)
    return f"{sign}{whole}" if rest == 0 else f"{sign}{whole}.{rest:0{EXPONENT}d}"


def format_money(minor: int, currency: str, locale: str) -> str:
    """The amount as readers of ``locale`` write it: ``12 500 ₴``, ``12 500,50 ₴``, ``₴12,500.50``.

    The same as the browser's ``Intl.NumberFormat`` with ``currencyDisplay: "narrowSymbol"``, so that figures
    written by the worker and by the page's script don't jump from one form to another.
    """
    sign = "-" if minor < 0 else ""
    whole, rest = divmod(abs(minor), MINOR_PER_MAJOR)
    english = locale == "en"
    figure = f"{whole:,}"
    if not english:
        # CLDR's minimum grouping in Ukrainian and Russian is one digit: 1 500, not 1500.
        figure = figure.replace(",", NO_BREAK)
    if rest:
        figure += f"{'.' if english else ','}{rest:0{EXPONENT}d}"
    symbol = SYMBOLS[currency]
    return f"{sign}{symbol}{figure}" if english else f"{sign}{figure}{NO_BREAK}{symbol}"


def percent(raised: int, goal: int) -> int:
    """How much of the goal is reached, whole per cents rounded down (99.9 is not yet 100); never negative."""
    return max(0, raised) * 100 // goal
