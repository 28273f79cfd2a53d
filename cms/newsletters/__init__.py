"""Newsletters: who gets them, what is in an edition, and a ledger of every message sent."""
