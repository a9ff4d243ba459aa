"""Names to addresses, checked where aiohttp takes them: it connects to nothing else."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import ip_address

from aiohttp.abc import AbstractResolver, ResolveResult

from chatcrew.egress._addresses import Address, plain
from chatcrew.errors import EgressRefused

Lookup = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the addresses of a host name; raises OSError where there are none."""


async def look_up(host: str, port: int) -> Sequence[str]:
    """Ask the system's resolver.

    Raises:
        OSError: the name is not known.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(sockaddr[0]) for *_, sockaddr in found]


class CheckedResolver(AbstractResolver):
    """Gives a connector only addresses that are allowed.

    One that is not spoils the whole answer: a name that leads inside as well as outside is asked
    for by nobody honest, and which one is taken would be left to chance.

    Args:
        lookup: resolves names.
        allowed: whether an address may be connected to.
    """

    def __init__(self, lookup: Lookup, *, allowed: Callable[[Address], bool]) -> None:
        self._lookup = lookup
        self._allowed = allowed

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of ``host`` for the connection that is being made.

        Raises:
            EgressRefused: one of them is not allowed.
            OSError: there is none.
        """
        del family  # both: what is reached does not depend on a caller's taste
        found: dict[str, Address] = {}
        for text in await self._lookup(host, port):
            address = plain(ip_address(text.partition("%")[0]))
            if not self._allowed(address):
                raise EgressRefused("the host leads to a private address", kind="private")
            found[str(address)] = address
        if not found:
            raise OSError("no address")
        return [
            ResolveResult(
                hostname=host,
                host=text,
                port=port,
                family=socket.AF_INET if address.version == 4 else socket.AF_INET6,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for text, address in found.items()
        ]

    async def close(self) -> None:
        """Do nothing: the lookup holds nothing open."""
