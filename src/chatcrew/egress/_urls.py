"""What a URL may look like before anybody resolves its host; parsed once, by what connects."""

import re
from ipaddress import IPv4Address, ip_address

from yarl import URL

from chatcrew.egress._addresses import Address
from chatcrew.errors import EgressRefused

_LONGEST = 8192
_ODD = re.compile(r"[\x00-\x20\x7f\\]")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,252})\.?")
_NUMBER = re.compile(r"\d+|0[xX][0-9a-fA-F]*")


def checked_url(url: str | URL) -> URL:
    """Return the URL as it will be requested.

    Raises:
        EgressRefused: no http(s) URL, with a user or password, or a host that is written so that
            two programs may read it differently (127.1, 0x7f.0.0.1, a zone, a backslash).
    """
    text = str(url)
    if len(text) > _LONGEST:
        raise EgressRefused("the URL is too long", kind="url")
    if _ODD.search(text):
        raise EgressRefused("the URL has a space, a backslash or a control character", kind="url")
    try:
        found = url if isinstance(url, URL) else URL(text)
        host, port = found.raw_host, found.port
    except (ValueError, UnicodeError):
        raise EgressRefused("not a URL", kind="url") from None
    if found.scheme not in ("http", "https"):
        raise EgressRefused("only http and https are spoken", kind="scheme")
    if found.raw_user is not None or found.raw_password is not None or "@" in found.raw_authority:
        raise EgressRefused("a user or password stands in the URL", kind="credentials")
    if not host or not port:
        raise EgressRefused("the URL has no host or port", kind="url")
    if literal(host) is None and (not _HOST.fullmatch(host.lower()) or ".." in host):
        raise EgressRefused("an odd host name", kind="host")
    return found.with_fragment(None)


def literal(host: str) -> Address | None:
    """Return the address that a host name *is*, None where it is a name.

    Raises:
        EgressRefused: it ends in a number and is no plain address, which some programs still read
            as one (WHATWG URL, "ends in a number").
    """
    if ":" in host:
        try:
            return ip_address(host)
        except ValueError:
            raise EgressRefused("an odd address", kind="host") from None
    if _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):
        try:
            return IPv4Address(host)
        except ValueError:
            raise EgressRefused("an odd address", kind="host") from None
    return None


def origin(url: str | URL) -> str:
    """Return ``scheme://host:port`` of a URL, the port always written.

    Raises:
        EgressRefused: see ``checked_url``.
    """
    found = checked_url(url)
    host = (found.raw_host or "").lower().rstrip(".")
    return f"{found.scheme}://{f'[{host}]' if ':' in host else host}:{found.port}"
