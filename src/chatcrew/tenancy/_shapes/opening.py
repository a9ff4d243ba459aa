"""The shape of ``people.opening``."""

from chatcrew.tenancy._shapes.shape import Shape


class OpeningShape(Shape):
    """When people are at work."""
