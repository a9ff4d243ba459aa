"""What an intent asks, what counts as an answer, and what it does to the conversation."""

import dataclasses
from datetime import UTC, datetime

import pytest

from chatcrew import intents
from chatcrew.hub import asking, handing
from chatcrew.hub.context import TurnContext
from chatcrew.ids import ConversationId
from chatcrew.messages import (
    ActKind,
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


def found(text: str) -> tuple[intents.Entity, ...]:
    """Return the entities of a message."""
    return intents.entities(text, now=NOW)


@pytest.mark.parametrize(
    ("text", "waiting", "answers"),
    [
        ("529.982.247-25", "cpf", True),
        ("111.444.777-00", "cpf", True),  # wrong check digits: worth asking again
        ("não quero informar", "cpf", True),
        ("depois eu passo", "cpf", True),
        ("onde eu vejo isso?", "cpf", False),
        ("quero falar de outra coisa", "cpf", False),
        ("veio com defeito", "motivo", True),
        ("posso trocar?", "motivo", False),
        ("529.982.247-25", None, False),
    ],
)
def test_what_counts_as_an_answer(text: str, waiting: str | None, *, answers: bool) -> None:
    """A wrong number and a refusal are answers, a question back is none (S1-37)."""
    before = Filled(asked={"cpf": 1}, waiting=waiting)
    assert asking.answers(INTENT, found(text), text=text, before=before) is answers


def test_asked_again_it_has_its_second_wording_and_says_what_was_wrong() -> None:
    """The customer reads why it is asked again, in his own language (S1-22)."""
    text = "111.444.777-00"
    first, slot = asking.fill(INTENT, found("quero reembolso"), text="", before=Filled())
    second, again = asking.fill(INTENT, found(text), text=text, before=first)
    assert slot == again == CPF

    for language, wrong in (("pt-BR", "esse CPF"), ("en", "that CPF")):
        ctx = context(language=language)
        asked = asking.question(ctx, INTENT, CPF, filled=first)
        repeated = asking.question(ctx, INTENT, CPF, filled=second)

        assert asked.text == "Qual é o CPF?"
        assert repeated.text.endswith("Pode repetir o CPF?")
        assert wrong in repeated.text
        assert asked.reason == "slot:refund:cpf"
        assert text not in str(repeated)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Certo!"),
        ({"cpf": "52998224725"}, "Certo, CPF 529.982.247-25."),
        (
            {"cpf": "52998224725", "motivo": "veio {{contact.email}}\n\nquebrado"},
            "Certo, 529.982.247-25: veio contact.email quebrado.",
        ),
        ({"motivo": "veio quebrado"}, "Certo!"),
    ],
)
def test_the_reply_says_back_what_the_customer_told(values: dict[str, str], said: str) -> None:
    """A wording that needs more than is known is not said; customer text stays harmless."""
    ctx = context()
    ctx.collected = asking.collected(TENANT, Filled(values=values))
    ctx.untold = asking.untold(INTENT, Filled(values=values))
    reply = asking.answer(ctx, INTENT)

    assert reply is not None
    assert reply.text == said
    note = handing.summary(ctx, reply)
    assert ("- cpf: (não informado)" in note) == ("cpf" not in values)
    assert ("- cpf: 529.982.247-25" in note) == ("cpf" in values)
    assert "contact.email }}" not in note


@pytest.mark.parametrize(
    ("text", "explained"),
    [
        ("pra que precisa do cpf?", True),
        ("e onde eu acho esse número?", True),
        ("por que isso?", True),
        ("quanto custa o frete?", False),
        ("meu cpf", False),
    ],
)
def test_a_question_about_the_question_is_answered_as_the_business_wrote(
    text: str, *, explained: bool
) -> None:
    """The knowledge is not asked what a slot is for, and the question stays open (S1-37)."""
    slot = dataclasses.replace(CPF, help="É com ele que achamos a compra.")
    intent = dataclasses.replace(INTENT, slots=(slot,))
    ctx = context()
    ctx.text = text
    reply = asking.explained(ctx, intent, Filled(waiting="cpf"))

    assert (reply is not None) == explained
    if reply is not None:
        assert reply.text == slot.help
    assert asking.explained(ctx, INTENT, Filled(waiting="cpf")) is None
    assert asking.explained(ctx, intent, Filled()) is None


@pytest.mark.parametrize(
    ("language", "priority", "said"),
    [
        ("pt-BR", None, "Já estou chamando a equipe, tudo bem?"),
        ("en", None, "I am calling our team right now, is that fine with you?"),
        ("en", "urgent", "I am calling our team right now, is that fine with you?"),
    ],
)
def test_of_two_languages_the_customers_own_is_said(language, priority, said) -> None:
    """Who writes in English may not read Portuguese (features §3.4)."""
    replies = (
        "Já estou chamando a equipe, tudo bem?",
        "I am calling our team right now, is that fine with you?",
    )
    intent = dataclasses.replace(INTENT, replies=replies, slots=(), priority=priority)
    reply = asking.answer(context(language=language), intent)

    assert reply is not None
    assert reply.text == said


def test_an_english_customer_is_not_answered_in_portuguese_but_for_dangers() -> None:
    """A canned wish goes to the crew, a hand-over is worded by us; what warns is said anyway."""
    portuguese = ("Ligue 192 agora, já estou chamando a equipe.",)
    said = dataclasses.replace(INTENT, action="reply", replies=portuguese, slots=())
    handed = dataclasses.replace(said, action="handoff")
    urgent = dataclasses.replace(handed, priority="urgent")
    ctx = context(language="en")

    assert asking.answer(ctx, said) is None
    assert "Of course!" in asking.answer(ctx, handed).text
    assert asking.answer(ctx, urgent).text == portuguese[0]
    assert not asking.can_ask(ctx, CPF)
    assert asking.can_ask(context(), CPF)


def test_a_number_that_never_checked_out_stands_in_the_note_as_it_was_written() -> None:
    """The team need not ask a third time, and sees what is wrong with it."""
    wrong = "111.444.777-00"
    first, _ = asking.fill(INTENT, (), text="", before=Filled())
    after, _ = asking.fill(INTENT, found(wrong), text=wrong, before=first)
    right, _ = asking.fill(INTENT, found("529.982.247-25"), text="529.982.247-25", before=after)

    assert asking.untold(INTENT, after)["cpf"] == f"{wrong} (não confere)"
    assert "cpf" not in asking.untold(INTENT, right)
    assert right.wrong == {}


def test_a_reply_says_by_when_people_answer() -> None:
    """The business's own promise for that priority, and nothing made up (S1-42)."""
    ctx = context()
    ctx.tenant = dataclasses.replace(TENANT, expected={"high": "em até 2 horas"})
    intent = dataclasses.replace(INTENT, replies=("Alguém responde {expected}.",), slots=())
    reply = asking.answer(ctx, intent)

    assert reply is not None
    assert reply.text == "Alguém responde em até 2 horas."


def test_an_intent_without_words_for_what_is_known_leaves_the_answer_to_the_crew() -> None:
    """Nothing is made up for an answer that nobody wrote."""
    intent = Intent("x", ("x",), "reply", replies=("Certo, {cpf}.",), slots=(CPF,))
    assert asking.answer(context(), intent) is None


@pytest.mark.parametrize(
    ("labels", "priority", "planned"),
    [
        ((), None, [(ActKind.LABELS, ["troca", "financeiro"]), (ActKind.PRIORITY, "high")]),
        (("troca",), "low", [(ActKind.LABELS, ["financeiro"]), (ActKind.PRIORITY, "high")]),
        (("financeiro", "troca"), "urgent", []),
        (("financeiro", "troca"), "high", []),
    ],
)
def test_only_what_is_missing_is_done(labels, priority, planned) -> None:
    """Labels that are there are not sent again, a higher priority stands (S1-41)."""
    acts = asking.acts(context(Snapshot(labels=labels, priority=priority)), INTENT)
    assert [(act.kind, *act.payload.values()) for act in acts] == planned


def test_what_was_told_before_is_kept_unless_it_is_told_anew() -> None:
    """A second order's number replaces the first; old questions and counts are gone."""
    before = Filled(
        values={"cpf": "52998224725", "pedido": "1"}, asked={"cpf": 2}, waiting="motivo"
    )
    topic, own = Topic("other", before), Topic("refund", before)
    anew = found("meu cpf é 111.444.777-35")
    assert asking.begin(INTENT, (), topic, text="") == Filled(values=before.values)
    assert asking.begin(INTENT, anew, topic, text="") == Filled(values={"pedido": "1"})
    assert asking.begin(INTENT, (), own, text="") == dataclasses.replace(before, waiting=None)
    another = asking.begin(INTENT, (), own, text="quero falar de outra compra")
    assert another == Filled(values={"pedido": "1"})
    assert asking.collected(TENANT, before) == {"cpf": "529.982.247-25"}  # none asks for pedido


def test_a_reload_that_makes_a_slot_another_kind_drops_what_was_told_for_the_old_one() -> None:
    """Words are no day: it is asked again, and nothing fails (S4-29)."""
    dated = dataclasses.replace(INTENT, slots=(Slot("motivo", "date", ("Quando foi?",)),))
    tenant = dataclasses.replace(TENANT, intents=(dated,))
    told = Filled(values={"motivo": "semana que vem"})

    assert asking.collected(tenant, told) == {}
    assert asking.begin(dated, (), Topic("refund", told), text="") == Filled()
    assert intents.shown("date", "semana que vem") == "semana que vem"
    assert intents.shown("money", "uns 200") == "uns 200"


def test_a_day_of_the_past_that_no_calendar_has_is_called_a_day() -> None:
    """The customer reads what was wrong, not "isso" (S1-22)."""
    slot = Slot("dia", "past_date", ("De que dia é?",))
    intent = dataclasses.replace(INTENT, slots=(slot,))
    tenant = dataclasses.replace(TENANT, intents=(intent,))
    text = "foi em 31/02"
    asked, _ = asking.fill(intent, (), text="", before=Filled())
    after, again = asking.fill(intent, asking.read(text, tenant, now=NOW), text=text, before=asked)

    assert again == slot
    assert "essa data" in asking.question(context(), intent, slot, filled=after).text
