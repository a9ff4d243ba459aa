"""What a customer will not tell, or not now, is known to every intent and role (3.7)."""

import dataclasses
from datetime import UTC, datetime

from chatcrew import intents
from chatcrew.hub import asking
from chatcrew.hub.context import TurnContext
from chatcrew.ids import ConversationId
from chatcrew.messages import (
    Claim,
    ConversationState,
    Filled,
    Snapshot,
    Topic,
    TurnKey,
    TurnState,
)
from chatcrew.tenancy.model import Configuration, Intent, Persona, Slot, Tenant

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
CPF = Slot("cpf", "cpf", ("Qual é o CPF?", "Pode repetir o CPF?"))
WHY = Slot("motivo", "text", ("O que houve?",))
INTENT = Intent(
    "refund",
    ("quero reembolso",),
    "handoff",
    replies=("Certo!", "Certo, CPF {cpf}.", "Certo, {cpf}: {motivo}."),
    slots=(CPF, WHY),
    labels=("troca", "financeiro"),
    priority="high",
)


TENANT = Tenant(
    "shop/acme", "pt-BR", "America/Sao_Paulo", Persona("Ana", "Acme", "leve"), intents=(INTENT,)
)


def context(snapshot: Snapshot | None = None, language: str = "pt-BR") -> TurnContext:
    """Return a turn of a small business."""
    conversation = ConversationId("acme", "bot", 1)
    tenant = TENANT
    claim = Claim(
        key=TurnKey("t1", conversation, 1),
        state=ConversationState(conversation, snapshot=snapshot or Snapshot()),
        burst=(),
        turn_state=TurnState.OPEN,
        arrivals=1,
        attempts=1,
        lease_until=0.0,
        started_at=NOW,
    )
    return TurnContext(
        claim,
        Configuration("v1", {}, {}, None, {tenant.key: tenant}, {}),
        deadline=0.0,
        tenant=tenant,
        language=language,
    )


def test_what_was_refused_or_put_off_is_known_to_every_intent() -> None:
    """Refused is not asked for again; put off is asked for once more, by whoever needs it."""
    told = Filled({"motivo": "cor"}, {"cpf": 1, "motivo": 1}, refused=("cpf",), waiting="cpf")
    other = dataclasses.replace(INTENT, name="exchange")

    assert asking.begin(other, (), Topic("refund", told), text="") == Filled(
        values={"motivo": "cor"}, refused=("cpf",)
    )
    later = dataclasses.replace(told, refused=(), later=("cpf",))
    begun = asking.begin(other, (), Topic("refund", later), text="")
    assert (begun.later, begun.asked) == (("cpf",), {"cpf": 1})
    filled, slot = asking.fill(other, (), text="quero trocar", before=begun)
    assert slot == CPF
    assert filled.asked["cpf"] == intents.MOST_ASKED


def test_what_was_refused_in_another_talk_is_not_asked_for() -> None:
    """Memory says so for thirty days; told now, it is taken all the same."""
    begun = asking.begin(INTENT, (), Topic(), text="", refused={"cpf"})
    assert begun.refused == ("cpf",)
    assert asking.fill(INTENT, (), text="quero reembolso", before=begun)[1] == WHY

    found = intents.entities("meu cpf é 529.982.247-25", now=NOW)
    filled, _ = asking.fill(INTENT, found, text="", before=begun)
    assert (filled.values["cpf"], filled.refused) == ("52998224725", ())


def test_roles_read_what_they_need_not_ask() -> None:
    """Beside what was told; what another business's memory holds means nothing here."""
    ctx = context()
    ctx.tenant = TENANT
    ctx.topic = Topic("refund", Filled(later=("motivo",)))
    ctx.refused_before = frozenset({"cpf", "rg"})

    assert asking.unwilling(ctx) == {
        "cpf": "(prefere não informar; não peça de novo)",
        "motivo": "(disse que informa depois; não insista)",
    }


def test_a_refusal_behind_a_question_is_one() -> None:
    """What stands after the question mark answers; the question alone does not."""
    waiting = Filled(asked={"cpf": 1}, waiting="cpf")

    assert asking.answers(INTENT, (), text="Pra quê? Prefiro não dizer", before=waiting)
    assert not asking.answers(INTENT, (), text="Não tenho? onde acho?", before=waiting)
