"""Conduct: how customers write, which notices they got, and who asked not to be written to."""

from chatcrew.conduct._memory import MemoryConduct
from chatcrew.conduct._port import KEPT, NEWEST, ConductStore
from chatcrew.conduct._sql import PostgresConduct

__all__ = ["KEPT", "NEWEST", "ConductStore", "MemoryConduct", "PostgresConduct"]
