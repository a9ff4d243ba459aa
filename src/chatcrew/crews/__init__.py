"""Crews that answer: compiled into a plain loop, or by CrewAI in processes of its own."""

from chatcrew.crews._errand import CallTool, Complete, Reach
from chatcrew.crews._pool import CrewPool
from chatcrew.crews._stats import PoolStats
from chatcrew.crews.choice import Choice, choose, needs_crewai
from chatcrew.crews.engines import Engine, engines
from chatcrew.crews.fast import respond_fast, speaker
from chatcrew.crews.repair import respond_repaired

__all__ = [
    "CallTool",
    "Choice",
    "Complete",
    "CrewPool",
    "Engine",
    "PoolStats",
    "Reach",
    "choose",
    "engines",
    "needs_crewai",
    "respond_fast",
    "respond_repaired",
    "speaker",
]
