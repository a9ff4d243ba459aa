"""Which IP addresses anybody on the internet may have, and which are a network's own."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

Address = IPv4Address | IPv6Address

_NAT64 = IPv6Network("64:ff9b::/96")
_GLOBAL_V6 = IPv6Network("2000::/3")
_NOT_GLOBAL: tuple[IPv4Network | IPv6Network, ...] = tuple(
    ip_network(one)
    for one in (
        # IANA special-purpose registries; some of them Python releases call global
        "0.0.0.0/8",
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "240.0.0.0/4",
        "2001::/23",  # Teredo and others carry an IPv4 address of the sender's choice
        "2001:db8::/32",
        "2002::/16",  # 6to4 likewise
        "3fff::/20",
    )
)
_OWN: tuple[IPv4Network | IPv6Network, ...] = tuple(
    ip_network(one)
    for one in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "fc00::/7",
        "::1/128",
    )
)


def plain(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 one only wraps (mapped, NAT64), else itself."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def is_public(address: Address) -> bool:
    """Return whether an address is one of the public internet: nothing else is ever reached."""
    found = plain(address)
    if isinstance(found, IPv6Address) and found not in _GLOBAL_V6:
        return False
    return (
        found.is_global
        and not found.is_multicast
        and not found.is_reserved
        and not any(found in network for network in _NOT_GLOBAL)
    )


def is_private_use(address: Address) -> bool:
    """Return whether an address is of a private network or this machine.

    An origin that the admin trusts may have one. Link-local addresses are none of them: there a
    cloud's metadata service tells anybody its keys.
    """
    found = plain(address)
    return any(found in network for network in _OWN)
