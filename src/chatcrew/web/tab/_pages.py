"""The tab's own files, read once, and the headers that every answer of it carries."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import jinja2
from aiohttp import web

from chatcrew.web.tab._shown import FILTERS
from chatcrew.web.tab._words import WORDS

_TYPES = {
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
}
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


@dataclass(frozen=True, slots=True)
class Pages:
    """Templates and static files."""

    templates: jinja2.Environment
    files: dict[str, bytes]
    version: str

    def render(self, template: str, language: str, **values: Any) -> str:
        """Return a template with its words; everything that is put in is escaped."""
        words = WORDS[language]
        return self.templates.get_template(template).render(
            t=words, lang=language, version=self.version, **values
        )

    def file(self, name: str) -> web.Response:
        """Return one static file; its address changes with its content, so it may be kept.

        Raises:
            web.HTTPNotFound: there is none of that name.
        """
        kind = _TYPES.get(name.rsplit(".", 1)[-1])
        if name not in self.files or kind is None:
            raise web.HTTPNotFound
        headers = {**_HEADERS, "Cache-Control": "public, max-age=31536000, immutable"}
        return web.Response(
            body=self.files[name], content_type=kind, charset="utf-8", headers=headers
        )


def load() -> Pages:
    """Read all files (blocking)."""
    folder = resources.files("chatcrew.web.tab")
    sources = {one.name: one.read_text("utf-8") for one in (folder / "templates").iterdir()}
    files = {one.name: one.read_bytes() for one in (folder / "static").iterdir()}
    environment = jinja2.Environment(
        loader=jinja2.DictLoader(sources),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    for name in sources:
        environment.get_template(name)
    whole = hashlib.sha256(b"\0".join(files[name] for name in sorted(files)))
    return Pages(environment, files, whole.hexdigest()[:12])


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
