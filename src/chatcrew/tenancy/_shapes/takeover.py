"""The shape of ``people.takeover``."""

from chatcrew.tenancy._shapes.shape import Shape


class TakeoverShape(Shape):
    """What the bot does once people have taken a conversation over."""
