"""Handing messages over: claims that die with their sender, one SMTP session, one record for each outcome.

What happens to a delivery, and what a crash leaves behind::

    pending --claim--> claimed --mark--> sending --answer--> sent | failed | pending (later)
                          |                 |
                    sender is gone    sender is gone, or the connection broke after the message went out
                          |                 |
                       pending          uncertain: nobody can know, so nobody sends it again but an editor

Each arrow is a transaction of its own. A sender marks one row at a time, so a crash makes at most one row a sender
uncertain.
"""

from cms.newsletters.sending.claims import Sender, claim_batch, recover_dead_claims
from cms.newsletters.sending.confirmations import has_due_confirmations, send_due_confirmations
from cms.newsletters.sending.sender import Outcome, has_due_deliveries, send_claimed, send_due
from cms.newsletters.sending.smtp import OutcomeUnknown, Refused
from cms.newsletters.sending.testing import send_test

__all__ = [
    "Outcome",
    "OutcomeUnknown",
    "Refused",
    "Sender",
    "claim_batch",
    "has_due_confirmations",
    "has_due_deliveries",
    "recover_dead_claims",
    "send_claimed",
    "send_due",
    "send_due_confirmations",
    "send_test",
]
