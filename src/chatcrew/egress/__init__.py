"""The only way out to addresses that a tenant or a customer can influence (SSRF guard)."""

from chatcrew.egress._addresses import Address, is_private_use, is_public
from chatcrew.egress._guard import Fetched, GuardedHttp
from chatcrew.egress._resolver import Lookup, look_up
from chatcrew.egress._urls import checked_url, origin

__all__ = [
    "Address",
    "Fetched",
    "GuardedHttp",
    "Lookup",
    "checked_url",
    "is_private_use",
    "is_public",
    "look_up",
    "origin",
]
