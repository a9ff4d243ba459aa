"""Debts: conversations that people owe an answer to, and how long that usually takes them."""

from chatcrew.debts._calibration import Calibration, Resolution, calibration_of, resolution_of
from chatcrew.debts._estimate import FEWEST, Sample, promise_of
from chatcrew.debts._memory import MemoryDebts
from chatcrew.debts._port import Debts, Over, Unowed
from chatcrew.debts._sql import PostgresDebts
from chatcrew.debts._waits import Waits, waited_of

__all__ = [
    "FEWEST",
    "Calibration",
    "Debts",
    "MemoryDebts",
    "Over",
    "PostgresDebts",
    "Resolution",
    "Sample",
    "Unowed",
    "Waits",
    "calibration_of",
    "promise_of",
    "resolution_of",
    "waited_of",
]
