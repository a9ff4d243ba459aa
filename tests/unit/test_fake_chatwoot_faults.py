"""The faults a test can inject into FakeChatwoot's API, and how it waits for facts (N12)."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from chatcrew.testing import Change, Conversation, FakeChatwoot


@pytest.fixture
async def cw() -> AsyncIterator[FakeChatwoot]:
    """A running FakeChatwoot without receipts."""
    async with FakeChatwoot(speed=1000, receipts=()) as server:
        yield server


@pytest.fixture
async def conversation(cw: FakeChatwoot) -> Conversation:
    """Conversation 1 of account 3."""
    account = cw.add_account(3)
    inbox = account.add_inbox(21)
    account.add_bot(7, access_token="bot")
    return await cw.customer_says(inbox, account.add_contact(501), "Oi")


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """A pool with the bot's token and a short patience."""
    timeout = aiohttp.ClientTimeout(total=0.2)
    headers = {"api_access_token": "bot"}
    async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
        yield session


async def post(cw: FakeChatwoot, session: aiohttp.ClientSession, text: str = "Olá") -> int:
    """Post a message as the bot; returns the status."""
    url = f"{cw.url}/api/v1/accounts/3/conversations/1/messages"
    async with session.post(url, json={"content": text}) as answer:
        await answer.read()
        return answer.status


@pytest.mark.parametrize("status", [422, 429, 500, 502])
async def test_a_planned_failure_hits_the_next_calls_and_has_no_effect(
    cw: FakeChatwoot, conversation: Conversation, session: aiohttp.ClientSession, status: int
) -> None:
    """Two failures, then the truth; nothing was stored meanwhile."""
    cw.faults.fail(status, times=2, endpoint="create_message")

    assert [await post(cw, session) for _ in range(3)] == [status, status, 200]
    assert len(conversation.public_bot_replies) == 1
    assert cw.calls["create_message"] == 3


async def test_a_fault_leaves_other_endpoints_alone(
    cw: FakeChatwoot, conversation: Conversation, session: aiohttp.ClientSession
) -> None:
    """It is bound to its endpoint."""
    cw.faults.fail(500, endpoint="toggle_status")

    assert await post(cw, session) == 200


async def test_a_dropped_response_has_had_its_effect(
    cw: FakeChatwoot, conversation: Conversation, session: aiohttp.ClientSession
) -> None:
    """The dangerous case of N3: posted, but the client sees a broken connection."""
    cw.faults.drop_response(endpoint="create_message", when=lambda body: b"segunda" in body)
    await post(cw, session, "primeira")

    with pytest.raises(aiohttp.ClientError):
        await post(cw, session, "segunda")

    texts = [m.content for m in conversation.public_bot_replies]
    assert texts == ["primeira", "segunda"]
    assert cw.requests[-1].status == -1


@pytest.mark.parametrize("after_effect", [False, True])
async def test_a_hanging_call_never_answers_before_or_after_its_effect(
    cw: FakeChatwoot,
    conversation: Conversation,
    session: aiohttp.ClientSession,
    after_effect: bool,
) -> None:
    """The client's own timeout is all that ends it."""
    cw.faults.hang(endpoint="create_message", after_effect=after_effect)

    with pytest.raises(TimeoutError):
        await post(cw, session)

    assert len(conversation.public_bot_replies) == int(after_effect)


async def test_refused_connections_come_back_on_the_same_port(
    cw: FakeChatwoot, conversation: Conversation, session: aiohttp.ClientSession
) -> None:
    """Chatwoot restarts: refused, then there again; kept-alive connections are cut too."""
    assert await post(cw, session) == 200
    await cw.refuse_connections()
    with pytest.raises(aiohttp.ClientError):
        await post(cw, session)
    await cw.accept_connections()

    assert await post(cw, session) == 200


async def test_a_delayed_answer_comes_late(
    cw: FakeChatwoot, conversation: Conversation, session: aiohttp.ClientSession
) -> None:
    """The effect and the answer both wait."""
    loop = asyncio.get_running_loop()
    cw.faults.delay(0.05)
    before = loop.time()

    assert await post(cw, session) == 200
    assert loop.time() - before >= 0.05


async def test_wait_for_wakes_on_the_change_itself(
    cw: FakeChatwoot, conversation: Conversation
) -> None:
    """The predicate's value is returned as soon as it is true."""
    waiting = asyncio.create_task(cw.wait_for(lambda: conversation.public_bot_replies))
    await asyncio.sleep(0)
    reply = await cw.bot_says(conversation, "Olá")

    assert await waiting == [reply]


async def test_wait_for_gives_up_and_names_what_happened(
    cw: FakeChatwoot, conversation: Conversation
) -> None:
    """The error tells the last changes."""
    with pytest.raises(TimeoutError, match=r"last changes: .*message"):
        await cw.wait_for(lambda: conversation.notes, timeout=0.01)


async def test_followers_get_every_change_in_order(
    cw: FakeChatwoot, conversation: Conversation
) -> None:
    """A live page can be fed from the log."""
    seen: list[Change] = []

    async def follow() -> Any:
        async for change in cw.follow(after=0):
            seen.append(change)
            if change.kind == "typing":
                return

    follower = asyncio.create_task(follow())
    await cw.bot_says(conversation, "Olá")
    await cw.typing(conversation)
    await follower

    assert [c.seq for c in seen] == list(range(1, len(seen) + 1))
    assert {"conversation_created", "message", "typing"} <= {c.kind for c in seen}
