"""What a browser brings along: cookies, language, appearance, and whether a form is ours."""

import hmac
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.http_exceptions import BadHttpMessage

from chatcrew.accounts import form_token, is_secret

SESSION, DOOR, VIEW = "chatcrew_console", "chatcrew_door", "chatcrew_view"
"""Cookies: who is signed in, who is about to, and what he likes."""

PATH = "/console"
_YEAR = 31_536_000
_THEMES = ("auto", "light", "dark")
_NEXT = re.compile(r"/console(?:/[A-Za-z0-9._~%/-]*)?(?:\?[A-Za-z0-9._~%&=+-]*)?")


@dataclass(frozen=True, slots=True)
class View:
    """What somebody likes.

    Attributes:
        language: ``pt-BR`` or ``en``.
        theme: ``auto``, ``light`` or ``dark``.
    """

    language: str = "pt-BR"
    theme: str = "auto"


def view_of(request: web.Request) -> View:
    """Return what was chosen, else the browser's own language, else Portuguese."""
    language, _, theme = request.cookies.get(VIEW, "").partition(".")
    if language not in ("pt-BR", "en"):
        listed = request.headers.get("Accept-Language", "").split(",")
        known = (tag.strip().lower()[:2] for tag in listed)
        first = next((tag for tag in known if tag in ("pt", "en")), "pt")
        language = "en" if first == "en" else "pt-BR"
    return View(language, theme if theme in _THEMES else "auto")


def keep_view(response: web.Response, view: View, request: web.Request) -> None:
    """Keep what somebody likes; it is no secret."""
    value = f"{view.language}.{view.theme}"
    response.set_cookie(
        VIEW, value, path=PATH, max_age=_YEAR, samesite="Strict", secure=_by_https(request)
    )


def secret_of(request: web.Request, cookie: str) -> str | None:
    """Return a cookie's secret, None where it has not the shape of one of ours."""
    found = request.cookies.get(cookie, "")
    return found if is_secret(found) else None


def keep_secret(
    response: web.Response, cookie: str, secret: str, *, request: web.Request, seconds: int
) -> None:
    """Give the browser a secret that no script can read and no other site can send."""
    response.set_cookie(
        cookie,
        secret,
        path=PATH,
        max_age=seconds,
        httponly=True,
        samesite="Strict",
        secure=_by_https(request),
    )


def forget_secret(response: web.Response, cookie: str) -> None:
    """Take a secret back."""
    response.del_cookie(cookie, path=PATH, httponly=True, samesite="Strict")


async def read_form(request: web.Request) -> None:
    """Read what a form sends, so that ``request.post`` gives it without fault.

    Raises:
        web.HTTPBadRequest: it is no form; the library raises whatever its parser ran into.
    """
    if request.method != "POST":
        return
    try:
        await request.post()
    except (ValueError, LookupError, BadHttpMessage) as error:
        raise web.HTTPBadRequest from error


def is_ours(request: web.Request, token: str, secret: str) -> bool:
    """Return whether a form was written by our own page for this very browser."""
    fits = hmac.compare_digest(form_token(secret).encode(), token.encode("utf-8", "replace"))
    return same_origin(request) and fits


def same_origin(request: web.Request) -> bool:
    """Return whether a form comes from our own origin, as far as the browser says it."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def next_of(said: str | None) -> str:
    """Return where somebody wanted to go, if that is a page of the console; else its start."""
    return said if said and _NEXT.fullmatch(said) and "//" not in said else f"{PATH}/"


def _by_https(request: web.Request) -> bool:
    """Return whether the browser speaks TLS, with us or with the proxy before us.

    A stranger who forges the header only gets a cookie that is stricter.
    """
    return request.secure or request.headers.get("X-Forwarded-Proto", "").lower() == "https"
