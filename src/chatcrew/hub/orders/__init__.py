"""What operators may order with ``/bot``: one file per command, listed in one registry (S3-38)."""

from chatcrew.hub.orders._order import Given, Kind, Obeyed, Order, Ordered, Powers, Scene
from chatcrew.hub.orders._registry import HELP, HELP_ALL, KINDS, Meant, read

__all__ = [
    "HELP",
    "HELP_ALL",
    "KINDS",
    "Given",
    "Kind",
    "Meant",
    "Obeyed",
    "Order",
    "Ordered",
    "Powers",
    "Scene",
    "read",
]
