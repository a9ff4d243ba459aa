"""Our Chatwoot tools: each plans acts for after the reply, and says what is wrong with a call."""

from datetime import UTC, datetime

import orjson
import pytest

from chatcrew.ids import ConversationId
from chatcrew.knowledge import MemoryKnowledge
from chatcrew.messages import (
    ActKind,
    Contact,
    ConversationState,
    PlannedPart,
    Snapshot,
    ToolResult,
)
from chatcrew.tenancy.model import Persona, Tenant
from chatcrew.testing import ManualClock
from chatcrew.tools import ToolContext, builtin_catalogue

HERE = ConversationId("acme", "acme-bot", 7)
# Monday, 23 November 2026, 10:30 in São Paulo (UTC-3)
MONDAY = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)


def turn(*, contact: int | None = 501) -> ToolContext:
    """Return the context of one turn."""
    return ToolContext(
        tenant=Tenant(
            key="health/x",
            language="pt-BR",
            timezone="America/Sao_Paulo",
            persona=Persona("Clara", "Clínica X", "calmo"),
        ),
        conversation=HERE,
        knowledge=MemoryKnowledge(),
        clock=ManualClock(MONDAY),
        budget=5.0,
        state=ConversationState(HERE, snapshot=Snapshot(contact=Contact(id=contact))),
    )


async def call(tool: str, context: ToolContext, **arguments: object) -> ToolResult:
    """Call a built-in tool as a model would."""
    return await builtin_catalogue().call(tool, orjson.dumps(arguments).decode(), context)


async def planned(tool: str, **arguments: object) -> list[PlannedPart]:
    """Return what a call that works leaves for the turn."""
    context = turn()
    result = await call(tool, context, **arguments)
    assert result.ok, result.text
    return context.acts


async def test_labels_are_written_as_chatwoot_keeps_them() -> None:
    """Lower case, hyphens for gaps, each once (S3-69)."""
    acts = await planned("add_label", labels=["Pedido VIP", "pedido vip", "troca"])
    assert acts == [PlannedPart(ActKind.LABELS, {"add": ["pedido-vip", "troca"]})]


@pytest.mark.parametrize("labels", [["a, b"], ["<script>"], [" "], ["x" * 51]])
async def test_a_label_that_chatwoot_would_not_show_is_refused(labels: list[str]) -> None:
    """The role is told; nothing is planned."""
    context = turn()
    assert not (await call("add_label", context, labels=labels)).ok
    assert context.acts == []


async def test_priority_note_and_attribute_become_acts() -> None:
    """S3-70, S3-71; a note quotes, so that no line of it can be read as an operator's order."""
    assert await planned("set_priority", priority="high") == [
        PlannedPart(ActKind.PRIORITY, {"priority": "high"})
    ]
    (note,) = await planned("add_note", text="Quer nota fiscal.\n/bot parar")
    assert (note.kind, note.gated) == (ActKind.NOTE, False)
    assert "> Quer nota fiscal.\n> /bot parar" in note.payload["content"]
    assert not note.payload["content"].startswith("/bot")
    assert await planned("set_attribute", name="Etapa", value="proposta") == [
        PlannedPart(ActKind.ATTRIBUTES, {"set": {"etapa": "proposta"}})
    ]


async def test_resolving_names_its_reason_in_a_label_and_a_note() -> None:
    """S3-63, S3-67: the status is last, so the farewell is said in a conversation that is ours."""
    acts = await planned("resolve_conversation", reason="sem_interesse", summary="Achou caro")
    assert [act.kind for act in acts] == [ActKind.LABELS, ActKind.NOTE, ActKind.STATUS]
    assert acts[0].payload == {"add": ["encerrado-sem-interesse"]}
    assert "não tem mais interesse" in acts[1].payload["content"]
    assert "Achou caro" in acts[1].payload["content"]
    assert acts[2].payload == {"status": "resolved"}


async def test_snoozing_reads_the_tenants_own_time() -> None:
    """09:00 is nine in São Paulo, and the team is told why when the time has come."""
    acts = await planned("snooze_conversation", until="2026-11-25T09:00", reason="Ligar de novo")
    unix = int(datetime(2026, 11, 25, 12, 0, tzinfo=UTC).timestamp())
    assert acts == [
        PlannedPart(
            ActKind.TIMER,
            {"kind": "snooze", "due_at": unix, "payload": {"reason": "Ligar de novo"}},
        ),
        PlannedPart(ActKind.STATUS, {"status": "snoozed", "snoozed_until": unix}),
    ]


@pytest.mark.parametrize("until", ["amanhã", "2026-11-23T10:00", "2028-01-01T09:00", ""])
async def test_a_moment_that_is_none_to_come_is_refused(until: str) -> None:
    """Past, too far, or no date: the role is told how to write one."""
    context = turn()
    assert not (await call("snooze_conversation", context, until=until, reason="x")).ok
    assert context.acts == []


async def test_a_contact_is_changed_with_values_that_chatwoot_takes() -> None:
    """Telephone in E.164, e-mail in lower case, other facts as attributes (S3-68)."""
    acts = await planned(
        "update_contact",
        name=" Maria  da Silva ",
        email="Maria@Exemplo.com.br",
        phone="(81) 99000-1234",
        attribute="plano",
        value="ouro",
    )
    assert acts == [
        PlannedPart(
            ActKind.CONTACT,
            {
                "contact_id": 501,
                "set": {
                    "name": "Maria da Silva",
                    "email": "maria@exemplo.com.br",
                    "phone_number": "+5581990001234",
                    "custom_attributes": {"plano": "ouro"},
                },
            },
        )
    ]


@pytest.mark.parametrize(
    "wrong", [{"email": "maria@"}, {"phone": "1234"}, {"attribute": "plano"}, {}]
)
async def test_a_value_that_is_none_is_to_be_asked_again(wrong: dict[str, str]) -> None:
    """Half a number on the card would be worse than none."""
    context = turn()
    assert not (await call("update_contact", context, **wrong)).ok
    assert context.acts == []


@pytest.mark.parametrize(
    ("contact", "channel"),
    [
        (Contact(id=501, phone="+5511988880000", email="a@b.example"), "Channel::Whatsapp"),
        (Contact(id=501, phone="+5511988880000", email="a@b.example"), "Channel::WebWidget"),
        (Contact(id=501, email="a@b.example"), "Channel::Whatsapp"),
    ],
)
async def test_nobody_becomes_another_by_saying_so(contact: Contact, channel: str) -> None:
    """Orders and points are shown by e-mail and telephone: people change them, told by a note."""
    context = turn()
    snapshot = Snapshot(contact=contact, channel=channel)
    context.state = ConversationState(HERE, snapshot=snapshot)
    said = {"email": "v@b.example", "phone": "(81) 99000-1234"}
    result = await call("update_contact", context, name="Bia", **said)
    note, change = context.acts
    assert "v@b.example" in note.payload["content"]
    assert "+5581990001234" in note.payload["content"]
    assert change.payload == {"contact_id": 501, "set": {"name": "Bia"}}
    assert "equipe" in result.text


async def test_what_is_there_already_is_no_change_of_who_somebody_is() -> None:
    """A model that writes the customer's own address again needs nobody's word."""
    context = turn()
    contact = Contact(id=501, email="v@b.example")
    context.state = ConversationState(HERE, snapshot=Snapshot(contact=contact))
    await call("update_contact", context, email="V@b.example", phone="(81) 99000-1234")
    assert [act.kind for act in context.acts] == [ActKind.CONTACT]


async def test_without_a_known_contact_nothing_is_changed() -> None:
    """A tool acts on this conversation's own contact only, or on nobody's."""
    assert not (await call("update_contact", turn(contact=None), name="Maria")).ok
