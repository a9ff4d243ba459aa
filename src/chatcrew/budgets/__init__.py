"""Limits that refuse before the call: money, tokens and calls, reserved first and settled then."""

from chatcrew.budgets._alerts import Alerts, Notes
from chatcrew.budgets._held import Held, Place
from chatcrew.budgets._keeper import Keeper
from chatcrew.budgets._memory import MemoryCounters
from chatcrew.budgets._pace import Pace, ProcessPace
from chatcrew.budgets._port import NO_LIMIT, Budgets, Count, Counters, Full, Key, LimitState, Line
from chatcrew.budgets._sql import PostgresCounters

__all__ = [
    "NO_LIMIT",
    "Alerts",
    "Budgets",
    "Count",
    "Counters",
    "Full",
    "Held",
    "Keeper",
    "Key",
    "LimitState",
    "Line",
    "MemoryCounters",
    "Notes",
    "Pace",
    "Place",
    "PostgresCounters",
    "ProcessPace",
]
