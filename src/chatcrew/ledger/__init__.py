"""The ledger: facts of turns and usage of model calls, on PostgreSQL or in memory."""

from chatcrew.ledger._memory import MemoryLedger
from chatcrew.ledger._port import Ledger, ModelCall, TurnFacts, TurnUsage
from chatcrew.ledger._sql import PostgresLedger

__all__ = ["Ledger", "MemoryLedger", "ModelCall", "PostgresLedger", "TurnFacts", "TurnUsage"]
