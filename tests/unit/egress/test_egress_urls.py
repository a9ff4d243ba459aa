"""URLs that lead inside are refused before anything is sent, however they are written."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatcrew.egress import GuardedHttp, checked_url, is_private_use, is_public, origin
from chatcrew.errors import EgressError, EgressRefused


async def _inside(host: str, port: int) -> list[str]:
    """Know every name, all of them inside."""
    del host, port
    return ["127.0.0.1"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://0x7f000001/",
        "http://0x7f.0.0.1/",
        "http://2130706433/",
        "http://017700000001/",
        "http://0177.0.0.1/",
        "http://127.0.0.1./",
        "http://0/",
        "http://0.0.0.0/",
        "http://[::]/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[::127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[64:ff9b::a9fe:a9fe]/",
        "http://[2002:7f00:1::]/",
        "http://[fe80::1%25eth0]/",
        "http://[fc00::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://172.16.0.1/",
        "http://192.168.0.1/",
        "http://100.64.0.1/",
        "http://198.18.0.1/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://localhost/",
        "http://localhost./",
        "http://LOCALHOST/",
        "http://shop.example/",
        "http://１２７.0.0.1/",
        "http://127。0。0。1/",
        "http://127．0．0．1/",
        "http://ⓛocalhost/",
        "http://user@93.184.216.34/",
        "http://user:pass@93.184.216.34/",
        "http://93.184.216.34@127.0.0.1/",
        "http://93.184.216.34:80@127.0.0.1/",
        "http://93.184.216.34#@127.0.0.1/",
        "http://93.184.216.34\\@127.0.0.1/",
        "http:\\\\127.0.0.1/",
        "http://127.0.0.1%00.example/",
        "http://exa mple/",
        "http://a..b/",
        "http:///path",
        "http://",
        "//127.0.0.1/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "ftp://93.184.216.34/",
        "javascript:alert(1)",
        "",
        "http://shop.example:99999/",
        "http://" + "a" * 300 + ".example/",
        "http://shop.example/" + "a" * 9000,
    ],
)
async def test_an_evil_url_is_refused(url: str) -> None:
    """Loopback, private, metadata, odd spellings, user parts, other schemes: never sent."""
    async with GuardedHttp(lookup=_inside) as http:
        if "#@" in url:
            # Where a browser stops at the hash the host is the first one, which is public
            assert checked_url(url).host == "93.184.216.34"
            return
        with pytest.raises(EgressRefused):
            await http.request("GET", url, timeout=5, max_bytes=10)


@pytest.mark.parametrize(
    ("address", "public", "own"),
    [
        ("93.184.216.34", True, False),
        ("2606:2800:220:1::1", True, False),
        ("64:ff9b::5db8:d822", True, False),
        ("::ffff:93.184.216.34", True, False),
        ("10.1.2.3", False, True),
        ("127.0.0.1", False, True),
        ("::1", False, True),
        ("fd00::1", False, True),
        ("169.254.169.254", False, False),
        ("fe80::1", False, False),
        ("0.0.0.0", False, False),
        ("224.0.0.1", False, False),
        ("2001:db8::1", False, False),
    ],
)
def test_addresses_are_of_the_internet_of_a_network_or_of_neither(
    address: str, public: bool, own: bool
) -> None:
    """What an admin trusts may be on his network; a metadata service may never be reached."""
    found = ip_address(address)
    assert (is_public(found), is_private_use(found)) == (public, own)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://Shop.Example/x?y#z", "https://shop.example:443"),
        ("http://shop.example.:80", "http://shop.example:80"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("https://açaí.example", "https://xn--aa-4iaz.example:443"),
    ],
)
def test_an_origin_is_written_one_way(url: str, expected: str) -> None:
    """So what an admin trusts is compared with what is asked for."""
    assert origin(url) == expected


@given(st.text(max_size=80))
def test_any_text_is_a_url_or_refused(text: str) -> None:
    """Nothing but the guard's own error comes out (a tenant's template may make any text)."""
    for one in (text, f"http://{text}/", f"https://{text}"):
        try:
            found = checked_url(one)
        except EgressError:
            continue
        assert found.scheme in ("http", "https")
        assert found.raw_host
