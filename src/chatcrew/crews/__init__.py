"""Crews that answer: CrewAI in processes of its own, asked over a pipe."""

from chatcrew.crews._pool import CrewPool, PoolStats
from chatcrew.crews.fast import respond_fast
from chatcrew.crews.responder import CallTool, Complete, CrewAIResponder

__all__ = ["CallTool", "Complete", "CrewAIResponder", "CrewPool", "PoolStats", "respond_fast"]
