"""Signing in and out: the only pages that strangers see."""

import math
from dataclasses import dataclass

from aiohttp import web

from chatcrew.accounts import (
    SESSION_HOURS,
    Accounts,
    Principal,
    Refused,
    Session,
    form_token,
    new_secret,
)
from chatcrew.audit import Audit, Deed
from chatcrew.settings import Networks
from chatcrew.telemetry import Metrics
from chatcrew.web.addresses import address_of
from chatcrew.web.console._browser import (
    DOOR,
    SESSION,
    forget_secret,
    is_ours,
    keep_secret,
    next_of,
    secret_of,
    view_of,
)
from chatcrew.web.console._files import HEADERS, to
from chatcrew.web.console._shown import span
from chatcrew.web.files import Files

_DOOR_SECONDS = 3600
_SAID = ("left", "ended")


@dataclass(frozen=True, slots=True)
class Inside:
    """Somebody who is signed in.

    Attributes:
        session: his.
        secret: of his browser.
    """

    session: Session
    secret: str

    @property
    def who(self) -> Principal:
        """The person, with the rights he has now."""
        return self.session.who


class Door:
    """Lets people in and out.

    Args:
        accounts: who may.
        files: templates and words.
        audit: keeps who came.
        metrics: counters.
        proxies: networks of our own proxies, which say from where a browser comes.
    """

    def __init__(
        self,
        accounts: Accounts,
        *,
        files: Files,
        audit: Audit,
        metrics: Metrics,
        proxies: Networks = (),
    ) -> None:
        self._accounts = accounts
        self._files = files
        self._audit = audit
        self._metrics = metrics
        self._proxies = proxies

    async def inside(self, request: web.Request) -> Inside | None:
        """Return who is signed in, or None."""
        secret = secret_of(request, SESSION)
        session = await self._accounts.session(secret)
        return None if session is None or secret is None else Inside(session, secret)

    async def page(self, request: web.Request) -> web.StreamResponse:
        """Show the form, or where somebody is signed in already, let him go on."""
        if await self.inside(request) is not None:
            return to(next_of(request.query.get("next")))
        said = request.query.get("said", "")
        return self._form(request, said=f"login.{said}" if said in _SAID else "")

    async def enter(self, request: web.Request) -> web.StreamResponse:
        """Sign somebody in; the browser gets a new secret, whatever it had before."""
        form = await request.post()
        name, password = str(form.get("name", "")), str(form.get("password", ""))
        wanted = next_of(str(form.get("next", "")))
        known = secret_of(request, DOOR)
        if known is None or not is_ours(request, str(form.get("token", "")), known):
            return self._form(request, said="login.stale", wanted=wanted, name=name, status=403)
        address = address_of(request, self._proxies)
        found = await self._accounts.enter(name, password, address=address)
        if isinstance(found, Refused):
            return self._refused(request, found, wanted=wanted, name=name)
        await self._audit.note(Deed(f"console:{found.who.name}", "console.entered"))
        self._metrics.count("chatcrew_console", act="entered")
        response = to(wanted)
        seconds = SESSION_HOURS * 3600
        keep_secret(response, SESSION, found.secret, request=request, seconds=seconds)
        forget_secret(response, DOOR)
        return response

    async def leave(self, inside: Inside) -> web.StreamResponse:
        """Sign this browser out."""
        await self._accounts.leave(inside.secret)
        self._metrics.count("chatcrew_console", act="left")
        response = to("/console/login?said=left")
        forget_secret(response, SESSION)
        return response

    def _refused(
        self, request: web.Request, refused: Refused, *, wanted: str, name: str
    ) -> web.Response:
        self._metrics.count("chatcrew_console", act="throttled" if refused.wait else "refused")
        if not refused.wait:
            return self._form(request, said="login.wrong", wanted=wanted, name=name, status=401)
        response = self._form(
            request, said="login.wait", wanted=wanted, name=name, status=429, wait=refused.wait
        )
        response.headers["Retry-After"] = str(math.ceil(refused.wait))
        return response

    def _form(
        self,
        request: web.Request,
        *,
        said: str = "",
        wanted: str = "",
        name: str = "",
        status: int = 200,
        wait: float = 0.0,
    ) -> web.Response:
        view, secret = view_of(request), new_secret()
        words = self._files.words[view.language]
        told = words[said].format(wait=span(wait, view.language)) if said else ""
        text = self._files.render(
            "login.html",
            view.language,
            view=view,
            token=form_token(secret),
            wanted=wanted or next_of(request.query.get("next")),
            name=name,
            said=told,
            fault=said in ("login.wrong", "login.wait", "login.stale"),
            path=request.path,
        )
        response = web.Response(
            text=text, status=status, content_type="text/html", charset="utf-8", headers=HEADERS
        )
        keep_secret(response, DOOR, secret, request=request, seconds=_DOOR_SECONDS)
        return response
