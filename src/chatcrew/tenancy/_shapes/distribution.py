"""The shape of ``people.distribution``."""

from chatcrew.tenancy._shapes.shape import Shape


class DistributionShape(Shape):
    """Which person a conversation is given to."""
