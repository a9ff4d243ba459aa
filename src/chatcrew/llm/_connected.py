"""How far a call came that failed on its way: not at all, cut off, or too slow."""


def was_dropped(error: BaseException) -> bool:
    """Tell a connection that was cut from one that was too slow.

    httpx-aiohttp maps aiohttp's ClientConnectionError (a cut connection) to httpx.ConnectTimeout.
    """
    found = _of_connection(error)
    return found is not None and not isinstance(found, TimeoutError)


def was_never_connected(error: BaseException) -> bool:
    """Tell a call of which nothing was sent: refused, no such host, no connection in time."""
    import aiohttp  # noqa: PLC0415 - only needed here, and the package stays light

    never = aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError
    return isinstance(_of_connection(error), never)


def _of_connection(error: BaseException) -> BaseException | None:
    import aiohttp  # noqa: PLC0415 - only needed here, and the package stays light

    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, aiohttp.ClientConnectionError):
            return seen
        seen = seen.__cause__ or seen.__context__
    return None
