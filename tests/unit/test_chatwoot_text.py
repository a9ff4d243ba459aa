"""What we send is never run as a template, and what Chatwoot shows is read as what it is."""

from hypothesis import given
from hypothesis import strategies as st

from chatcrew.chatwoot import contact_of, line_of, neutralise, snapshot_of
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
