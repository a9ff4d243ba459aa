"""Each method of the REST client sends what Chatwoot reads and returns what it answers."""

from typing import Any, Protocol

import pytest

from chatcrew.chatwoot import ChatwootClient, Transport
from chatcrew.errors import ChatwootRejected, LeaseLost


class Server(Protocol):
    """The planned server of conftest.py."""

    replies: list[Any]
    seen: list[tuple[str, str, dict[str, str], bytes]]
    url: str


async def test_a_message_is_one_post_with_the_bots_token(
    server: Server, client: ChatwootClient, observed: list[tuple[str, str]]
) -> None:
    """Header, path and body are what Chatwoot reads; its id comes back (S4-15)."""
    server.replies = [{"id": 880201, "status": "sent"}]

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


async def test_the_last_check_stands_right_before_the_write(
    server: Server, client: ChatwootClient
) -> None:
    """A lease that ended while we waited for the pace stops the call (design §3)."""

    async def lost() -> None:
        raise LeaseLost("over")

    with pytest.raises(LeaseLost):
        await client.create_message(1, "oi", last_check=lost)

    assert server.seen == []


async def test_labels_and_attributes_are_added_not_replaced(
    server: Server, client: ChatwootClient
) -> None:
    """Chatwoot only replaces, so what is there is read first (contract §4.2)."""
    server.replies = [
        {"payload": ["vip"]},
        {"payload": ["vip", "novo"]},
        {"payload": ["vip"]},
        {"payload": ["Nao-Perturbe", "vip"]},
        {"payload": ["vip"]},
        {"payload": ["vip"]},
        {"custom_attributes": {"a": 1, "b": 2}},
        {},
        {"custom_attributes": {"a": 1}},
    ]

    added = await client.add_labels(1, ["novo", "vip", "novo"])
    unchanged = await client.add_labels(1, ["vip"])
    rest = await client.add_labels(1, [], remove=["nao-perturbe"])
    same = await client.add_labels(1, [], remove=["nao-perturbe"])
    await client.set_custom_attributes(1, {"b": 3})
    await client.set_custom_attributes(1, {"a": 1})

    assert added == ("vip", "novo")
    assert unchanged == rest == same == ("vip",)
    assert [(method, body) for method, _, _, body in server.seen] == [
        ("GET", b""),
        ("POST", b'{"labels":["vip","novo"]}'),
        ("GET", b""),
        ("GET", b""),
        ("POST", b'{"labels":["vip"]}'),
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


async def test_what_only_people_may_read_goes_with_the_user_token(
    server: Server, client: ChatwootClient, transport: Transport
) -> None:
    """History, lists and contacts; without such a token nothing is sent (S4-17)."""
    server.replies = [
        {"payload": [{"id": 1}, {"id": 2}]},
        {"data": {"payload": [{"id": 9}]}},
        {"payload": {"id": 501}},
        {"payload": [{"id": 501}]},
        {},
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
    with pytest.raises(ChatwootRejected, match="user token"):
        await poor.messages(1)
    assert len(server.seen) == 5


async def test_typing_and_priority_have_empty_answers(
    server: Server, client: ChatwootClient
) -> None:
    """200 without a body is a good answer."""
    server.replies = [(200, ""), (200, "")]

    await client.typing(1, on=True)
    await client.set_priority(1, None)

    assert [body for _, _, _, body in server.seen] == [
        b'{"typing_status":"on","is_private":false}',
        b'{"priority":null}',
    ]


async def test_text_that_json_cannot_hold_is_cleaned_on_the_way_out(
    server: Server, client: ChatwootClient
) -> None:
    """A model may cut an emoji in half; the message still goes out."""
    await client.create_message(1, "oi \ud83d")

    assert "oi \ufffd".encode() in server.seen[0][3]
