"""Which browsers may see what the bot knows: paired by an operator's own signed note."""

from chatcrew.pairing._memory import MemoryPairings
from chatcrew.pairing._port import Begun, Pairings, Redeemed, Session
from chatcrew.pairing._rules import CODE_MINUTES, SESSION_HOURS
from chatcrew.pairing._sql import PostgresPairings

__all__ = [
    "CODE_MINUTES",
    "SESSION_HOURS",
    "Begun",
    "MemoryPairings",
    "Pairings",
    "PostgresPairings",
    "Redeemed",
    "Session",
]
