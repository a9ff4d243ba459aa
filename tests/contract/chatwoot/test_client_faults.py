"""The REST client against a server that misbehaves in every way networks and proxies do."""

from typing import Any, Protocol

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from chatcrew.chatwoot import ChatwootClient, Pacing, Transport
from chatcrew.clock import SystemClock
from chatcrew.errors import (
    ChatwootError,
    ChatwootRejected,
    ChatwootUnavailable,
    ConversationGone,
)


class Server(Protocol):
    """The planned server of conftest.py."""

    replies: list[Any]
    seen: list[tuple[str, str, dict[str, str], bytes]]
    url: str


async def fault(call: Any) -> ChatwootError:
    """Return the error a call ends with."""
    with pytest.raises(ChatwootError) as caught:
        await call
    return caught.value


@pytest.mark.parametrize(
    ("reply", "maybe_done"),
    [
        ("drop", True),
        ((500, {"error": "x"}), True),
        ((502, "<html>Bad Gateway</html>"), True),
        ((200, "<html>Sign in</html>"), True),
        ((200, '{"id": 1' + " " * 1_100_000), True),
        ((429, "Retry later"), False),
        ((422, {"error": "Validation failed: Too many messages"}), False),
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
    server.replies = ["hang"]

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
        ((401, {"error": "Invalid Access Token"}), ChatwootRejected, 401),
        ((401, {"errors": ["You need to sign in"]}), ChatwootRejected, 401),
        ((403, {"error": "API access is not enabled"}), ChatwootRejected, 403),
        ((404, {"error": "Resource could not be found"}), ConversationGone, 404),
        ((404, "<html>not found</html>"), ChatwootRejected, 404),
        ((422, {"message": "invalid", "attributes": ["x"]}), ChatwootRejected, 422),
        ((301, "", {"Location": "https://outro.exemplo/"}), ChatwootRejected, 301),
        ((400, "<html>"), ChatwootRejected, 400),
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
    server.replies = ["drop", (503, "x"), answer]

    status = await client.toggle_status(1, "open")

    assert status == "open"
    assert observed == [("status", "unavailable"), ("status", "unavailable"), ("status", "ok")]
    server.replies = [(500, "x")] * 4
    assert (await fault(client.conversation(1))).retryable
    assert len(server.seen) == 6


async def test_a_429_is_not_hammered_and_holds_back_the_next_call(
    server: Server, client: ChatwootClient, observed: list[tuple[str, str]]
) -> None:
    """rack-attack's window is a minute: neither this call nor another asks again before."""
    server.replies = [(429, "Retry later", {"Retry-After": "30"})]

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
    server.replies = [(429, "Retry later"), {"id": 5}]

    await fault(client.search_contacts("maria"))

    assert await client.create_message(1, "oi") == 5


async def test_an_unknown_person_does_not_make_the_conversation_gone(
    server: Server, client: ChatwootClient
) -> None:
    """A 404 of an assignment may mean the person."""
    server.replies = [(404, {"error": "Resource could not be found"})]

    assert type(await fault(client.assign(1, assignee_id=99))) is ChatwootRejected


async def test_neither_tokens_nor_customers_words_reach_an_error(
    server: Server, client: ChatwootClient
) -> None:
    """Errors are logged, so they hold Chatwoot's reason without anybody's data."""
    words = "'segredo do cliente' is not valid, maria@exemplo.com.br, +55 11 90000-0000"
    server.replies = [(422, {"error": words}), "drop"]

    rejected = await fault(client.create_message(1, "conteúdo do cliente"))
    lost = await fault(client.create_message(1, "conteúdo do cliente"))

    for error in (rejected, lost):
        shown = f"{error!r} {error.__cause__!r} {client!r}"
        assert "segredo" not in shown
        assert "cliente" not in shown
        assert "maria@" not in shown
        assert "90000" not in shown
    assert "is not valid" in str(rejected)
