"""Whose tries are counted behind a proxy: the right-most address that is none of ours (S1-15)."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatcrew.settings import Settings
from chatcrew.web.addresses import client_of

OURS = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"), ip_network("127.0.0.1/32"))
STRANGE = st.ip_addresses().filter(
    lambda one: not any(one in net for net in OURS) and getattr(one, "ipv4_mapped", None) is None
)
TRUSTED = st.ip_addresses(network="10.0.0.0/8")


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", ["198.51.100.7"], "203.0.113.9"),
        ("10.0.0.5", [], "10.0.0.5"),
        ("10.0.0.5", ["198.51.100.7"], "198.51.100.7"),
        ("10.0.0.5", ["1.2.3.4, 198.51.100.7"], "198.51.100.7"),
        ("10.0.0.5", ["1.2.3.4", "198.51.100.7, 10.0.0.9"], "198.51.100.7"),
        ("10.0.0.5", ["198.51.100.7:51234"], "198.51.100.7"),
        ("::ffff:10.0.0.5", ['"[2001:db8::7]:443"'], "2001:db8::7"),
        ("fd00::1", ["2001:db8::7"], "2001:db8::7"),
        ("10.0.0.5", ["10.0.0.7, 10.0.0.6"], "10.0.0.7"),
        ("10.0.0.5", ["198.51.100.7, unknown, 10.0.0.6"], "10.0.0.6"),
        ("10.0.0.5", ["198.51.100.7,"], "10.0.0.5"),
        ("", ["198.51.100.7"], ""),
    ],
)
def test_the_right_most_address_that_is_no_proxy_of_ours_counts(
    peer: str, forwarded: list[str], client: str
) -> None:
    """With ports, brackets, several headers; where the chain breaks, the last known one."""
    assert client_of(peer, forwarded, OURS) == client
    assert client_of(peer, forwarded, ()) == peer.removeprefix("::ffff:")


@given(st.lists(st.text()), STRANGE, st.lists(TRUSTED))
def test_what_a_stranger_writes_never_makes_him_another(said, stranger, between) -> None:
    """Whatever stands before what our own proxies saw changes nothing."""
    chain = [*said, ", ".join(str(one) for one in (stranger, *between))]
    assert client_of("10.0.0.1", chain, OURS) == str(stranger)
    assert client_of(str(stranger), said, OURS) == str(stranger)


def test_the_setting_names_addresses_and_networks() -> None:
    """And says so where it does not."""
    found = Settings(trusted_proxies="10.0.0.5, 172.16.0.1/12,fd00::/8")
    assert [str(one) for one in found.proxies] == ["10.0.0.5/32", "172.16.0.0/12", "fd00::/8"]
    assert Settings().proxies == ()
    with pytest.raises(ValueError, match="addresses or networks"):
        Settings(trusted_proxies="proxy.example")
