"""Removing a plugin from the database as if it had never been there."""

from cms.lifecycle.purge.account import Account, account_of
from cms.lifecycle.purge.service import PurgeRefused, purge, reasons_against

__all__ = ["Account", "PurgeRefused", "account_of", "purge", "reasons_against"]
