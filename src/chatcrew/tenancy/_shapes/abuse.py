"""The shape of ``people.abuse``."""

from chatcrew.tenancy._shapes.shape import Shape


class AbuseShape(Shape):
    """What the bot does about floods, repeats and endless messages."""
