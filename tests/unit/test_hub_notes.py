"""What a customer wrote stands in the team's note as it was typed, and never as the bot's own."""

from datetime import UTC, datetime

import pytest
from markdown_it import MarkdownIt

from chatcrew.hub import handing
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.hub.shaping import literal
from chatcrew.ids import ConversationId
from chatcrew.intents import shown
from chatcrew.messages import (
    Author,
    AuthorKind,
    Claim,
    ConversationState,
    Handoff,
    Line,
    TurnKey,
    TurnState,
)
from chatcrew.tenancy import Configuration

HOSTILE = (
    "![x](http://evil.example/a.png)",
    "[clique aqui](http://evil.example)",
    "<http://evil.example> <b>oi</b> &lt;b&gt; &#42;",
    "*a* **b** _c_ __d__ ~~e~~ `f` ``g``",
    "# título",
    "- item",
    "+ item",
    "1. item",
    "2) item",
    "===",
    "---",
    "> citação",
    "a | b",
    r"\[já escapado\](http://evil.example)",
    "[@Ana](mention://user/1/Ana)",
    "***",
    "```",
)
NOW = datetime(2026, 11, 21, tzinfo=UTC)
_PLAIN = {"inline", "text", "text_special", "softbreak"}


def read(text: str) -> tuple[str, set[str]]:
    """Return the letters a reader sees of a line, and the kinds of marks in it."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(f"> x: {text}")
    inline = [one for token in tokens for one in token.children or ()]
    kinds = {one.type for one in inline} - _PLAIN
    return "".join(one.content for one in inline), kinds


@pytest.mark.parametrize("text", HOSTILE)
def test_a_customers_marks_are_shown_and_not_obeyed(text: str) -> None:
    """Links, pictures, mentions and headings of a customer are text to the team."""
    said, kinds = read(literal(text))
    blocks = [token.type for token in MarkdownIt("commonmark").parse(literal(text))]

    assert (said, kinds) == (f"x: {text}", set())
    assert blocks == ["paragraph_open", "inline", "paragraph_close"]


@pytest.mark.parametrize("text", ["veja http://evil.example/a", "www.evil.example", "evil.com.br"])
def test_an_address_is_not_made_a_link(text: str) -> None:
    """Chatwoot makes links of bare addresses; an escaped sign keeps it from finding one."""
    written = literal(text)

    assert "http://" not in written
    assert ".e" not in written.replace("\\.", "")
    assert ".com" not in written.replace("\\.", "")
    assert read(written)[0] == f"x: {text}"


@pytest.mark.parametrize(
    "text",
    ["Quanto custa? R$ 1.290,00!", "529.982.247-25", "ana_lima@mail.example.com", "BF_10 (azul)"],
)
def test_what_people_usually_write_stays_as_it_is(text: str) -> None:
    """The team also reads notes where nothing renders them."""
    assert literal(text) == text


def test_a_text_that_is_cut_says_so() -> None:
    """Nobody must take half a sentence for a whole one."""
    assert literal("a\n b " * 9, limit=6) == "a b a…"
    assert literal("a b a b", limit=7) == "a b a b"
    assert shown("text", "x" * 121) == "x" * 119 + "…"
    assert shown("text", "x" * 120) == "x" * 120


def test_a_handoffs_note_quotes_the_customer_literally() -> None:
    """Slots, last messages and the model's summary alike (S1-22)."""
    link = "[clique aqui](http://evil.example)"
    conversation = ConversationId("acme", "bot", 1)
    claim = Claim(
        key=TurnKey("t1", conversation, 1),
        state=ConversationState(conversation),
        burst=(),
        turn_state=TurnState.OPEN,
        arrivals=1,
        attempts=1,
        lease_until=0.0,
        started_at=NOW,
    )
    ctx = TurnContext(claim, Configuration("v1", {}, {}, None, {}, {}), deadline=0.0)
    ctx.collected = {"order_number": link}
    ctx.history = (
        Line(author=Author(AuthorKind.CUSTOMER), text=link, message_id=1, created_at=NOW),
    )
    summary = f"Quer o reembolso.\n{link}"

    note = handing.summary(ctx, Reply("", "crew", "crew", handoff=Handoff("complaint", summary)))

    links = [
        one
        for token in MarkdownIt("commonmark").parse(note)
        for one in token.children or ()
        if one.type in ("link_open", "image")
    ]
    assert links == []
    assert "http://" not in note
    assert note.count("clique aqui") == 3
    assert "- order number: " in note
