"""The outbox: what a decided turn does in Chatwoot, part by part, on PostgreSQL or in memory."""

from chatcrew.outbox._memory import MemoryOutbox
from chatcrew.outbox._port import Outbox
from chatcrew.outbox._sql import PostgresOutbox

__all__ = ["MemoryOutbox", "Outbox", "PostgresOutbox"]
