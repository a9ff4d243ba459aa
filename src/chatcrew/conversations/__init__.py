"""The history of conversations: lines, ratings and delivery states, on PostgreSQL or in memory."""

from chatcrew.conversations._memory import MemoryHistory
from chatcrew.conversations._port import Earlier, History, Rated
from chatcrew.conversations._sql import PostgresHistory

__all__ = ["Earlier", "History", "MemoryHistory", "PostgresHistory", "Rated"]
