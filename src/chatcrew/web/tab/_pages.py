"""The tab's own files, read once, and the headers that every answer of it carries."""

import re
from collections.abc import Sequence
from importlib import resources

from aiohttp import web

from chatcrew.web.files import Files, read
from chatcrew.web.tab._shown import FILTERS
from chatcrew.web.tab._words import WORDS

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; object-src 'none'; frame-ancestors {ancestors}"
)
_ORIGIN = re.compile(r"https?://[A-Za-z0-9._:\[\]-]+")
"""What may stand in a policy without ending it."""

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # The address of the page holds the app's token
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def load() -> Files:
    """Read all files (blocking)."""
    folder = resources.files("chatcrew.web.tab")
    return read(folder, words=WORDS, headers=_HEADERS, filters=FILTERS)


def headers(origins: Sequence[str]) -> dict[str, str]:
    """Return the headers of a page that only Chatwoot may frame, and that nobody keeps."""
    ancestors = " ".join(one for one in origins if _ORIGIN.fullmatch(one))
    policy = _POLICY.format(ancestors=ancestors or "'none'")
    return {**_HEADERS, "Content-Security-Policy": policy, "Cache-Control": "no-store"}


def language_of(request: web.Request) -> str:
    """Return ``pt-BR`` or ``en``: what the page chose, else Accept-Language, else Portuguese."""
    chosen = request.headers.get("X-Tab-Language", "")
    if chosen in WORDS:
        return chosen
    listed = request.headers.get("Accept-Language", "").split(",")
    known = (tag.strip().lower()[:2] for tag in listed)
    return "en" if next((tag for tag in known if tag in ("pt", "en")), "pt") == "en" else "pt-BR"
