"""The sandbox's web server: the page, its JSON, and a live stream of changes."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import pydantic
from aiohttp import web
from aiohttp_sse import sse_response

from chatcrew.sandbox import _pages
from chatcrew.sandbox._bodies import AgentMessage, Body, CustomerMessage
from chatcrew.sandbox._desk import SandboxDesk
from chatcrew.sandbox._files import received, served
from chatcrew.sandbox._views import conversation_view, customer_view, window_view
from chatcrew.sandbox._windows import Window, desk_of, first_inbox
from chatcrew.testing import Change, Contact, Conversation, FakeChatwoot, Inbox, stop_serving

B = TypeVar("B", bound=Body)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

# A page of another origin cannot send this header without a CORS preflight, which nobody answers.
_OWN_HEADER = "X-Chatcrew-Sandbox"
# Many changes come together (a message, its receipts); one view of the conversation is enough.
_GATHER_SECONDS = 0.03
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Sandbox:
    """Shows inboxes of one account of a FakeChatwoot as a phone and as the operator's desk.

    Args:
        chatwoot: started by the caller, with an account, an inbox with a bot, and an agent.
        title: the page's heading.
        model_configured: False shows a banner that says what the bot can do without a model.
        starters: questions offered to a new customer; for a page of one inbox.
        business_name: whom the customer writes to; for a page of one inbox.
        inbox: the one inbox; default: the first that has a bot.
        windows: several inboxes instead, each with its business; the first is open at the start.
        tab: address of the chatcrew tab, shown in each conversation as Chatwoot shows it.

    Raises:
        ValueError: FakeChatwoot lacks an inbox with a bot, or an agent; or the windows' inboxes
            are of several accounts.
    """

    def __init__(
        self,
        chatwoot: FakeChatwoot,
        *,
        title: str,
        model_configured: bool,
        starters: Sequence[str] = (),
        business_name: str = "",
        inbox: Inbox | None = None,
        windows: Sequence[Window] = (),
        tab: str | None = None,
    ) -> None:
        self._chatwoot = chatwoot
        self._title = title
        self._tab = tab
        self._model_configured = model_configured
        alone = (
            () if windows else (Window(inbox or first_inbox(chatwoot), business_name, starters),)
        )
        self._windows = {window.inbox.id: window for window in (*windows, *alone)}
        if len({window.inbox.account_id for window in self._windows.values()}) > 1:
            raise ValueError("a page shows the inboxes of one account")
        self._desks = {number: desk_of(chatwoot, w.inbox) for number, w in self._windows.items()}
        self._desk = next(iter(self._desks.values()))
        self._runner: web.AppRunner | None = None
        self._host = "127.0.0.1"
        self._pages: _pages.Pages | None = None

    @property
    def url(self) -> str:
        """The page's address, known after ``start``."""
        assert self._runner is not None, "the sandbox is not started"
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._runner.addresses[0][1]}/"

    async def start(self, host: str = "127.0.0.1", port: int = 8080) -> None:
        """Serve the page; port 0 takes a free one.

        Raises:
            OSError: the port is taken.
        """
        self._pages = await asyncio.to_thread(_pages.load)
        app = web.Application(
            middlewares=[_only_our_page(host, tab=self._tab)], client_max_size=64 * 1024
        )
        app.add_routes(
            [
                web.get("/", self._index),
                web.get("/static/{name}", self._static),
                web.get("/media/{key}", self._media),
                web.get("/api/state", self._state),
                web.get("/api/events", self._events),
                web.post("/api/customers", self._new_customer),
                web.post("/api/customers/{id:\\d+}/messages", self._customer_message),
                web.post("/api/customers/{id:\\d+}/files", self._customer_file),
                web.post("/api/conversations/{id:\\d+}/messages", self._agent_message),
                web.post(
                    "/api/conversations/{id:\\d+}/take-over", self._act(SandboxDesk.take_over)
                ),
                web.post(
                    "/api/conversations/{id:\\d+}/hand-back", self._act(SandboxDesk.hand_back)
                ),
                web.post("/api/conversations/{id:\\d+}/resolve", self._act(SandboxDesk.resolve)),
            ]
        )
        self._host = host
        # Live streams never end by themselves; they must not hold up the end.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError:
            await self.close()
            raise

    async def close(self) -> None:
        """Stop serving."""
        if self._runner is not None:
            await stop_serving(self._runner)
            self._runner = None

    async def _index(self, request: web.Request) -> web.StreamResponse:
        assert self._pages is not None, "loaded by start"
        return self._pages.index(_pages.language_of(request))

    async def _static(self, request: web.Request) -> web.StreamResponse:
        assert self._pages is not None, "loaded by start"
        return self._pages.file(request.match_info["name"])

    async def _media(self, request: web.Request) -> web.StreamResponse:
        found = self._chatwoot.server.attachment(request.match_info["key"])
        if found is None or not found.file.data:
            raise web.HTTPNotFound
        return served(found.file)

    async def _state(self, _request: web.Request) -> web.StreamResponse:
        account, bot = self._desk.account, self._desk.bot
        if not account.contacts:
            self._desk.new_customer()
        ours = [c for c in account.conversations.values() if c.inbox.id in self._desks]
        inboxes = [window_view(window) for window in self._windows.values()]
        state = {
            "seq": len(self._chatwoot.changes.entries),
            "title": self._title,
            "businessName": inboxes[0]["business"],
            "modelConfigured": self._model_configured,
            "starters": inboxes[0]["starters"],
            "inboxes": inboxes,
            "agent": self._desk.agent.name,
            "agentId": self._desk.agent.id,
            "tab": self._tab,
            "bot": None if bot is None else bot.name,
            "customers": [customer_view(contact) for contact in account.contacts.values()],
            "conversations": [conversation_view(c) for c in ours],
        }
        return web.json_response(state)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        after = request.query.get("after", "")
        seen = int(after) if after.isdecimal() else len(self._chatwoot.changes.entries)
        async with sse_response(request, headers={"Cache-Control": "no-store"}) as stream:
            # A closed tab shows only when something is written to it.
            with contextlib.suppress(ConnectionResetError):
                async for batch in self._chatwoot.changes.batches(seen):
                    await asyncio.sleep(_GATHER_SECONDS)
                    for conversation in self._touched(batch):
                        view = json.dumps(conversation_view(conversation), ensure_ascii=False)
                        await stream.send(view, event="conversation")
        return stream

    def _touched(self, batch: Sequence[Change]) -> list[Conversation]:
        account = self._desk.account
        numbers = {c.conversation_id for c in batch if c.account_id == account.id}
        rows = [account.conversations[n] for n in sorted(n for n in numbers if n is not None)]
        return [row for row in rows if row.inbox.id in self._desks]

    async def _new_customer(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response(customer_view(self._desk.new_customer()), status=201)

    async def _customer_message(self, request: web.Request) -> web.StreamResponse:
        contact = self._contact(request)
        body = await _read(request, CustomerMessage)
        desk = self._desk if body.inbox is None else self._desks.get(body.inbox)
        if desk is None:
            raise web.HTTPNotFound
        if body.chosen is not None:
            if not await desk.choose(contact, body.chosen, body.text or ""):
                raise web.HTTPNotFound
        elif body.text is None and body.file is None:
            raise web.HTTPUnprocessableEntity(text="text or file is needed")
        else:
            await desk.write(contact, body.text, body.file)
        return web.Response(status=204)

    async def _customer_file(self, request: web.Request) -> web.StreamResponse:
        contact, inbox = self._contact(request), request.query.get("inbox", "")
        desk = self._desks.get(int(inbox)) if inbox.isdecimal() else self._desk
        if desk is None:
            raise web.HTTPNotFound
        file = await received(request)
        await desk.send(contact, request.query.get("text", "")[:4096], file)
        return web.Response(status=204)

    async def _agent_message(self, request: web.Request) -> web.StreamResponse:
        conversation = self._conversation(request)
        body = await _read(request, AgentMessage)
        await self._desks[conversation.inbox.id].say(conversation, body.text, private=body.private)
        return web.Response(status=204)

    def _act(self, action: Callable[[SandboxDesk, Conversation], Awaitable[None]]) -> Handler:
        async def act(request: web.Request) -> web.StreamResponse:
            conversation = self._conversation(request)
            await action(self._desks[conversation.inbox.id], conversation)
            return web.Response(status=204)

        return act

    def _contact(self, request: web.Request) -> Contact:
        found = self._desk.account.contacts.get(int(request.match_info["id"]))
        if found is None:
            raise web.HTTPNotFound
        return found

    def _conversation(self, request: web.Request) -> Conversation:
        found = self._desk.account.conversations.get(int(request.match_info["id"]))
        if found is None or found.inbox.id not in self._desks:
            raise web.HTTPNotFound
        return found


def _only_our_page(host: str, *, tab: str | None) -> Any:
    """Return the middleware that keeps other sites' pages out and adds the security headers."""

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        # A name that was re-pointed to loopback would make its pages "same origin" with ours.
        if host in _LOOPBACK and request.url.host not in _LOOPBACK:
            raise web.HTTPForbidden(text="unknown host")
        if request.method == "POST" and request.headers.get(_OWN_HEADER) != "1":
            raise web.HTTPForbidden(text="only the sandbox's own page may write")
        response = await handler(request)
        return response if response.prepared else _pages.secured(response, tab=tab)

    return check


async def _read(request: web.Request, kind: type[B]) -> B:
    try:
        return kind.model_validate_json(await request.read())
    except pydantic.ValidationError as error:
        problems: list[Any] = error.errors(include_input=False, include_url=False)
        text = json.dumps([problem["msg"] for problem in problems])
        raise web.HTTPUnprocessableEntity(text=text) from error
