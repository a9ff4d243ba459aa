"""What is remembered of customers and episodes, on PostgreSQL or in memory."""

from chatcrew.memory._memory import MemoryMemory
from chatcrew.memory._port import LEASE, MOST_FACTS, MemoryStore
from chatcrew.memory._sql import PostgresMemory

__all__ = ["LEASE", "MOST_FACTS", "MemoryMemory", "MemoryStore", "PostgresMemory"]
