"""The turn: one context walked through small stateless stages; it does no I/O of its own."""

from chatcrew.hub.runner import Hub

__all__ = ["Hub"]
