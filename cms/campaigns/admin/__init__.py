"""The screens of marketing: totals, donations, ledger, webhook inbox. Money is looked at here, and never edited."""
