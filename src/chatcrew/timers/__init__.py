"""Timers: what is to happen in a conversation at a time, kept over every restart."""

from chatcrew.timers._memory import MemoryTimers
from chatcrew.timers._port import FIRED, LEASE_SECONDS, Timer, Timers
from chatcrew.timers._sql import PostgresTimers

__all__ = [
    "FIRED",
    "LEASE_SECONDS",
    "MemoryTimers",
    "PostgresTimers",
    "Timer",
    "Timers",
]
