"""Parking, sweeping and forgetting: over PostgreSQL and memory."""

from dataclasses import replace
from datetime import timedelta

from chatcrew.mailbox import Mailbox, PutResult
from chatcrew.messages import (
    ActKind,
    InputKind,
    Outcome,
    Owner,
    OwnerKind,
    PlannedPart,
    TurnState,
)
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import REPLIED, Stores, Talk, claimed, settled, texts

REPLY = (PlannedPart(ActKind.MESSAGE, {"content": "Olá!"}),)


async def test_too_many_tries_are_left_to_parking(stores, mailbox, talk, clock):
    """After three tries the conversation goes to people, with what it waits for (S4-45)."""
    await mailbox.put(talk.says("Oi"))
    for _ in range(3):
        claim = await claimed(stores, clock)
        await mailbox.release(claim, retry_in=0)
    assert await mailbox.claim("w1", limit=1) == []

    (parking,) = await mailbox.to_park("w1", limit=5)
    assert (parking.attempts, texts(parking)) == (4, ["Oi"])
    await stores.outbox.decide(parking.key, REPLY, REPLIED)
    assert await mailbox.park(parking, reason="crew failed") is False

    (entry,) = await mailbox.parked()
    assert (entry.conversation, entry.reason) == (talk.id, "crew failed")
    assert (entry.turn_id, entry.at) == (parking.key.turn_id, clock.now())
    facts = await stores.ledger.turn(parking.key.turn_id)
    assert (facts.state, facts.record.outcome) == (TurnState.FINISHED, Outcome.PARKED)
    assert (await mailbox.depth()).parked == 1


async def test_who_claims_a_decided_turn_again_knows_why_it_was_decided(
    stores, mailbox, talk, clock
):
    """A crash between decision and parking must not forget that it is to be parked."""
    await mailbox.put(talk.says("Oi"))
    first = await claimed(stores, clock)
    assert first.decided is None
    await stores.outbox.decide(first.key, REPLY, replace(REPLIED, reason="parked"))

    await clock.advance(31)
    (again,) = await mailbox.claim("w2", limit=1)

    assert (again.turn_state, again.decided) == (TurnState.DECIDED, "parked")


async def parked(stores: Stores, talk: Talk, clock: ManualClock) -> None:
    """Park a conversation."""
    await stores.mailbox.put(talk.says("Oi"))
    await stores.mailbox.park(await claimed(stores, clock), reason="crew failed")


async def test_a_parked_conversation_goes_on_with_new_input(stores, mailbox, talk, clock):
    """Parking keeps the failed input aside; it does not deafen the bot."""
    await parked(stores, talk, clock)
    await mailbox.put(talk.says("Alô?"))
    claim = await claimed(stores, clock)
    assert (texts(claim), claim.attempts) == (["Alô?"], 1)


async def test_parked_input_can_be_tried_again(stores, mailbox, talk, clock):
    """It gets a new turn; the parked one stays as a fact."""
    await parked(stores, talk, clock)
    assert await mailbox.retry_parked(talk.id) is True
    assert await mailbox.parked() == []
    (claim,) = await mailbox.claim("w1", limit=1)
    assert (texts(claim), claim.attempts) == (["Oi"], 1)
    assert await mailbox.retry_parked(talk.id) is False


async def test_parked_input_tried_during_a_turn_is_not_lost(stores, mailbox, talk, clock):
    """The retry counts as an arrival, so the running turn's settle leaves it due."""
    await parked(stores, talk, clock)
    await mailbox.put(talk.says("Alô?"))
    running = await claimed(stores, clock)
    await mailbox.retry_parked(talk.id)
    assert await mailbox.settle(running.key, REPLIED, arrivals=running.arrivals) is True
    assert texts(await claimed(stores, clock)) == ["Oi"]


async def test_parked_input_can_be_discarded_with_a_reason(stores, mailbox, talk, clock):
    """Nothing disappears without a trace."""
    await parked(stores, talk, clock)
    (entry,) = await mailbox.parked()
    assert await mailbox.discard_parked(talk.id, reason="answered by phone") is True
    assert await mailbox.parked() == []
    assert await mailbox.discard_parked(talk.id, reason="again") is False
    facts = await stores.ledger.turn(entry.turn_id)
    assert facts.record.details == {"discarded": "answered by phone"}


async def test_handing_back_closes_the_parked_entry(stores, mailbox, talk, clock):
    """People dealt with it; the customer's last word is an input again."""
    await parked(stores, talk, clock)
    await mailbox.put(talk.becomes("open"))
    assert len(await mailbox.parked()) == 1
    await mailbox.put(talk.becomes("pending"))
    assert await mailbox.parked() == []
    assert (await claimed(stores, clock)).burst[0].kind is InputKind.HANDBACK


async def unanswered(mailbox: Mailbox, clock: ManualClock) -> list[int]:
    """Return the conversations that the sweep finds."""
    found = await mailbox.unanswered(before=clock.now() - timedelta(seconds=60))
    return [state.id.number for state in found]


async def test_the_sweep_finds_customers_without_an_answer_once(stores, mailbox, talk, clock):
    """Settled without a word, pending: taken back as an input of its own (design §3)."""
    await mailbox.put(talk.says("Oi"))
    assert await unanswered(mailbox, clock) == []
    await settled(stores, clock)
    assert await unanswered(mailbox, clock) == []
    await clock.advance(60)
    assert await unanswered(mailbox, clock) == [talk.number]

    assert await mailbox.enqueue(talk.id, kind=InputKind.SWEEP) is True
    assert await mailbox.enqueue(talk.id, kind=InputKind.SWEEP) is False
    assert await unanswered(mailbox, clock) == []
    (claim,) = await mailbox.claim("w1", limit=1)
    assert [item.kind for item in claim.burst] == [InputKind.SWEEP]
    await mailbox.settle(claim.key, REPLIED, arrivals=claim.arrivals)
    assert await unanswered(mailbox, clock) == []

    await mailbox.put(talk.says("Alô?"))
    await settled(stores, clock)
    await clock.advance(60)
    assert await unanswered(mailbox, clock) == [talk.number]


async def test_the_sweep_leaves_answered_owned_and_resolved_conversations(stores, mailbox, clock):
    """A greeting is no answer; a person who owns an open conversation is responsible."""
    talks = {
        name: Talk(clock, number=number)
        for number, name in enumerate(("answered", "greeted", "owned", "opened", "resolved"), 1)
    }
    for talk in talks.values():
        await mailbox.put(talk.says("Oi"))
        await settled(stores, clock)
    person = Owner(OwnerKind.PERSON, 12)
    await mailbox.put(talks["answered"].echo("Olá!", tag="cc-1"))
    await mailbox.put(talks["greeted"].template("Bem-vindo"))
    await mailbox.put(talks["owned"].becomes("open", owner=person))
    await mailbox.put(talks["opened"].becomes("open"))
    await mailbox.put(talks["resolved"].becomes("resolved"))
    await clock.advance(60)
    assert await unanswered(mailbox, clock) == [2, 4]


async def test_a_tap_without_an_answer_is_found_too(stores, mailbox, talk, clock):
    """The choice has the id of the bot's own message."""
    await mailbox.put(talk.echo("Escolha", tag="cc-1", message_id=50))
    await mailbox.put(talk.chooses(50, "Falar com atendente"))
    await settled(stores, clock)
    await clock.advance(60)
    assert await unanswered(mailbox, clock) == [talk.number]


async def test_an_automatic_reply_asks_for_no_answer(stores, mailbox, talk, clock):
    """Out-of-office mails are kept, never chased (RFC 3834)."""
    mail = talk.says("Estou de férias")
    line = replace(mail.change.line, automatic=True)
    await mailbox.put(replace(mail, change=replace(mail.change, line=line)))
    await settled(stores, clock)
    await clock.advance(60)
    assert await unanswered(mailbox, clock) == []


async def test_enqueue_of_an_unknown_conversation_does_nothing(mailbox, talk):
    """There is no row to put it on."""
    assert await mailbox.enqueue(talk.id, kind=InputKind.SWEEP) is False


async def test_old_keys_and_bodies_are_forgotten(stores, mailbox, talk, clock):
    """Dedupe keys and raw bodies do not pile up; bodies of unfinished turns stay."""
    delivery = talk.says("Oi")
    await mailbox.put(delivery)
    now = clock.now()
    await mailbox.quarantine("acme-bot", reason="unreadable", headers={}, body=b"\x00", at=now)
    await clock.advance(1)
    assert await mailbox.purge_seen(now) == 0
    assert await mailbox.purge_seen(clock.now()) == len(delivery.keys())
    assert await mailbox.put(delivery) is PutResult.STORED
    assert await mailbox.purge_bodies(clock.now()) == 1
    await settled(stores, clock)
    assert await mailbox.purge_bodies(clock.now()) == 2
    assert await mailbox.purge_bodies(clock.now()) == 0


async def test_parking_that_could_not_be_told_is_parked_later(stores, mailbox, talk, clock):
    """Chatwoot was away: the exhausted turn must not run once more in between."""
    await mailbox.put(talk.says("Oi"))
    for _ in range(3):
        await mailbox.release(await claimed(stores, clock), retry_in=0)
    (parking,) = await mailbox.to_park("w1", limit=5)
    await mailbox.release(parking, retry_in=5, counted=False)
    await clock.advance(5)
    assert await mailbox.claim("w1", limit=5) == []
    assert len(await mailbox.to_park("w1", limit=5)) == 1
