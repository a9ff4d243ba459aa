"""The shape of ``people.inactivity``."""

from chatcrew.tenancy._shapes.shape import Shape


class InactivityShape(Shape):
    """What happens when a customer falls silent."""
