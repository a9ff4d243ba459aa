"""Whether an address is one that Chatwoot posts nothing to since 4.14.0 (contract §1.5)."""

import ipaddress


def is_private(host: str) -> bool | None:
    """Return whether a host is no public address; None for a name that only DNS can tell.

    Names that cannot be public (``localhost``, one without a dot, ``.local``, ``.internal``) are
    private.
    """
    try:
        return not ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        pass
    name = host.rstrip(".").lower()
    if "." not in name or name.endswith((".local", ".internal", ".localhost", ".lan")):
        return True
    return None
