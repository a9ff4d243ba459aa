"""The page's own files, read once, and the headers every answer carries."""

from dataclasses import dataclass
from importlib import resources
from urllib.parse import urlsplit

from aiohttp import web

_TYPES = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
}
_POLICY = "Content-Security-Policy"
_SECURITY = {
    _POLICY: (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
_LANGUAGE_MARK = 'lang="pt-BR"'


@dataclass(frozen=True, slots=True)
class Pages:
    """The static files by name."""

    files: dict[str, bytes]

    def index(self, language: str) -> web.Response:
        """Return the page with the language of its visitor."""
        html = self.files["index.html"].decode()
        return _response(html.replace(_LANGUAGE_MARK, f'lang="{language}"', 1).encode(), "html")

    def file(self, name: str) -> web.Response:
        """Return one static file.

        Raises:
            web.HTTPNotFound: there is none of that name.
        """
        if name not in self.files:
            raise web.HTTPNotFound(headers=_SECURITY)
        return _response(self.files[name], name.rsplit(".", 1)[-1])


def load() -> Pages:
    """Read all static files (blocking)."""
    folder = resources.files("chatcrew.sandbox") / "static"
    return Pages({entry.name: entry.read_bytes() for entry in folder.iterdir()})


def language_of(request: web.Request) -> str:
    """Return ``pt-BR`` or ``en``: by ``?lang=``, else by Accept-Language, else Portuguese."""
    wanted = request.query.get("lang")
    if wanted is None:
        listed = request.headers.get("Accept-Language", "").split(",")
        known = [tag.strip().lower() for tag in listed if tag.strip()[:2].lower() in {"pt", "en"}]
        wanted = known[0] if known else "pt"
    return "en" if wanted.lower().startswith("en") else "pt-BR"


def secured(response: web.StreamResponse, *, tab: str | None = None) -> web.StreamResponse:
    """Add the security headers to an answer that has not begun; only ``tab`` may be framed."""
    for name, value in _SECURITY.items():
        response.headers.setdefault(name, value)
    if tab is not None:
        parts = urlsplit(tab)
        policy = f"{_SECURITY[_POLICY]}; frame-src {parts.scheme}://{parts.netloc}"
        response.headers[_POLICY] = policy
    return response


def _response(body: bytes, extension: str) -> web.Response:
    kind = _TYPES.get(extension, "application/octet-stream")
    charset = None if kind == "application/octet-stream" else "utf-8"
    return web.Response(body=body, content_type=kind, charset=charset, headers=_SECURITY)
