"""The console's templates and static files, read once, and the headers of every answer."""

from collections.abc import Mapping, Sequence
from importlib import resources

from aiohttp import web

from chatcrew.web.console._asking import Page
from chatcrew.web.console._cells import cell, raw
from chatcrew.web.console._shown import FILTERS
from chatcrew.web.console._words import WORDS
from chatcrew.web.files import Files, read

LANGUAGES = ("pt-BR", "en")

_SHARED = ("colours.css", "htmx-2.0.11.min.js", "icon.svg")
"""Files of the tab that the console uses as well."""

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    # With no-referrer browsers send "Origin: null" along with our own forms
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}


def load(pages: Sequence[Page] = ()) -> Files:
    """Read all files (blocking) and gather the words of all pages.

    Raises:
        ValueError: two pages give the same word.
    """
    folder, tab = resources.files("chatcrew.web.console"), resources.files("chatcrew.web.tab")
    both = dict(WORDS)
    for page in pages:
        if twice := both.keys() & page.words.keys():
            raise ValueError(f"words of two pages: {', '.join(sorted(twice))}")
        both |= page.words
    words = {
        language: {key: told[place] for key, told in both.items()}
        for place, language in enumerate(LANGUAGES)
    }
    return read(
        folder,
        words=words,
        headers=HEADERS,
        filters={**FILTERS, "cell": cell, "raw": raw},
        shared={name: (tab / "static" / name).read_bytes() for name in _SHARED},
    )


def to(address: str) -> web.Response:
    """Lead a browser to another page of ours."""
    return web.Response(status=303, headers={**HEADERS, "Location": address})
