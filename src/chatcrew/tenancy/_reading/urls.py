"""What keeps a text from being the address of a server; the text may hold a password."""

from collections.abc import Iterator
from urllib.parse import urlsplit


def url_problems(text: str) -> Iterator[str]:
    """Yield keys of the sentences that say what is wrong with ``text``; it is never repeated."""
    try:
        parts = urlsplit(text)
        user, host, _ = parts.username or parts.password, parts.hostname, parts.port
    except ValueError:
        yield "bad_base_url"
        return
    if user or "@" in parts.netloc:
        yield "base_url_credentials"
    odd = any(char.isspace() or not char.isprintable() for char in text)
    if parts.scheme not in ("http", "https") or not host or odd:
        yield "bad_base_url"
    if parts.query or parts.fragment or text.endswith(("?", "#")):
        yield "bad_base_url"
