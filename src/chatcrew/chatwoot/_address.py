"""Checks the address of a Chatwoot before anything is ever sent to it."""

import ipaddress
from urllib.parse import urlsplit

_LOCAL_NAMES = frozenset({"localhost", "localhost.localdomain", "ip6-localhost"})


def check_base_url(url: str, *, allow_loopback: bool = False) -> str | None:
    """Return why ``url`` cannot be a Chatwoot's base address, or None if it can.

    Private networks are allowed, because that is where many run their own Chatwoot; link-local
    addresses are not, because there cloud providers keep machine credentials.

    Args:
        url: as the admin wrote it.
        allow_loopback: this machine itself is allowed (sandbox, tests, one-machine set-ups).
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "not a valid address"
    faults = (
        (parts.scheme not in ("http", "https"), "must start with http:// or https://"),
        (not host, "has no host name"),
        ("@" in parts.netloc, "must not hold a user name or password"),
        (bool(parts.query or parts.fragment), "must not have a query or a fragment"),
        (any(char.isspace() or not char.isprintable() for char in url), "holds blanks"),
    )
    for wrong, reason in faults:
        if wrong:
            return reason
    return _check_host(host or "", allow_loopback=allow_loopback)


def _check_host(host: str, *, allow_loopback: bool) -> str | None:
    local = host.rstrip(".") in _LOCAL_NAMES or host.rstrip(".").endswith(".localhost")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "is this machine itself" if local and not allow_loopback else None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address.is_loopback:
        return None if allow_loopback else "is this machine itself"
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return "is not an address of a server"
    return None
