"""A model greets once in a talk (S2-02)."""

import dataclasses
from datetime import UTC, datetime

import pytest

from chatcrew.hub import courtesy
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.ids import ConversationId
from chatcrew.messages import (
    Author,
    AuthorKind,
    Claim,
    ConversationState,
    Line,
    Timing,
    TurnKey,
    TurnState,
)
from chatcrew.tenancy.model import Capabilities, Configuration, Crew

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TALK = ConversationId("acme", "bot", 1)
CREW = Crew("chat", "chat", "support", "sequential", "auto", (), (), Capabilities(), Timing())
CLAIM = Claim(
    key=TurnKey("t1", TALK, 1),
    state=ConversationState(TALK),
    burst=(),
    turn_state=TurnState.OPEN,
    arrivals=1,
    attempts=1,
    lease_until=0.0,
    started_at=NOW,
)

AGAIN = {
    "Olá, Maria! O laser custa o que está na tabela.": "O laser custa o que está na tabela.",
    "Oi! 😊 Temos sim.": "Temos sim.",
    "Bom dia! Tudo bem? A clínica abre às 8h.": "A clínica abre às 8h.",
    "Boa tarde, Maria da Silva. Segue o link.": "Segue o link.",
    "Olá Maria, o resultado sai amanhã.": "O resultado sai amanhã.",
    "Olá novamente! **Preço**: na tabela.": "**Preço**: na tabela.",
    "Hi, John! We open at 8.": "We open at 8.",
}
KEPT = [
    "Olá!",
    "Boa noite de sono ajuda na recuperação.",
    "Bom dia é das 8h às 12h.",
    "Oito horas.",
    "O preço está na tabela. Olá!",
    "Oi",
]


def spoken(text: str, *, before: bool = True, channel: str = "whatsapp", engine: str = "crew"):
    """Return what is sent of a reply in a talk in which the bot has spoken, or not."""
    ctx = TurnContext(CLAIM, Configuration("v1", {}, {}, None, {}, {}), deadline=0.0)
    ctx.crew = dataclasses.replace(CREW, channel=channel)
    said = Line(2, Author(AuthorKind.BOT), "Olá, Maria!", NOW)
    ctx.history = [said] if before else []
    return courtesy.once(ctx, Reply(text, engine=engine, reason="crew")).text


@pytest.mark.parametrize("text", AGAIN)
def test_a_second_greeting_is_left_out(text: str) -> None:
    """With the name, the question how one is, and the smile that go with it."""
    assert spoken(text) == AGAIN[text]


@pytest.mark.parametrize("text", AGAIN)
def test_the_first_greeting_stays(text: str) -> None:
    """So do those of e-mails, and those that a person wrote."""
    assert spoken(text, before=False) == text
    assert spoken(text, channel="email") == text
    assert spoken(text, engine="intent") == text


@pytest.mark.parametrize("text", KEPT)
def test_what_only_begins_like_a_greeting_stays(text: str) -> None:
    """And so does a reply that is nothing else."""
    assert spoken(text) == text
