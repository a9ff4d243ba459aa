"""FakeChatwoot's HTTP side: routes, authentication, rate limit, faults, files."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from email.utils import format_datetime
from typing import Any

from aiohttp import web

from chatcrew.testing._chatwoot.admin_api import AdminApi
from chatcrew.testing._chatwoot.answers import fault_answer, json_answer
from chatcrew.testing._chatwoot.auth import (
    ApiError,
    RequestRate,
    authenticate,
    authorize,
    not_found,
    token_of,
)
from chatcrew.testing._chatwoot.call import ApiCall, Call, read_parameters
from chatcrew.testing._chatwoot.conversation_api import ConversationApi
from chatcrew.testing._chatwoot.desk import Desk
from chatcrew.testing._chatwoot.directory_api import DirectoryApi
from chatcrew.testing._chatwoot.faults import Fault, Faults
from chatcrew.testing._chatwoot.guise import CURRENT, Guise
from chatcrew.testing._chatwoot.messages import MessageDesk
from chatcrew.testing._chatwoot.people import Attachment
from chatcrew.testing._serving import stop_serving
from chatcrew.testing.wires import Wires
from chatcrew.web import stop_accepting

Handler = Callable[[Call], Awaitable[Any]]

_MAX_BODY = 45 * 1024 * 1024
_CONVERSATION = "/conversations/{conversation_id}"


class ChatwootServer:
    """The loopback server; counts every call and applies planned faults."""

    def __init__(
        self,
        desk: Desk,
        messages: MessageDesk,
        *,
        faults: Faults,
        requests_per_minute: int,
        port: int,
        guise: Guise = CURRENT,
        wires: Wires | None = None,
    ) -> None:
        self._wires = wires
        self._guise = guise
        self.calls: Counter[str] = Counter()
        self.requests: list[ApiCall] = []
        self.rate = RequestRate(requests_per_minute)
        self.port = port
        self._desk = desk
        self._faults = faults
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None
        self._conversations = ConversationApi(desk, messages)
        self._directory = DirectoryApi(desk)
        self._admin = AdminApi(guise)

    @property
    def url(self) -> str:
        """The base address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Listen on loopback."""
        app = web.Application(client_max_size=_MAX_BODY)
        app.on_response_prepare.append(self._stamp)
        app.router.add_get("/api", self._version)
        for method, path, name, handler in self._routes():
            app.router.add_route(method, f"/api/v1{path}", self._endpoint(name, handler))
        app.router.add_get(
            "/rails/active_storage/{what}/redirect/{key}/{name}", self._redirect_to_file
        )
        app.router.add_get("/rails/active_storage/disk/{key}/{name}", self._send_file)
        # Hanging calls must not hold up the end of a test.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await self.accept_connections()

    async def accept_connections(self) -> None:
        """Listen (again), on the same port as before."""
        assert self._runner is not None, "FakeChatwoot is not started"
        if self._wires is not None:
            self._wires.serve(self.url, self._runner)
        elif self._site is None:
            self._site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
            await self._site.start()
            self.port = self._runner.addresses[0][1]

    async def refuse_connections(self) -> None:
        """Close the listening socket and every kept-alive connection: new ones are refused."""
        assert self._runner is not None, "FakeChatwoot is not started"
        if self._wires is not None:
            self._wires.cut(self.url)
            return
        await stop_accepting(self._runner)
        self._site = None
        server = self._runner.server
        assert server is not None, "the runner is set up"
        for connection in list(server.connections):
            connection.force_close()
            if connection.transport is not None:
                connection.transport.close()

    async def close(self) -> None:
        """Stop listening and end hanging calls."""
        self._faults.clear()
        if self._runner is not None:
            await stop_serving(self._runner)

    def _routes(self) -> list[tuple[str, str, str, Handler]]:
        talk, directory, admin = self._conversations, self._directory, self._admin
        inside: list[tuple[str, str, Handler]] = [
            ("POST", f"{_CONVERSATION}/messages", talk.create_message),
            ("GET", f"{_CONVERSATION}/messages", talk.list_messages),
            ("DELETE", f"{_CONVERSATION}/messages/{{message_id}}", talk.delete_message),
            ("POST", "/conversations", talk.create_conversation),
            ("GET", "/conversations", talk.list_conversations),
            ("GET", _CONVERSATION, talk.show_conversation),
            ("PATCH", _CONVERSATION, talk.update_conversation),
            ("POST", f"{_CONVERSATION}/toggle_status", talk.toggle_status),
            ("POST", f"{_CONVERSATION}/toggle_typing_status", talk.toggle_typing_status),
            ("POST", f"{_CONVERSATION}/toggle_priority", talk.toggle_priority),
            ("POST", f"{_CONVERSATION}/assignments", talk.assignments),
            ("GET", f"{_CONVERSATION}/labels", talk.show_labels),
            ("POST", f"{_CONVERSATION}/labels", talk.labels),
            ("POST", f"{_CONVERSATION}/custom_attributes", talk.custom_attributes),
            ("POST", f"{_CONVERSATION}/update_last_seen", talk.update_last_seen),
            ("GET", "/contacts/search", directory.search_contacts),
            ("GET", "/contacts/{contact_id}", directory.show_contact),
            ("PUT", "/contacts/{contact_id}", directory.update_contact),
            ("PATCH", "/contacts/{contact_id}", directory.update_contact),
            ("GET", "/contacts/{contact_id}/conversations", directory.contact_conversations),
            ("GET", "/contacts/{contact_id}/labels", directory.show_contact_labels),
            ("POST", "/contacts/{contact_id}/labels", directory.contact_labels),
            ("GET", "/inboxes", directory.list_inboxes),
            ("GET", "/inboxes/{inbox_id}", directory.show_inbox),
            ("GET", "/inboxes/{inbox_id}/agent_bot", directory.inbox_bot),
            ("POST", "/inboxes/{inbox_id}/set_agent_bot", admin.set_agent_bot),
            ("GET", "/agent_bots", directory.list_bots),
            ("POST", "/agent_bots", admin.create_bot),
            ("GET", "/agent_bots/{bot_id}", admin.show_bot),
            ("PATCH", "/agent_bots/{bot_id}", admin.update_bot),
            ("POST", "/agent_bots/{bot_id}/reset_secret", admin.reset_secret),
            ("POST", "/agent_bots/{bot_id}/reset_access_token", admin.reset_access_token),
            ("GET", "/dashboard_apps", admin.list_apps),
            ("POST", "/dashboard_apps", admin.create_app),
            ("PATCH", "/dashboard_apps/{app_id}", admin.update_app),
            ("GET", "/webhooks", admin.list_webhooks),
            ("POST", "/webhooks", admin.create_webhook),
            ("PATCH", "/webhooks/{webhook_id}", admin.update_webhook),
            ("DELETE", "/webhooks/{webhook_id}", admin.delete_webhook),
            ("GET", "/agents", directory.list_agents),
            ("GET", "/inbox_members/{inbox_id}", directory.inbox_members),
            ("GET", "/teams", directory.list_teams),
            ("GET", "/teams/{team_id}/team_members", directory.team_members),
        ]
        routes = [
            (method, f"/accounts/{{account_id}}{path}", handler.__name__, handler)
            for method, path, handler in inside
        ]
        return [*routes, ("GET", "/profile", "profile", directory.profile)]

    def _endpoint(
        self, name: str, handler: Handler
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def answer(request: web.Request) -> web.StreamResponse:
            multipart = request.content_type == "multipart/form-data"
            if multipart:
                await request.post()  # aiohttp reads a form only from the unread stream
            body = b"" if multipart else await request.read()
            record = ApiCall(
                method=request.method,
                path=request.path,
                endpoint=name,
                query=dict(request.query),
                body=body,
                content_type=request.content_type,
                at=self._desk.now(),
            )
            self.calls[name] += 1
            self.requests.append(record)
            fault = self._faults.take(name, body)
            try:
                response = await self._answer(request, record, handler, fault)
            finally:
                self._desk.changes.add("call")
            record.status = record.status or response.status
            return response

        return answer

    async def _answer(
        self, request: web.Request, record: ApiCall, handler: Handler, fault: Fault | None
    ) -> web.Response:
        if fault is not None:
            if fault.effect == "status":
                return fault_answer(fault.status)
            if fault.effect == "delay":
                await asyncio.sleep(fault.seconds)
            if fault.effect == "hang" and not fault.after_effect:
                await self._hang(record)
        response = await self._run(request, record, handler)
        if fault is not None and fault.effect == "drop":
            record.status = -1
            if request.transport is not None:
                request.transport.close()
        if fault is not None and fault.effect == "hang" and fault.after_effect:
            await self._hang(record)
        return response

    async def _version(self, _request: web.Request) -> web.Response:
        # Chatwoot app/controllers/api_controller.rb: nobody needs a token for it
        if self.rate.exceeded(self._desk.now()):
            return fault_answer(429)
        if self._guise.hides_version:
            return web.Response(text="<html><h1>It works!</h1></html>", content_type="text/html")
        moment = self._desk.now().strftime("%Y-%m-%d %H:%M:%S")
        known = {"version": self._guise.version, "timestamp": moment}
        return json_answer(200, {**known, "queue_services": "ok", "data_services": "ok"})

    async def _stamp(self, _request: web.Request, response: web.StreamResponse) -> None:
        response.headers["Date"] = format_datetime(self._desk.now(), usegmt=True)

    async def _hang(self, record: ApiCall) -> None:
        record.status = -1
        await self._faults.released.wait()

    async def _run(self, request: web.Request, record: ApiCall, handler: Handler) -> web.Response:
        if self.rate.exceeded(record.at):
            return fault_answer(429)
        try:
            result = await handler(await self._call(request, record))
        except ApiError as error:
            return json_answer(error.status, error.body)
        return (
            web.Response()
            if result is None and not _may_be_null(record)
            else json_answer(200, result)
        )

    async def _call(self, request: web.Request, record: ApiCall) -> Call:
        accounts = self._desk.accounts
        actor = authenticate(token_of(request.headers), accounts)
        record.actor = actor
        wanted = request.match_info.get("account_id")
        account = accounts.get(actor.account_id if wanted is None else int(wanted))
        if account is None:
            raise not_found()
        authorize(actor, record.endpoint, account, bots_may=self._guise.bots_may)
        params, files = await read_parameters(request, record.body)
        return Call(request, actor, account, params, files, self.url, record.at)

    async def _redirect_to_file(self, request: web.Request) -> web.StreamResponse:
        # Chatwoot redirects to the storage; a client that does not follow gets nothing.
        self.calls["download"] += 1
        fault = self._faults.take("download", b"")
        if fault is not None and fault.effect == "status":
            return web.Response(status=fault.status)
        info = request.match_info
        found = self.attachment(info["key"])
        if found is not None and "storage" in found.file.meta:
            raise web.HTTPFound(str(found.file.meta["storage"]))
        place = f"/rails/active_storage/disk/{info['key']}/{info['name']}"
        raise web.HTTPFound(place)

    async def _send_file(self, request: web.Request) -> web.StreamResponse:
        found = self.attachment(request.match_info["key"])
        if found is None:
            return web.Response(status=404)
        return web.Response(body=found.file.data, content_type=found.file.content_type)

    def attachment(self, key: str) -> Attachment | None:
        """Return the stored file with this key."""
        for account in self._desk.accounts.values():
            for conversation in account.conversations.values():
                for message in conversation.messages:
                    for attachment in message.attachments:
                        if attachment.key == key:
                            return attachment
        return None


def _may_be_null(record: ApiCall) -> bool:
    return record.endpoint == "assignments"
