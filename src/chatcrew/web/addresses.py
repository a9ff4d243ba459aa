"""From where a browser came, also behind proxies of ours that say so."""

import ipaddress
from collections.abc import Sequence

from aiohttp import web

from chatcrew.settings import Networks


def address_of(request: web.Request, trusted: Networks) -> str:
    """Return the address that a request came from, for counting.

    Args:
        request: whose ``X-Forwarded-For`` is read if the connection is a trusted proxy's.
        trusted: networks of our own proxies.
    """
    return client_of(request.remote or "", request.headers.getall("X-Forwarded-For", ()), trusted)


def client_of(peer: str, forwarded: Sequence[str], trusted: Networks) -> str:
    """Return the right-most address that is no trusted proxy's.

    Each proxy adds behind what it was sent the address that it saw, so everything to the left of
    the right-most untrusted address is what a stranger may have written. Where the chain breaks
    off in something that is no address, the last one known counts.

    Args:
        peer: other end of the connection.
        forwarded: the header's values, in order.
        trusted: networks of our own proxies; none: the header counts for nothing.
    """
    found = _read(peer)
    if found is None:
        return peer
    hops = [hop for value in forwarded for hop in value.split(",")]
    while hops and _is_in(found, trusted):
        before = _read(hops.pop())
        if before is None:
            break
        found = before
    return str(found)


def _is_in(address: ipaddress.IPv4Address | ipaddress.IPv6Address, networks: Networks) -> bool:
    return any(address in network for network in networks)


def _read(said: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return an address as proxies write it: with a port, in brackets, as IPv4 within IPv6."""
    said = said.strip().strip('"')
    if said.startswith("["):
        said = said[1:].partition("]")[0]
    elif said.count(":") == 1:
        said = said.partition(":")[0]
    try:
        found = ipaddress.ip_address(said.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
