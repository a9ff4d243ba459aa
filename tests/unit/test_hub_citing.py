"""What a reply rests on of all that the business wrote, and what of it is cited (N9)."""

import dataclasses
from datetime import UTC, datetime
from pathlib import Path

from chatcrew.hub.citing import Written, cites, read, supports
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.ids import ConversationId
from chatcrew.messages import Claim, ConversationState, Passage, TurnKey, TurnState
from chatcrew.tenancy import load
from chatcrew.tenancy.lines import rule_key
from chatcrew.tools import names

ROOT = Path(__file__).parents[2]
SHIPPED = load(ROOT / "chatwoot_mapping.yaml", ROOT / "config", ROOT / "crews", tools=names())
TENANT = "health/varizemed"
PARKING = next(one for one in SHIPPED.tenants[TENANT].faq if one.question == "Tem estacionamento?")


def turn(text: str, *, passages=(), rules=(), **changes) -> TurnContext:
    """Return a turn of the shipped clinic after retrieve."""
    conversation = ConversationId("demo", "bot", 1)
    claim = Claim(
        key=TurnKey("t1", conversation, 1),
        state=ConversationState(conversation, tenant=TENANT),
        burst=(),
        turn_state=TurnState.OPEN,
        arrivals=1,
        attempts=1,
        lease_until=0.0,
        started_at=datetime(2026, 11, 20, tzinfo=UTC),
    )
    ctx = TurnContext(
        claim,
        SHIPPED,
        float("inf"),
        tenant=dataclasses.replace(SHIPPED.tenants[TENANT], **changes),
        crew=SHIPPED.crews["whatsapp", TENANT, "support"],
        text=text,
    )
    ctx.passages, ctx.rules = passages, rules
    return ctx


def by_crew(text: str, **more) -> Reply:
    """Return what a crew answered."""
    return Reply(text, engine="compiled", reason="crew", **more)


def test_a_crews_answer_cites_what_it_took_its_words_from() -> None:
    """Not what else was found, nor what the question says; a fact that says the same counts."""
    place = f"{PARKING.place[0]}:{PARKING.place[1]}"
    passages = (
        Passage("a.yaml:1", "Onde fica a clínica?", "Ficamos na Rua das Acácias, 120.", 0.4),
        Passage(place, PARKING.question, PARKING.answer, 0.9),
    )
    ctx = turn("tem lugar para deixar o carro?", passages=passages)
    found = cites(ctx, by_crew("Sim! Com o carimbo da clínica sai por R$ 15 por até 2 horas."))
    (one,) = found
    assert one["places"] == [place]
    assert {one.get("key"), *one.get("same", ())} >= {"facts.estacionamento"}


def test_a_fact_alone_is_cited_by_its_key() -> None:
    """The prompt shows every fact; only the one that was used is told."""
    ctx = turn("quanto é a teleconsulta?")
    (found,) = cites(ctx, by_crew("A teleconsulta custa R$ 280."))
    assert (found["kind"], found["key"]) == ("fact", "facts.teleconsulta")


def test_words_said_back_to_the_customer_rest_on_nothing() -> None:
    """A greeting, a question back, the customer's own name: nobody wrote them for this reply."""
    ctx = turn("quero marcar para sexta")
    assert cites(ctx, by_crew("Claro! Sexta de manhã ou à tarde?")) == []


def test_what_a_tool_or_a_person_said_is_no_cite() -> None:
    """It explains the words, so that no line is blamed for them."""
    ctx = turn("cadê meu pedido?")
    reply = by_crew("Seu pedido 4455 saiu ontem pela transportadora Veloz.", sources=(
        "pedido 4455: saiu ontem, transportadora Veloz",
    ))  # fmt: skip
    assert cites(ctx, reply) == []


def test_an_answer_given_word_for_word_cites_its_entry() -> None:
    """Without a model there is one source, and it is exact."""
    passage = Passage("x.yaml:7", "Tem wifi?", "Tem sim.", 0.9, certain=True)
    reply = Reply("Tem sim.", engine="faq", reason="faq", passages=(passage,), trusted=True)
    (found,) = cites(turn("tem wifi?", passages=(passage,)), reply)
    assert found == {"kind": "knowledge", "name": "Tem wifi?", "places": ["x.yaml:7"]}


def test_an_intent_cites_its_entry_and_the_wording_it_chose() -> None:
    """And the facts that fill its holes."""
    tenant = SHIPPED.tenants[TENANT]
    greeting = next(one for one in tenant.intents if one.name == "greeting")
    said = greeting.replies[1].replace(", {contact_name}", "")
    reply = Reply(said, engine="intent", reason="intent:greeting", trusted=True)
    found = cites(turn("oi"), reply)
    assert [(one["kind"], one["key"]) for one in found] == [
        ("intent", "intents.greeting"),
        ("wording", "intents.greeting.replies.1"),
    ]
    held = dataclasses.replace(greeting, replies=("Ligue {telefone}.",))
    ctx = turn("oi", intents=(held,))
    reply = Reply("Ligue (11) 5555-0120.", engine="intent", reason="intent:greeting")
    assert [one["key"] for one in cites(ctx, reply)][-1] == "facts.telefone"


def test_a_text_of_the_business_is_cited_and_one_of_ours_is_not() -> None:
    """Ours stands in no file that an admin could change."""
    own = SHIPPED.tenants[TENANT].texts["handoff_no_answer"]["pt-BR"]
    reply = Reply(own, engine="template", reason="no_answer", trusted=True)
    (found,) = cites(turn("?"), reply)
    assert found["key"] == "texts.handoff_no_answer.pt-BR"
    assert cites(turn("?", texts={}), reply) == []


def test_what_else_the_model_read_is_told_apart() -> None:
    """The role that spoke and the rules in force: they stood there, whatever came of them."""
    ctx = turn("oi", rules=("Nunca prometa cura.",))
    reply = by_crew("Olá!", details={"roles": ["attendant"]})
    assert [one["key"] for one in read(ctx, reply)] == [
        "agents.attendant",
        rule_key("Nunca prometa cura."),
    ]
    assert read(ctx, Reply("Olá!", engine="intent", reason="intent:greeting")) == []


def test_two_lines_that_say_the_same_are_one_cite() -> None:
    """Deleting either leaves the other: only both together change the reply."""
    twins = [
        Written("fact", "a", "entrega em 3 dias úteis para a capital", key="facts.a"),
        Written("rule", "b", "prazo: entrega em 3 dias úteis para capital", key="rules#b"),
        Written("fact", "c", "troca em 30 dias com a nota", key="facts.c"),
    ]
    (found,) = supports("Entregamos em 3 dias úteis na capital.", twins)
    assert {one.key for one in found.written} == {"facts.a", "rules#b"}


def test_an_answer_made_of_two_lines_cites_both() -> None:
    """Each gives words that the other has not."""
    lines = [
        Written("fact", "a", "laser: R$ 400 por sessão", key="facts.a"),
        Written("fact", "b", "espuma: R$ 900 por perna", key="facts.b"),
        Written("fact", "c", "retorno sem custo em 30 dias", key="facts.c"),
    ]
    found = supports("O laser custa R$ 400 por sessão e a espuma R$ 900 por perna.", lines)
    assert sorted(one.written[0].key for one in found) == ["facts.a", "facts.b"]
