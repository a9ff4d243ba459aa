"""The shape of ``people.handoff``."""

from chatcrew.tenancy._shapes.shape import Shape


class HandoffShape(Shape):
    """When the bot gives a conversation to people, and how."""
