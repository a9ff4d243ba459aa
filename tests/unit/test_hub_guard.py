"""In which language the customer is answered where his words alone do not tell."""

from datetime import UTC, datetime

import pytest

from chatcrew.hub.context import TurnContext
from chatcrew.hub.stages.guard import Guard
from chatcrew.ids import ConversationId
from chatcrew.messages import (
    Author,
    AuthorKind,
    Claim,
    ConversationState,
    Input,
    InputKind,
    Line,
    Snapshot,
    TurnKey,
    TurnState,
)
from chatcrew.tenancy.model import Configuration, Persona, Tenant

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TENANT = Tenant("shop/acme", "pt-BR", "America/Sao_Paulo", Persona("Ana", "Acme", "leve"))


def line(number: int, kind: AuthorKind, text: str) -> Line:
    """Return a message of the conversation."""
    return Line(number, Author(kind), text, NOW)


def context(text: str, *before: tuple[AuthorKind, str]) -> TurnContext:
    """Return a turn of a customer who says ``text`` after ``before``."""
    conversation = ConversationId("acme", "bot", 1)
    said = line(99, AuthorKind.CUSTOMER, text)
    claim = Claim(
        key=TurnKey("t1", conversation, 1),
        state=ConversationState(conversation, snapshot=Snapshot()),
        burst=(Input(1, InputKind.MESSAGE, said, NOW),),
        turn_state=TurnState.OPEN,
        arrivals=1,
        attempts=1,
        lease_until=0.0,
        started_at=NOW,
    )
    ctx = TurnContext(
        claim,
        Configuration("v1", {}, {}, None, {TENANT.key: TENANT}, {}),
        deadline=0.0,
        tenant=TENANT,
    )
    ctx.history = [line(number, *one) for number, one in enumerate(before)]
    return ctx


CUSTOMER, BOT = AuthorKind.CUSTOMER, AuthorKind.BOT


@pytest.mark.parametrize(
    ("text", "before", "language"),
    [
        ("Returns", [], "pt-BR"),
        ("Returns", [(CUSTOMER, "Hello"), (BOT, "Hello! How can I help you?")], "en"),
        ("2", [(CUSTOMER, "what is the price?"), (CUSTOMER, "BF-20481")], "en"),
        ("ok", [(CUSTOMER, "oi, quanto custa?"), (BOT, "Is it for you?")], "pt-BR"),
        ("quanto custa?", [(CUSTOMER, "Hello")], "en"),
        ("quanto custa a consulta?", [(CUSTOMER, "Hello")], "pt-BR"),
        ("thank you", [(CUSTOMER, "oi, quanto custa?")], "pt-BR"),
        ("hola", [], "es"),
        ("Maria Garcia", [(CUSTOMER, "hola, quiero una cita")], "es"),
    ],
)
async def test_words_that_tell_no_language_are_answered_in_that_of_the_talk(
    text: str, before: list[tuple[AuthorKind, str]], language: str
) -> None:
    """A tapped title or a number goes on as the customer wrote; our words do not count."""
    ctx = context(text, *before)

    await Guard()(ctx)

    assert ctx.language == language
