"""The tab's addresses: its page, a code, what is known of a conversation, and its buttons."""

import asyncio
import contextlib
import hashlib
import re
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp_sse import EventSourceResponse, sse_response

from chatcrew.errors import StoreError, WebhookError
from chatcrew.telemetry import Metrics, get_logger
from chatcrew.web.files import Files
from chatcrew.web.tab import _pages
from chatcrew.web.tab._access import Access, App, Granted, number_of, secret_of
from chatcrew.web.tab._orders import command_of
from chatcrew.web.tab._pages import language_of
from chatcrew.web.tab._ports import Orders, Pairings, Panel, Sight

_log = get_logger("tab")

SECTIONS = ("state", "suggestion", "summary", "data", "memory", "turns")
"""Parts of the panel; each is swapped by itself, only when it has changed."""

_EVERY = 1.5
"""Seconds between two looks at whether a shown conversation has changed."""

_LONGEST_STREAM = 3600.0
"""Seconds after which a page has to ask anew."""

MOST_STREAMS = 500
"""Streams of one process; who comes later is told so, and looks by himself now and then."""

_KNOWN = re.compile(r"([a-z]+)=([0-9a-f]{12})")
_Handle = Callable[[web.Request, App], Awaitable[web.StreamResponse]]


class Tab:
    """The dashboard app of Chatwoot (contract §6).

    Args:
        access: who may see what.
        pairings: codes and sessions.
        sight: what is known.
        orders: where buttons go.
        pages: templates and files.
        metrics: counters.
        most_streams: that are open at once.
    """

    def __init__(
        self,
        access: Access,
        *,
        pairings: Pairings,
        sight: Sight,
        orders: Orders,
        pages: Files,
        metrics: Metrics,
        most_streams: int = MOST_STREAMS,
    ) -> None:
        self._access = access
        self._pairings = pairings
        self._sight = sight
        self._orders = orders
        self._pages = pages
        self._metrics = metrics
        self._most_streams = most_streams
        self._streams: set[asyncio.Task[object]] = set()

    def add_to(self, app: web.Application) -> None:
        """Add the addresses; what hangs on a stream is let go when the server ends."""
        talk = "/tab/{app}/conversations/{number}"
        app.router.add_get("/tab/static/{name}", self.static)
        app.router.add_get("/tab/{app}", self._of_app(self.page))
        app.router.add_post("/tab/{app}/leave", self._of_app(self.leave))
        app.router.add_post(f"{talk}/code", self._of_app(self.code))
        app.router.add_get(f"{talk}/panel", self._of_app(self.panel))
        app.router.add_get(f"{talk}/events", self._of_app(self.events))
        app.router.add_post(f"{talk}/orders", self._of_app(self.order))
        app.on_shutdown.append(self._close)

    async def static(self, request: web.Request) -> web.Response:
        """Return a static file."""
        return self._pages.file(request.match_info["name"])

    async def page(self, request: web.Request, app: App) -> web.Response:
        """Return the empty page: it holds nothing that is not for everybody's eyes."""
        text = self._pages.render("page.html", language_of(request), origins=" ".join(app.origins))
        return _html(text, app)

    async def code(self, request: web.Request, app: App) -> web.Response:
        """Give the browser a secret and a code; anybody may ask, and learns nothing by it.

        Raises:
            WebhookError: 404 for what is no number, 429 where too many were given.
        """
        number = number_of(request.match_info["number"])
        if number is None:
            raise WebhookError(404, kind="not_found")
        if not self._access.may_begin(app):
            raise WebhookError(429, kind="too_many_codes")
        begun = await self._pairings.begin(app.account, number, secret=secret_of(request))
        text = self._pages.render("code.html", language_of(request), code=begun.code)
        self._metrics.count("chatcrew_tab", act="code")
        answer = {"secret": begun.secret, "html": text, "until": begun.expires_at.timestamp()}
        return web.json_response(answer, headers=_pages.headers(app.origins))

    async def leave(self, request: web.Request, app: App) -> web.Response:
        """End the browser's sessions."""
        secret = secret_of(request)
        if secret is not None:
            await self._pairings.leave(secret)
        return _nothing(app)

    async def panel(self, request: web.Request, app: App) -> web.Response:
        """Return the panel, or of it what has changed since; nothing to whom nothing is granted."""
        granted = await self._access.granted(app, request)
        panel = await self._panel(granted)
        if granted is None or panel is None:
            return _nothing(app)
        sections = self._sections(panel, granted, language_of(request))
        known = dict(_KNOWN.findall(request.headers.get("X-Tab-Seen", "")))
        if known:
            changed = [text for name, (text, mark) in sections.items() if known.get(name) != mark]
            return _html("\n".join(changed), app)
        whole = "\n".join(text for text, _ in sections.values())
        text = self._pages.render("panel.html", language_of(request), sections=whole)
        return _html(text, app)

    async def order(self, request: web.Request, app: App) -> web.Response:
        """Put a pressed button in the mailbox, with the name of who is paired."""
        granted = await self._access.granted(app, request)
        if granted is None:
            return _nothing(app)
        form = {
            key: value for key, value in (await request.post()).items() if isinstance(value, str)
        }
        command = command_of(form)
        if command is None:
            raise WebhookError(422, kind="unknown_order")
        session = granted.session
        await self._orders.give(
            granted.found.id, command=command, by=session.user_name, user_id=session.user_id
        )
        self._metrics.count("chatcrew_tab", act=form["order"])
        _log.info(
            "tab.order",
            conversation=str(granted.found.id),
            order=form["order"],
            user=session.user_id,
        )
        text = self._pages.render("said.html", language_of(request), order=form["order"])
        return _html(text, app)

    async def events(self, request: web.Request, app: App) -> web.StreamResponse:
        """Say whenever what is shown may have changed, and when the session has ended.

        Raises:
            WebhookError: 429 where too many look already.
        """
        granted = await self._access.granted(app, request)
        if granted is None:
            return _nothing(app)
        if len(self._streams) >= self._most_streams:
            raise WebhookError(429, kind="too_many_streams")
        task = asyncio.current_task()
        assert task is not None
        self._streams.add(task)
        try:
            async with sse_response(request, headers=_pages.headers(app.origins)) as stream:
                # Where the browser or the database goes away, the page asks again by itself
                with contextlib.suppress(ConnectionResetError, StoreError):
                    await self._tell(stream, request, app, granted)
                return stream
        finally:
            self._streams.discard(task)

    async def _tell(
        self, stream: EventSourceResponse, request: web.Request, app: App, granted: Granted
    ) -> None:
        mark = await self._sight.mark(granted.found)
        for _ in range(round(_LONGEST_STREAM / _EVERY)):
            await asyncio.sleep(_EVERY)
            if await self._access.granted(app, request) is None:
                await stream.send("", event="ended")
                return
            now = await self._sight.mark(granted.found)
            if now != mark:
                mark = now
                await stream.send("", event="changed")

    async def _panel(self, granted: Granted | None) -> Panel | None:
        if granted is None:
            return None
        return await self._sight.panel(granted.found, user_id=granted.session.user_id)

    def _sections(
        self, panel: Panel, granted: Granted, language: str
    ) -> dict[str, tuple[str, str]]:
        """Return each section with a digest of what it shows."""
        found = {}
        for name in SECTIONS:
            inner = self._pages.render(
                f"{name}.html", language, panel=panel, session=granted.session
            )
            mark = hashlib.sha256(inner.encode()).hexdigest()[:12]
            text = self._pages.render("section.html", language, name=name, mark=mark, inner=inner)
            found[name] = (text, mark)
        return found

    def _of_app(self, handle: _Handle) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handler(request: web.Request) -> web.StreamResponse:
            app = await self._access.app(request.match_info["app"])
            if app is None:
                raise WebhookError(404, kind="not_found")
            try:
                return await handle(request, app)
            except StoreError as error:
                raise WebhookError(500, kind="store_unavailable") from error

        return handler

    async def _close(self, _: web.Application) -> None:
        for task in tuple(self._streams):
            task.cancel()


def _html(text: str, app: App) -> web.Response:
    return web.Response(
        text=text, content_type="text/html", charset="utf-8", headers=_pages.headers(app.origins)
    )


def _nothing(app: App) -> web.Response:
    """Answer whom nothing is granted: the same for every reason, and no error in his console."""
    return web.Response(status=204, headers=_pages.headers(app.origins))
