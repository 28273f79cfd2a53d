"""What can be done with campaigns and money. Views, tasks and commands call these and nothing below them."""

from cms.campaigns.services.donations import (
    DonationRefusedError,
    IdempotencyError,
    create_donation,
    donation_status,
    expire_old,
)
from cms.campaigns.services.donors import FORGOTTEN, forget_donor
from cms.campaigns.services.inbox import apply_event, due_events, receive_webhook
from cms.campaigns.services.offline import correct_entry, record_offline
from cms.campaigns.services.progress import ProgressFigures, progress_of, recompute, verify_progress

__all__ = [
    "FORGOTTEN",
    "DonationRefusedError",
    "IdempotencyError",
    "ProgressFigures",
    "apply_event",
    "correct_entry",
    "create_donation",
    "donation_status",
    "due_events",
    "expire_old",
    "forget_donor",
    "progress_of",
    "receive_webhook",
    "recompute",
    "record_offline",
    "verify_progress",
]
