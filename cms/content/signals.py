"""Signals of the content room, beside Wagtail's own."""

from django.dispatch import Signal

#: Pages that were written in bulk, past Wagtail's own signals, inside the transaction that wrote them.
#: Arguments: ``pages``, a list of specific page instances, live or not.
pages_changed = Signal()
