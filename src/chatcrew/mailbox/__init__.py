"""The mailbox: pending input of every conversation, on PostgreSQL or in memory."""

from chatcrew.mailbox._memory import MemoryMailbox
from chatcrew.mailbox._port import Mailbox
from chatcrew.mailbox._sql import PostgresMailbox
from chatcrew.mailbox._values import Claims, Depth, Parked, PutResult, Quarantined, QuarantinedBody

__all__ = [
    "Claims",
    "Depth",
    "Mailbox",
    "MemoryMailbox",
    "Parked",
    "PostgresMailbox",
    "PutResult",
    "Quarantined",
    "QuarantinedBody",
]
