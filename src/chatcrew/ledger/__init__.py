"""The ledger: facts of turns and usage of model calls, on PostgreSQL or in memory."""

from chatcrew.ledger._memory import MemoryLedger
from chatcrew.ledger._port import Ledger, TurnFacts, TurnUsage
from chatcrew.ledger._sql import PostgresLedger
from chatcrew.ledger._talks import MemoryTalks
from chatcrew.ledger._talks_sql import PostgresTalks
from chatcrew.messages import ModelCall

__all__ = [
    "Ledger",
    "MemoryLedger",
    "MemoryTalks",
    "ModelCall",
    "PostgresLedger",
    "PostgresTalks",
    "TurnFacts",
    "TurnUsage",
]
