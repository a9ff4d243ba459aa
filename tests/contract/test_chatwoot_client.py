"""The REST client against a server that misbehaves in every way networks and proxies do."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from chatcrew.chatwoot import ChatwootClient, Pacing, Transport, open_session
from chatcrew.clock import SystemClock
from chatcrew.errors import (
    ChatwootError,
    ChatwootRejected,
    ChatwootUnavailable,
    ConversationGone,
    LeaseLost,
)

Reply = Callable[[web.Request], Any]


class Server:
    """Answers each request with the next planned reply and remembers what it got."""

    def __init__(self) -> None:
        self.replies: list[Reply | web.Response] = []
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []
        self.url = ""
        self.release = asyncio.Event()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Serve one request."""
        body = await request.read()
        self.seen.append((request.method, request.path_qs, dict(request.headers), body))
        reply = self.replies.pop(0) if self.replies else json_reply({})
        return await reply(request) if callable(reply) else reply


def json_reply(value: Any, status: int = 200, **headers: str) -> Any:
    """Return a function that answers with JSON (a response object can be sent only once)."""

    async def reply(_request: web.Request) -> web.Response:
        return web.json_response(value, status=status, headers=headers)

    return reply


def plain(status: int, text: str, **headers: str) -> Any:
    """Return a function that answers with text."""

    async def reply(_request: web.Request) -> web.Response:
        return web.Response(status=status, text=text, headers=headers)

    return reply


async def drop(request: web.Request) -> web.Response:
    """Close the connection instead of answering."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """A server on a free port of loopback."""
    found = Server()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", found.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield found
    found.release.set()
    await runner.cleanup()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """The session of a process."""
    async with open_session() as opened:
        yield opened


@pytest.fixture
def observed() -> list[tuple[str, str]]:
    """What the metrics would be told."""
    return []


@pytest.fixture
def transport(session: aiohttp.ClientSession, observed: list[tuple[str, str]]) -> Transport:
    """A transport with short waits."""
    clock = SystemClock()
    return Transport(
        lambda: session,
        pacing=Pacing(clock),
        clock=clock,
        timeout=0.4,
        pause=0.001,
        observe=lambda act, result: observed.append((act, result)),
    )


@pytest.fixture
def client(server: Server, transport: Transport) -> ChatwootClient:
    """A client of account 3."""
    return ChatwootClient(
        transport, base_url=server.url, account_id=3, token="segredo-do-bot", user_token="da-Ana"
    )


async def fault(call: Any) -> ChatwootError:
    """Return the error a call ends with."""
    with pytest.raises(ChatwootError) as caught:
        await call
    return caught.value


async def test_a_message_is_one_post_with_the_bots_token(
    server: Server, client: ChatwootClient, observed: list[tuple[str, str]]
) -> None:
    """Header, path and body are what Chatwoot reads; its id comes back (S4-15)."""
    server.replies = [json_reply({"id": 880201, "status": "sent"})]

    created = await client.create_message(
        1532, "Olá {{x}}", content_attributes={"chatcrew": {"tag": "t-1"}}
    )

    method, path, headers, body = server.seen[0]
    assert created == 880201
    assert (method, path) == ("POST", "/api/v1/accounts/3/conversations/1532/messages")
    assert headers["api-access-token"] == "segredo-do-bot"
    assert b'"tag":"t-1"' in body
    assert "Olá {\u200b{x}\u200b}".encode() in body
    assert observed == [("create_message", "ok")]


@pytest.mark.parametrize(
    ("reply", "maybe_done"),
    [
        (drop, True),
        (json_reply({"error": "x"}, 500), True),
        (plain(502, "<html>Bad Gateway</html>"), True),
        (plain(200, "<html>Sign in</html>"), True),
        (plain(200, '{"id": 1' + " " * 1_100_000), True),
        (plain(429, "Retry later"), False),
        (json_reply({"error": "Validation failed: Too many messages"}, 422), False),
    ],
)
async def test_creating_a_message_is_tried_once_and_says_whether_it_may_be_done(
    server: Server, client: ChatwootClient, reply: Any, *, maybe_done: bool
) -> None:
    """There is no idempotency key, so a lost answer is the outbox's business (complaint 2)."""
    server.replies = [reply]

    error = await fault(client.create_message(1, "oi"))

    assert isinstance(error, ChatwootUnavailable)
    assert error.maybe_done is maybe_done
    assert len(server.seen) == 1


async def test_a_hanging_answer_may_be_done(server: Server, client: ChatwootClient) -> None:
    """The request left; only its answer is missing."""

    async def hang(_request: web.Request) -> web.Response:
        await server.release.wait()
        return web.json_response({})

    server.replies = [hang]

    error = await fault(client.create_message(1, "oi"))

    assert isinstance(error, ChatwootUnavailable)
    assert error.maybe_done


async def test_a_refused_connection_never_left_the_machine(
    transport: Transport, unused_tcp_port: int
) -> None:
    """Nothing listens, so nothing was sent and it may be tried again."""
    away = ChatwootClient(
        transport, base_url=f"http://127.0.0.1:{unused_tcp_port}", account_id=3, token="t"
    )

    error = await fault(away.create_message(1, "oi"))

    assert isinstance(error, ChatwootUnavailable)
    assert error.retryable
    assert not error.maybe_done


class NoNames(AbstractResolver):
    """A resolver that knows nobody."""

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:
        raise OSError(f"{host} is unknown")

    async def close(self) -> None:
        """Nothing is open."""


async def test_an_unknown_host_a_wrong_protocol_and_no_address_never_left_either(
    server: Server,
) -> None:
    """DNS, TLS and address faults come before a request is written."""
    clock = SystemClock()
    connector = aiohttp.TCPConnector(resolver=NoNames())
    async with aiohttp.ClientSession(connector=connector) as session:
        nowhere = Transport(lambda: session, pacing=Pacing(clock), clock=clock, timeout=0.4)
        await refused_before_leaving(nowhere, "http://chat.exemplo.com.br")
        await refused_before_leaving(nowhere, server.url.replace("http:", "https:"))
        await refused_before_leaving(nowhere, "http://" + "a" * 70 + ".com")
    assert server.seen == []


async def refused_before_leaving(transport: Transport, url: str) -> None:
    """Check that a message to ``url`` fails without a doubt."""
    away = ChatwootClient(transport, base_url=url, account_id=3, token="t")

    error = await fault(away.create_message(1, "oi"))

    assert isinstance(error, ChatwootUnavailable)
    assert not error.maybe_done


@pytest.mark.parametrize(
    ("reply", "kind", "status"),
    [
        (json_reply({"error": "Invalid Access Token"}, 401), ChatwootRejected, 401),
        (json_reply({"errors": ["You need to sign in"]}, 401), ChatwootRejected, 401),
        (json_reply({"error": "API access is not enabled"}, 403), ChatwootRejected, 403),
        (json_reply({"error": "Resource could not be found"}, 404), ConversationGone, 404),
        (plain(404, "<html>not found</html>"), ChatwootRejected, 404),
        (json_reply({"message": "invalid", "attributes": ["x"]}, 422), ChatwootRejected, 422),
        (plain(301, "", Location="https://outro.exemplo/"), ChatwootRejected, 301),
        (plain(400, "<html>"), ChatwootRejected, 400),
    ],
)
async def test_a_no_is_a_no_at_once(
    server: Server, client: ChatwootClient, reply: Any, kind: type[ChatwootError], status: int
) -> None:
    """Contract §4.6's statuses become the error its reader can act on, without a second try."""
    server.replies = [reply]

    error = await fault(client.toggle_status(1, "open"))

    assert type(error) is kind
    assert error.status == status
    assert not error.retryable
    assert len(server.seen) == 1


async def test_states_and_reads_are_tried_three_times(
    server: Server, client: ChatwootClient, observed: list[tuple[str, str]]
) -> None:
    """Setting a status twice is setting it once, so a lost answer is asked for again."""
    answer = {"payload": {"success": None, "current_status": "open"}}
    server.replies = [drop, plain(503, "x"), json_reply(answer)]

    status = await client.toggle_status(1, "open")

    assert status == "open"
    assert observed == [("status", "unavailable"), ("status", "unavailable"), ("status", "ok")]
    server.replies = [plain(500, "x")] * 4
    assert (await fault(client.conversation(1))).retryable
    assert len(server.seen) == 6


async def test_a_429_is_not_hammered_and_holds_back_the_next_call(
    server: Server, client: ChatwootClient, observed: list[tuple[str, str]]
) -> None:
    """rack-attack's window is a minute: neither this call nor another asks again before."""
    server.replies = [plain(429, "Retry later", **{"Retry-After": "30"})]

    first = await fault(client.conversation(1))
    second = await fault(client.toggle_status(2, "open"))

    assert first.retry_after == 30
    assert isinstance(second, ChatwootUnavailable)
    assert second.retry_after == pytest.approx(30, abs=1)
    assert not second.maybe_done
    assert len(server.seen) == 1
    assert observed == [("conversation", "unavailable")]


async def test_the_limit_of_the_contact_search_does_not_stop_messages(
    server: Server, client: ChatwootClient
) -> None:
    """Searching has its own 100 a minute."""
    server.replies = [plain(429, "Retry later"), json_reply({"id": 5})]

    await fault(client.search_contacts("maria"))

    assert await client.create_message(1, "oi") == 5


async def test_the_last_check_stands_right_before_the_write(
    server: Server, client: ChatwootClient
) -> None:
    """A lease that ended while we waited for the pace stops the call (design §3)."""

    def lost() -> None:
        raise LeaseLost("over")

    with pytest.raises(LeaseLost):
        await client.create_message(1, "oi", last_check=lost)

    assert server.seen == []


async def test_labels_and_attributes_are_added_not_replaced(
    server: Server, client: ChatwootClient
) -> None:
    """Chatwoot only replaces, so what is there is read first (contract §4.2)."""
    server.replies = [
        json_reply({"payload": ["vip"]}),
        json_reply({"payload": ["vip", "novo"]}),
        json_reply({"payload": ["vip"]}),
        json_reply({"custom_attributes": {"a": 1, "b": 2}}),
        json_reply({}),
        json_reply({"custom_attributes": {"a": 1}}),
    ]

    added = await client.add_labels(1, ["novo", "vip", "novo"])
    unchanged = await client.add_labels(1, ["vip"])
    await client.set_custom_attributes(1, {"b": 3})
    await client.set_custom_attributes(1, {"a": 1})

    assert added == ("vip", "novo")
    assert unchanged == ("vip",)
    assert [(method, body) for method, _, _, body in server.seen] == [
        ("GET", b""),
        ("POST", b'{"labels":["vip","novo"]}'),
        ("GET", b""),
        ("GET", b""),
        ("POST", b'{"custom_attributes":{"a":1,"b":3}}'),
        ("GET", b""),
    ]


async def test_person_and_team_are_two_calls(server: Server, client: ChatwootClient) -> None:
    """Chatwoot ignores the team where a person is named; null unassigns."""
    await client.assign(1, assignee_id=12, team_id=4)
    await client.assign(1, assignee_id=7, assignee_type="AgentBot")
    await client.assign(1)

    assert [body for _, _, _, body in server.seen] == [
        b'{"team_id":4}',
        b'{"assignee_id":12}',
        b'{"assignee_id":7,"assignee_type":"AgentBot"}',
        b'{"assignee_id":null}',
    ]


async def test_an_unknown_person_does_not_make_the_conversation_gone(
    server: Server, client: ChatwootClient
) -> None:
    """A 404 of an assignment may mean the person."""
    server.replies = [json_reply({"error": "Resource could not be found"}, 404)]

    assert type(await fault(client.assign(1, assignee_id=99))) is ChatwootRejected


async def test_what_only_people_may_read_goes_with_the_user_token(
    server: Server, client: ChatwootClient, transport: Transport
) -> None:
    """History, lists and contacts; without such a token nothing is sent (S4-17)."""
    server.replies = [
        json_reply({"payload": [{"id": 1}, {"id": 2}]}),
        json_reply({"data": {"payload": [{"id": 9}]}}),
        json_reply({"payload": {"id": 501}}),
        json_reply({"payload": [{"id": 501}]}),
        json_reply({}),
    ]

    history = await client.messages(1, after=5)
    listed = await client.conversations(status="pending", inbox_id=21)
    contact = await client.contact(501)
    found = await client.search_contacts("maria")
    await client.update_contact(501, {"name": "Maria"})

    assert [row["id"] for row in history] == [1, 2]
    assert [row["id"] for row in listed] == [9]
    assert (contact["id"], found[0]["id"]) == (501, 501)
    assert {headers["api-access-token"] for _, _, headers, _ in server.seen} == {"da-Ana"}
    assert server.seen[0][1].endswith("/conversations/1/messages?after=5")
    poor = ChatwootClient(transport, base_url=server.url, account_id=3, token="t")
    assert not poor.has_user_token
    assert type(await fault(poor.messages(1))) is ChatwootRejected
    assert len(server.seen) == 5


async def test_typing_and_priority_have_empty_answers(
    server: Server, client: ChatwootClient
) -> None:
    """200 without a body is a good answer."""
    server.replies = [plain(200, ""), plain(200, "")]

    await client.typing(1, on=True)
    await client.set_priority(1, None)

    assert [body for _, _, _, body in server.seen] == [
        b'{"typing_status":"on","is_private":false}',
        b'{"priority":null}',
    ]


async def test_neither_tokens_nor_customers_words_reach_an_error(
    server: Server, client: ChatwootClient
) -> None:
    """Errors are logged, so they hold Chatwoot's reason without anybody's data."""
    words = "'segredo do cliente' is not valid, maria@exemplo.com.br, +55 11 90000-0000"
    server.replies = [json_reply({"error": words}, 422), drop]

    rejected = await fault(client.create_message(1, "conteúdo do cliente"))
    lost = await fault(client.create_message(1, "conteúdo do cliente"))

    for error in (rejected, lost):
        shown = f"{error!r} {error.__cause__!r} {client!r}"
        assert "segredo" not in shown
        assert "cliente" not in shown
        assert "maria@" not in shown
        assert "90000" not in shown
    assert "is not valid" in str(rejected)


async def test_text_that_json_cannot_hold_is_cleaned_on_the_way_out(
    server: Server, client: ChatwootClient
) -> None:
    """A model may cut an emoji in half; the message still goes out."""
    await client.create_message(1, "oi \ud83d")

    assert "oi \ufffd".encode() in server.seen[0][3]
