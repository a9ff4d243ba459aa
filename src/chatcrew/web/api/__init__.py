"""REST under ``/api/v1`` on the admin port: try a bot, read figures, export and erase (S1-55)."""

from chatcrew.web.api._api import Api, Ports
from chatcrew.web.api._ports import (
    Business,
    Businesses,
    Contact,
    Contacts,
    Keys,
    NotSimulated,
    Said,
    Simulated,
    Simulations,
)
from chatcrew.web.api._routes import BASE, PER_MINUTE, Routes, Served
from chatcrew.web.api._table import operations

__all__ = [
    "BASE",
    "PER_MINUTE",
    "Api",
    "Business",
    "Businesses",
    "Contact",
    "Contacts",
    "Keys",
    "NotSimulated",
    "Ports",
    "Routes",
    "Said",
    "Served",
    "Simulated",
    "Simulations",
    "operations",
]
