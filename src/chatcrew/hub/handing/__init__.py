"""Handing a conversation over to people: why, what they read of it, and what it gets."""

from chatcrew.hub.handing._giving import given
from chatcrew.hub.handing._note import feeling, summary
from chatcrew.hub.handing._reasons import REASONS, in_english, switched_off, trigger, why
from chatcrew.hub.handing._signs import (
    answered_again,
    asked_again,
    spoken_of,
    topic_meant,
    topic_of,
)

__all__ = [
    "REASONS",
    "answered_again",
    "asked_again",
    "feeling",
    "given",
    "in_english",
    "spoken_of",
    "summary",
    "switched_off",
    "topic_meant",
    "topic_of",
    "trigger",
    "why",
]
