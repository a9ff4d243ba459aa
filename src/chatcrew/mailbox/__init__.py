"""The mailbox: pending input of every conversation, on PostgreSQL or in memory."""

from chatcrew.mailbox._memory import MemoryMailbox
from chatcrew.mailbox._port import (
    Depth,
    Mailbox,
    Parked,
    PutResult,
    Quarantined,
    QuarantinedBody,
)
from chatcrew.mailbox._sql import PostgresMailbox

__all__ = [
    "Depth",
    "Mailbox",
    "MemoryMailbox",
    "Parked",
    "PostgresMailbox",
    "PutResult",
    "Quarantined",
    "QuarantinedBody",
]
