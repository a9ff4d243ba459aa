"""Listening sockets that outlive the processes that answer on them."""

import asyncio
import errno
import socket

from chatcrew.telemetry import get_logger

_log = get_logger("sockets")

_REASONS = {
    errno.EADDRINUSE: (
        "alguém já escuta ali, talvez outro chatcrew run ou a demonstração (chatcrew demo): "
        "termine-o com Ctrl-C",
        "somebody else listens there already, perhaps another chatcrew run or the demo (chatcrew "
        "demo): end it with Ctrl-C",
    ),
    errno.EADDRNOTAVAIL: (
        "este endereço não é desta máquina",
        "this address is not this machine's",
    ),
    errno.EACCES: (
        "sem permissão para esta porta (abaixo de 1024 só o root)",
        "no permission for this port (below 1024 only root)",
    ),
}

BACKLOG = 1024
"""Connections that queue while an ingress process restarts."""


PATIENCE = 3.0
"""Seconds a taken port is waited for: children of a killed supervisor let theirs go by then."""


def listen(host: str, port: int, *, setting: str = "PORT") -> socket.socket:
    """Return a listening TCP socket.

    Args:
        host: address to listen on.
        port: 0 takes a free one.
        setting: which setting to change if it is taken, without its prefix.

    Raises:
        OSError: somebody else listens there, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen(BACKLOG)
        bound.settimeout(0)
    except OSError as error:
        bound.close()
        raise OSError(error.errno, _refused(error, f"{host}:{port}", setting)) from error
    return bound


def _refused(error: OSError, address: str, setting: str) -> str:
    """Return why an address cannot be had and what to change, in both languages."""
    portuguese, english = _REASONS.get(error.errno or 0, (error.strerror, error.strerror))
    host = setting.replace("PORT", "HOST")
    which = f"CHATCREW_{host}" if error.errno == errno.EADDRNOTAVAIL else f"CHATCREW_{setting}"
    return (
        f"não é possível escutar em {address}: {portuguese}; para usar outro: {which} / "
        f"cannot listen on {address}: {english}; to take another: {which}"
    )


async def listen_patiently(host: str, port: int, *, setting: str = "PORT") -> socket.socket:
    """Return a listening TCP socket; a taken port is tried again for ``PATIENCE`` seconds.

    Raises:
        OSError: it is still taken, or the address is not this machine's.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + PATIENCE
    waited = False
    while True:
        try:
            return listen(host, port, setting=setting)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or loop.time() >= end:
                raise
            if not waited:
                _log.warning("port.taken", port=port, patience=PATIENCE)
                waited = True
            await asyncio.sleep(0.05)


def adopt(descriptor: int) -> socket.socket:
    """Return the socket behind an inherited descriptor.

    Raises:
        OSError: it is none.
    """
    adopted = socket.socket(fileno=descriptor)
    adopted.settimeout(0)
    return adopted
