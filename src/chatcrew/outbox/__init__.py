"""The outbox: what a decided turn does in Chatwoot, part by part, on PostgreSQL or in memory."""

from chatcrew.outbox._memory import MemoryOutbox
from chatcrew.outbox._port import Begun, Outbox, Said
from chatcrew.outbox._sql import PostgresOutbox

__all__ = ["Begun", "MemoryOutbox", "Outbox", "PostgresOutbox", "Said"]
