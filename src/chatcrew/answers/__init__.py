"""Answers that may be given again, with everything that they rest on (N7, S4-33)."""

from chatcrew.answers._basis import Rest, basis, same
from chatcrew.answers._canon import Canon, canon, differs, nearness
from chatcrew.answers._kept import MOST, TTL, KeptAnswers, Near
from chatcrew.answers._memory import MemoryAnswers
from chatcrew.answers._port import Answers, Row, Spent
from chatcrew.answers._sql import PostgresAnswers

__all__ = [
    "MOST",
    "TTL",
    "Answers",
    "Canon",
    "KeptAnswers",
    "MemoryAnswers",
    "Near",
    "PostgresAnswers",
    "Rest",
    "Row",
    "Spent",
    "basis",
    "canon",
    "differs",
    "nearness",
    "same",
]
