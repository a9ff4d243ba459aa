"""Answers that may be given again, with everything that they rest on (N7, S4-33)."""

from chatcrew.answers._basis import Rest, basis, same
from chatcrew.answers._canon import Canon, canon, differs, nearness
from chatcrew.answers._kept import ASKED, MOST, TTL, KeptAnswers, Near
from chatcrew.answers._memory import MemoryAnswers
from chatcrew.answers._point import Asked, Point, Replay, Vectors, operating_point, pairs
from chatcrew.answers._port import Answers, Row, Spent
from chatcrew.answers._sql import PostgresAnswers
from chatcrew.answers._why import Account, Standing, account

__all__ = [
    "ASKED",
    "MOST",
    "TTL",
    "Account",
    "Answers",
    "Asked",
    "Canon",
    "KeptAnswers",
    "MemoryAnswers",
    "Near",
    "Point",
    "PostgresAnswers",
    "Replay",
    "Rest",
    "Row",
    "Spent",
    "Standing",
    "Vectors",
    "account",
    "basis",
    "canon",
    "differs",
    "nearness",
    "operating_point",
    "pairs",
    "same",
]
