"""History and ledger: one suite over PostgreSQL and memory."""

import asyncio
from datetime import timedelta

from chatcrew.ledger import TurnUsage
from chatcrew.messages import (
    AuthorKind,
    Claim,
    ModelCall,
    Outcome,
    Receipt,
    TurnRecord,
    TurnState,
    Usage,
)
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import Stores, Talk


async def asked(stores: Stores, talk: Talk, clock: ManualClock) -> Claim:
    """Put a message and claim it."""
    await stores.mailbox.put(talk.says("Oi"))
    await clock.advance(6)
    (claim,) = await stores.mailbox.claim("w1", limit=1)
    return claim


async def said(stores: Stores, talk: Talk, **how) -> list[str]:
    """Return the words of the window."""
    how = {"limit": 20, **how}
    return [line.text for line in await stores.history.window(talk.id, **how)]


async def test_the_history_holds_what_everybody_said_in_order(stores, talk, clock):
    """It is recorded at put, whoever answers (design §3)."""
    for delivery in (
        talk.says("Oi", message_id=11),
        talk.person("Posso ajudar", message_id=13),
        talk.echo("Olá!", tag="cc-1", message_id=12),
        talk.commands("/bot resumo"),
    ):
        await stores.mailbox.put(delivery)
    lines = await stores.history.window(talk.id, limit=20)
    assert [(line.author.kind, line.text) for line in lines] == [
        (AuthorKind.CUSTOMER, "Oi"),
        (AuthorKind.BOT, "Olá!"),
        (AuthorKind.PERSON, "Posso ajudar"),
    ]
    assert lines[1].tag == "cc-1"
    assert await said(stores, talk, private=True) == ["Oi", "Olá!", "Posso ajudar", "/bot resumo"]
    assert await said(stores, talk, limit=1) == ["Posso ajudar"]
    assert await said(stores, Talk(clock, number=9)) == []


async def test_the_window_can_be_one_episode(stores, talk):
    """What was resolved last month does not confuse today's answer."""
    await stores.mailbox.put(talk.says("Oi"))
    await stores.mailbox.put(talk.becomes("resolved"))
    await stores.mailbox.put(talk.becomes("pending"))
    await stores.mailbox.put(talk.says("Voltei"))
    assert await said(stores, talk, episode=1) == ["Oi"]
    assert await said(stores, talk, episode=2) == ["Voltei"]
    assert await said(stores, talk) == ["Oi", "Voltei"]


async def test_windows_of_several_episodes_are_read_at_once(stores, talk, clock):
    """Each as ``window`` shows it without notes, in the order asked for, also where it is empty."""
    other = Talk(clock, number=7)
    for delivery in (
        talk.says("Oi"),
        talk.commands("/bot resumo"),
        talk.becomes("resolved"),
        talk.becomes("pending"),
        talk.says("Oi de novo"),
        talk.says("Tem vaga?"),
        other.says("Bom dia"),
        other.says("Apaga isto", message_id=7009),
        other.deletes(7009),
    ):
        await stores.mailbox.put(delivery)
    asked_for = [(talk.id, 2), (Talk(clock, number=9).id, 1), (other.id, 1), (talk.id, 1)]

    found = await stores.history.windows(asked_for, limit=1)
    more = await stores.history.windows(asked_for, limit=9)

    shown = [[line.text for line in lines] for lines in found]
    assert shown == [["Tem vaga?"], [], ["Bom dia"], ["Oi"]]
    assert [line.text for line in more[0]] == ["Oi de novo", "Tem vaga?"]
    assert await stores.history.windows([], limit=9) == []


async def test_a_later_text_of_a_message_replaces_the_first(stores, talk):
    """And a first report that comes late does not undo it."""
    created = talk.says("", message_id=11)
    await stores.mailbox.put(talk.rewrites(11, "transcrição"))
    await stores.mailbox.put(created)
    assert await said(stores, talk) == ["transcrição"]
    await stores.mailbox.put(talk.rewrites(11, "transcrição corrigida"))
    assert await said(stores, talk) == ["transcrição corrigida"]


async def test_a_choice_does_not_replace_the_question(stores, talk):
    """Chatwoot reports it under the id of the bot's own message."""
    await stores.mailbox.put(talk.echo("Manhã ou tarde?", tag="cc-1", message_id=11))
    await stores.mailbox.put(talk.chooses(11, "Manhã"))
    lines = await stores.history.window(talk.id, limit=9)
    assert [(line.author.kind, line.text) for line in lines] == [
        (AuthorKind.BOT, "Manhã ou tarde?"),
        (AuthorKind.CUSTOMER, "Manhã"),
    ]


async def test_a_deleted_message_is_forgotten_everywhere(stores, talk, clock):
    """Also in a burst that nobody has answered yet, and for good."""
    await stores.mailbox.put(talk.says("meu CPF é 123", message_id=11))
    await stores.mailbox.put(talk.says("quero marcar", message_id=12))
    await stores.mailbox.put(talk.deletes(11))
    await stores.mailbox.put(talk.rewrites(11, "meu CPF é 123, de novo"))

    assert await said(stores, talk) == ["quero marcar"]
    await clock.advance(6)
    (claim,) = await stores.mailbox.claim("w1", limit=1)
    assert [(item.line.text, item.line.deleted) for item in claim.burst] == [
        ("", True),
        ("quero marcar", False),
    ]


async def test_receipts_go_only_forward(stores, talk):
    """They come in any order (contract §1.6)."""
    await stores.mailbox.put(talk.echo("Olá!", tag="cc-1", message_id=11))
    await stores.mailbox.put(talk.echo("Tudo bem?", tag="cc-2", message_id=12))
    for status in ("sent", "read", "delivered"):
        await stores.mailbox.put(talk.receipt(11, status))
    await stores.mailbox.put(talk.receipt(12, "failed", error="131047"))
    await stores.mailbox.put(talk.receipt(12, "progress"))
    assert await stores.history.receipts(talk.id) == {
        11: Receipt(11, "read"),
        12: Receipt(12, "failed", "131047"),
    }


async def test_receipts_that_come_at_once_leave_the_furthest(stores, talk):
    """Written as one group, in whatever order, a message is as far as its last step says."""
    await stores.mailbox.put(talk.echo("Olá!", tag="cc-1", message_id=11))
    await stores.mailbox.put(talk.echo("Tudo bem?", tag="cc-2", message_id=12))
    steps = [(11, "read"), (12, "sent"), (11, "sent"), (12, "delivered"), (11, "delivered")]
    await asyncio.gather(
        *(stores.mailbox.put(talk.receipt(number, status)) for number, status in steps)
    )
    found = await stores.history.receipts(talk.id)
    assert {number: found[number].status for number in (11, 12)} == {11: "read", 12: "delivered"}


async def test_a_receipt_that_comes_with_its_message_counts(stores, talk):
    """Written as one group, the message is there before what became of it."""
    await asyncio.gather(
        stores.mailbox.put(talk.says("Oi", message_id=9)),  # goes alone; the others wait for it
        stores.mailbox.put(talk.echo("Olá!", tag="cc-1", message_id=11)),
        stores.mailbox.put(talk.receipt(11, "read")),
    )
    assert await stores.history.receipts(talk.id) == {11: Receipt(11, "read")}


async def test_ratings_are_kept_the_newest_per_survey(stores, talk, clock):
    """A customer may answer twice (contract: message_updated-csat-response)."""
    await stores.mailbox.put(talk.rates(11, 2))
    await stores.mailbox.put(talk.rates(11, 5, "melhorou"))
    (rated,) = await stores.history.ratings(talk.id)
    assert (rated.rating.rating, rated.rating.feedback) == (5, "melhorou")
    assert (rated.conversation, rated.at) == (talk.id, clock.now())


async def test_the_ledger_tells_the_turns_newest_first(stores, talk, clock):
    """What "why" shows: outcome, reason, times, tries."""
    first = await asked(stores, talk, clock)
    record = TurnRecord(
        Outcome.DROPPED,
        "owner_is_person",
        tenant="health/varizemed",
        crew="whatsapp",
        function="support",
        engine="crewai",
        config="abc",
        stage_ms={"admit": 1.5},
        details={"rung": "crew"},
    )
    await stores.mailbox.settle(first.key, record, arrivals=first.arrivals)
    second = await asked(stores, talk, clock)

    newest, oldest = await stores.ledger.turns(talk.id, limit=5)

    assert newest == await stores.ledger.turn(second.key.turn_id)
    assert (newest.state, newest.record, newest.attempts) == (TurnState.OPEN, None, 1)
    assert newest.worker == "w1"
    assert (oldest.state, oldest.record) == (TurnState.FINISHED, record)
    assert oldest.finished_at == clock.now() - timedelta(seconds=6)
    assert oldest.conversation == talk.id
    assert len(await stores.ledger.turns(talk.id, limit=1)) == 1
    assert await stores.ledger.turn("nobody") is None


async def test_usage_adds_up_the_calls_that_reached_a_provider(stores, clock):
    """Answers of our own cache cost nothing."""
    usage = Usage(100, 20, 5)
    for call in (
        ModelCall("t/a", "gpt", usage, clock.now(), turn_id="t1", role="triage", seconds=1.5),
        ModelCall("t/a", "gpt", usage, clock.now(), turn_id="t1"),
        ModelCall("t/a", "gpt", Usage(), clock.now(), turn_id="t1", error="timeout"),
        ModelCall("t/a", "gpt", usage, clock.now(), turn_id="t1", from_cache=True),
        ModelCall("t/a", "gpt", usage, clock.now(), turn_id="t2"),
        ModelCall("t/a", "gpt", usage, clock.now()),
    ):
        await stores.ledger.record_call(call)
    assert await stores.ledger.usage("t1") == TurnUsage(
        calls=3, failed=1, from_cache=1, usage=Usage(200, 40, 10), unpriced=3
    )
    assert await stores.ledger.usage("nobody") == TurnUsage()


async def test_an_unknown_cost_is_counted_beside_the_known_ones(stores, clock):
    """Unknown is not nothing; what we counted ourselves says so (§3.4)."""
    calls = (
        {"cost": 0.25},
        {"cost": 0.5, "estimated": True, "error": "cancelled"},
        {"cost": 0.0, "error": "rate_limit"},
        {"cost": None},
        {"cost": 0.0, "from_cache": True},
    )
    for more in calls:
        await stores.ledger.record_call(
            ModelCall("t/a", "gpt", Usage(), clock.now(), turn_id="t1", **more)
        )

    used = await stores.ledger.usage("t1")

    assert (used.cost, used.unpriced, used.estimated) == (0.75, 1, 1)
    assert (used.calls, used.failed, used.from_cache) == (4, 2, 1)
