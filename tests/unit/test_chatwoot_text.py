"""What we send is never run as a template, and only to an address that can be a Chatwoot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatcrew.chatwoot import check_base_url, contact_of, line_of, neutralise, snapshot_of
from chatcrew.messages import AuthorKind

MARKS = ("{{", "}}", "{%", "%}")


@given(st.text(st.sampled_from("{}% a`\n"), max_size=30))
def test_no_liquid_mark_survives_and_nothing_visible_is_lost(text: str) -> None:
    """Any mix of braces is broken, once and for all (complaint of leaked contact data)."""
    safe = neutralise(text)

    assert not any(mark in safe for mark in MARKS)
    assert safe.replace("\u200b", "") == text
    assert neutralise(safe) == safe


def test_ordinary_text_is_left_alone() -> None:
    """Prices and code without Liquid marks keep every byte."""
    text = 'R$ 10,00 (100%) {"a": {"b": 1} }'

    assert neutralise(text) == text


@pytest.mark.parametrize(
    "url",
    [
        "https://desk.acme.example",
        "http://chatwoot:3000",
        "https://acme.example/chat",
        "http://10.0.0.5:3000",
        "http://[fd00::5]:3000",
    ],
)
def test_a_chatwoot_on_the_internet_or_in_the_own_network_is_accepted(url: str) -> None:
    """Many run their Chatwoot on a private network."""
    assert check_base_url(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "",
        "desk.acme.example",
        "ftp://desk.acme.example",
        "file:///etc/passwd",
        "https://",
        "https://user:pass@desk.acme.example",
        "https://@desk.acme.example",
        "https://desk.acme.example?x=1",
        "https://desk.acme.example#x",
        "https://desk .acme.example",
        "https://desk.acme.example:99999",
        "http://[::1",
        "http://169.254.169.254",
        "http://[::ffff:169.254.169.254]",
        "http://0.0.0.0:3000",
        "http://localhost:3000",
        "http://chat.localhost.",
        "http://127.0.0.1:3000",
        "http://[::1]:3000",
    ],
)
def test_other_addresses_are_refused_with_a_reason(url: str) -> None:
    """Nothing is sent to credentials, files, cloud metadata or, unasked, this machine."""
    assert check_base_url(url)


@pytest.mark.parametrize("url", ["http://localhost:3000", "http://127.0.0.1:3000"])
def test_this_machine_is_allowed_where_that_is_meant(url: str) -> None:
    """The sandbox and one-machine set-ups run beside their Chatwoot."""
    assert check_base_url(url, allow_loopback=True) is None


def test_rest_messages_become_lines() -> None:
    """Numbered types, Unix times and our tag are read as in webhooks."""
    line = line_of(
        {
            "id": 5,
            "content": "<p>oi</p>",
            "message_type": 1,
            "created_at": 1785769200,
            "content_attributes": {"chatcrew": {"tag": "t-1"}},
            "sender": {"id": 7, "name": "Bot", "type": "agent_bot"},
        },
        agent_bot_id=7,
    )

    assert line is not None
    assert (line.message_id, line.text, line.tag) == (5, "<p>oi</p>", "t-1")
    assert line.author.kind is AuthorKind.BOT
    assert line.created_at.timestamp() == 1785769200
    assert line_of({"content": "sem id"}, agent_bot_id=7) is None


def test_a_rest_conversation_without_assignee_has_none() -> None:
    """``GET conversations`` leaves the key out; a webhook writes null."""
    snapshot = snapshot_of({"status": "pending", "meta": {"channel": "Channel::Api"}})

    assert snapshot.owner is None
    assert snapshot.owner_known
    assert snapshot.channel == "Channel::Api"


def test_a_rest_contact_is_read() -> None:
    """Name, phone and attributes come over; empty texts are none."""
    contact = contact_of(
        {"id": 1, "name": "", "phone_number": "+55", "custom_attributes": {"a": 1}}
    )

    assert (contact.id, contact.name, contact.phone) == (1, None, "+55")
    assert contact.attributes == {"a": 1}
