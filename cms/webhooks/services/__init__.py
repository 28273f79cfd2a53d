"""What the webhooks' room does, for its screens and for the workers."""

from cms.webhooks.services.endpoints import begin, pause, resume, reveal, rotate, send_ping
from cms.webhooks.services.keeping import forget_old
from cms.webhooks.services.queueing import fill
from cms.webhooks.services.replaying import Span, replay, replay_span

__all__ = [
    "Span",
    "begin",
    "fill",
    "forget_old",
    "pause",
    "replay",
    "replay_span",
    "resume",
    "reveal",
    "rotate",
    "send_ping",
]
