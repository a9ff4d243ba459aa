"""The turn: one context walked through small stateless stages; it does no I/O of its own."""

from chatcrew.hub.gate import closed_because
from chatcrew.hub.runner import Hub

__all__ = ["Hub", "closed_because"]
