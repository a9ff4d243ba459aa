"""The shape of ``people.feedback``."""

from chatcrew.tenancy._shapes.shape import Shape


class FeedbackShape(Shape):
    """Who is told what customers complain about."""
