"""FakeChatwoot's API allows and changes what Chatwoot allows and changes (N12)."""

from typing import Any

import aiohttp
import pytest

from chatcrew.testing import Account, ApiClient, Conversation, FakeChatwoot, ManualClock


async def test_both_spellings_of_the_token_header_are_seen(
    cw: FakeChatwoot,
    account: Account,
    conversation: Conversation,
    session: aiohttp.ClientSession,
) -> None:
    """Rails reads HTTP_API_ACCESS_TOKEN, which both become."""
    url = f"{cw.url}/api/v1/accounts/3/conversations/1"
    for name in ("api_access_token", "api-access-token", "Api-Access-Token"):
        headers = {name: account.bots[7].access_token}
        async with session.get(url, headers=headers) as answer:
            assert answer.status == 200


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, {"errors": ["You need to sign in or sign up before continuing."]}),
        ({"api_access_token": "wrong"}, {"error": "Invalid Access Token"}),
    ],
)
async def test_without_a_known_token_the_body_says_which_fault(
    cw: FakeChatwoot,
    conversation: Conversation,
    session: aiohttp.ClientSession,
    headers: dict[str, str],
    body: Any,
) -> None:
    """The two 401s differ: the first means that a proxy ate the header (4.6)."""
    url = f"{cw.url}/api/v1/accounts/3/conversations/1"
    async with session.get(url, headers=headers) as answer:
        assert (answer.status, await answer.json()) == (401, body)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/conversations/1/messages"),
        ("GET", "/conversations"),
        ("GET", "/contacts/501"),
        ("GET", "/contacts/search"),
        ("GET", "/inboxes"),
        ("GET", "/agents"),
        ("GET", "/teams"),
        ("POST", "/conversations/1/update_last_seen"),
    ],
)
async def test_a_bot_token_is_refused_outside_its_short_list(
    bot: ApiClient, conversation: Conversation, method: str, path: str
) -> None:
    """401 with the exact text of 2.5 (complaint 9)."""
    refused = {"error": "Access to this endpoint is not authorized for bots"}

    assert await bot.call(method, path) == (401, refused)


async def test_a_bot_of_another_account_is_refused(
    cw: FakeChatwoot, conversation: Conversation
) -> None:
    """A token is good for its account only."""
    stranger = cw.add_account(4).add_bot(8)

    async with ApiClient(cw.url, 3, stranger.access_token) as client:
        answer = await client.call("GET", "/conversations/1")

    assert answer == (401, {"error": "Bot is not authorized to access this account"})


async def test_an_unknown_conversation_is_404(bot: ApiClient, conversation: Conversation) -> None:
    """Chatwoot's own words."""
    assert await bot.call("GET", "/conversations/99") == (
        404,
        {"error": "Resource could not be found"},
    )


async def test_opening_with_the_bot_token_is_a_handoff(
    bot: ApiClient, conversation: Conversation
) -> None:
    """Owner cleared, waiting_since set, success null instead of true (2.3)."""
    await bot.call("POST", "/conversations/1/messages", content="Um momento")
    assert conversation.waiting_since is None

    status, body = await bot.call("POST", "/conversations/1/toggle_status", status="open")

    assert status == 200
    assert body["payload"]["success"] is None
    assert body["payload"]["current_status"] == "open"
    assert conversation.owner is None
    assert conversation.waiting_since is not None


async def test_resolving_with_the_bot_token_says_success(
    bot: ApiClient, conversation: Conversation
) -> None:
    """Only the hand-off answers null."""
    _, body = await bot.call("POST", "/conversations/1/toggle_status", status="resolved")

    assert body["payload"]["success"] is True
    assert conversation.status == "resolved"


async def test_opening_with_an_agents_token_assigns_that_agent(
    person: ApiClient, account: Account, conversation: Conversation
) -> None:
    """Why a handoff must not use a user token."""
    await person.call("POST", "/conversations/1/toggle_status", status="open")

    assert conversation.assignee is account.agents[12]


async def test_more_requests_than_the_limit_are_429_plain_text(
    cw: FakeChatwoot, bot: ApiClient, conversation: Conversation, clock: ManualClock
) -> None:
    """rack-attack: text/plain, and over with the next minute (4.7)."""
    cw.server.rate.limit = 2
    answers = [await bot.call("GET", "/conversations/1") for _ in range(3)]

    assert [status for status, _ in answers] == [200, 200, 429]
    assert answers[-1][1] == "Retry later\n"

    await clock.advance(60)
    assert (await bot.call("GET", "/conversations/1"))[0] == 200


async def test_labels_and_custom_attributes_are_replaced_whole(
    bot: ApiClient, conversation: Conversation
) -> None:
    """A second call removes what the first one set (4.2)."""
    await bot.call("POST", "/conversations/1/labels", labels=["a", "b"])
    await bot.call("POST", "/conversations/1/custom_attributes", custom_attributes={"x": 1})
    await bot.call("POST", "/conversations/1/labels", labels=["c"])
    await bot.call("POST", "/conversations/1/custom_attributes", custom_attributes={"y": 2})

    assert conversation.labels == ["c"]
    assert conversation.custom_attributes == {"y": 2}


async def test_assignments_take_people_bots_and_nobody(
    bot: ApiClient, account: Account, conversation: Conversation
) -> None:
    """assignee_type AgentBot chooses a bot (4.8.0); a person clears it; the status stays."""
    assert (await bot.call("POST", "/conversations/1/assignments", assignee_id=12))[1]["id"] == 12
    assert conversation.owner is account.agents[12]

    _, slim = await bot.call(
        "POST", "/conversations/1/assignments", assignee_id=7, assignee_type="AgentBot"
    )
    assert slim["type"] == "agent_bot"
    assert conversation.owner is account.bots[7]

    assert await bot.call("POST", "/conversations/1/assignments", assignee_id=None) == (200, None)
    assert (conversation.owner, conversation.status) == (None, "pending")


async def test_priority_and_typing_answer_nothing(
    bot: ApiClient, conversation: Conversation
) -> None:
    """They have an effect and no body."""
    empty = await bot.call("POST", "/conversations/1/toggle_priority", priority="urgent")
    assert empty == (200, "")
    await bot.call("POST", "/conversations/1/toggle_typing_status", typing_status="on")
    assert (conversation.priority, conversation.typing) == ("urgent", {"agent_bot"})

    await bot.call("POST", "/conversations/1/toggle_typing_status", typing_status="off")
    assert conversation.typing == set()
