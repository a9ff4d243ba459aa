"""The console's templates and static files, read once, and the headers of every answer."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import jinja2
from aiohttp import web

from chatcrew.web.console._asking import Page
from chatcrew.web.console._cells import cell, raw
from chatcrew.web.console._shown import FILTERS
from chatcrew.web.console._words import WORDS

LANGUAGES = ("pt-BR", "en")

_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_SHARED = ("htmx-2.0.11.min.js", "icon.svg")
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


@dataclass(frozen=True, slots=True)
class Files:
    """Templates, words and static files."""

    templates: jinja2.Environment
    static: Mapping[str, bytes]
    version: str
    words: Mapping[str, Mapping[str, str]]

    def render(self, template: str, language: str, **values: Any) -> str:
        """Return a template with its words; everything that is put in is escaped."""
        words = self.words[language]
        return self.templates.get_template(template).render(
            t=words, lang=language, version=self.version, **values
        )

    def file(self, name: str) -> web.Response:
        """Return one static file; its address changes with its content, so it may be kept.

        Raises:
            web.HTTPNotFound: there is none of that name.
        """
        kind = _TYPES.get(name.rsplit(".", 1)[-1])
        if name not in self.static or kind is None:
            raise web.HTTPNotFound
        headers = {**HEADERS, "Cache-Control": "public, max-age=31536000, immutable"}
        return web.Response(
            body=self.static[name], content_type=kind, charset="utf-8", headers=headers
        )


def load(pages: Sequence[Page] = ()) -> Files:
    """Read all files (blocking) and gather the words of all pages.

    Raises:
        ValueError: two pages give the same word.
    """
    folder, tab = resources.files("chatcrew.web.console"), resources.files("chatcrew.web.tab")
    sources = {one.name: one.read_text("utf-8") for one in (folder / "templates").iterdir()}
    static = {one.name: one.read_bytes() for one in (folder / "static").iterdir()}
    static |= {name: (tab / "static" / name).read_bytes() for name in _SHARED}
    environment = jinja2.Environment(
        loader=jinja2.DictLoader(sources),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS, cell=cell, raw=raw)
    for name in sources:
        environment.get_template(name)
    both = dict(WORDS)
    for page in pages:
        if twice := both.keys() & page.words.keys():
            raise ValueError(f"words of two pages: {', '.join(sorted(twice))}")
        both |= page.words
    words = {
        language: {key: told[place] for key, told in both.items()}
        for place, language in enumerate(LANGUAGES)
    }
    whole = hashlib.sha256(b"\0".join(static[name] for name in sorted(static)))
    return Files(environment, static, whole.hexdigest()[:12], words)


def to(address: str) -> web.Response:
    """Lead a browser to another page of ours."""
    return web.Response(status=303, headers={**HEADERS, "Location": address})
