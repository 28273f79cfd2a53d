"""Sending: one sender over all processes, many endpoints at once, of each endpoint one delivery after the other."""

from cms.webhooks.sending.sender import has_work, send_due

__all__ = ["has_work", "send_due"]
