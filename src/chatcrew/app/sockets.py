"""Listening sockets that outlive the processes that answer on them."""

import socket

BACKLOG = 1024
"""Connections that queue while an ingress process restarts."""


def listen(host: str, port: int) -> socket.socket:
    """Return a listening TCP socket.

    Raises:
        OSError: the address is taken or not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen(BACKLOG)
        bound.settimeout(0)
    except OSError:
        bound.close()
        raise
    return bound


def adopt(descriptor: int) -> socket.socket:
    """Return the socket behind an inherited descriptor.

    Raises:
        OSError: it is none.
    """
    adopted = socket.socket(fileno=descriptor)
    adopted.settimeout(0)
    return adopted
