"""Handing a conversation over to people: why, and what they read of it."""

from chatcrew.hub.handing._note import summary
from chatcrew.hub.handing._reasons import why

__all__ = ["summary", "why"]
