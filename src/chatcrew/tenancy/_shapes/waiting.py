"""The shape of ``people.waiting``."""

from chatcrew.tenancy._shapes.shape import Shape


class WaitingShape(Shape):
    """What happens while a customer waits for people."""
