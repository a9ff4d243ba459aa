"""Chatwoot's two doors: its webhooks coming in (``webhook``) and its REST API (``client``)."""

from chatcrew.chatwoot._lines import TAG_KEY
from chatcrew.chatwoot._liquid import neutralise
from chatcrew.chatwoot._pacing import PER_MINUTE, Pacer, Pacing, Urgency
from chatcrew.chatwoot._reading import contact_of, line_of, snapshot_of
from chatcrew.chatwoot._transport import TIMEOUT, Calls, LastCheck, Transport, open_session
from chatcrew.chatwoot.client import ChatwootClient

__all__ = [
    "PER_MINUTE",
    "TAG_KEY",
    "TIMEOUT",
    "Calls",
    "ChatwootClient",
    "LastCheck",
    "Pacer",
    "Pacing",
    "Transport",
    "Urgency",
    "contact_of",
    "line_of",
    "neutralise",
    "open_session",
    "snapshot_of",
]
