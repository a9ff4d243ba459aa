"""The outbox: one suite over PostgreSQL and memory."""

import pytest

from chatcrew.errors import LeaseLost
from chatcrew.messages import (
    ActKind,
    AuthorKind,
    Claim,
    Outcome,
    PartState,
    PlannedPart,
    TurnRecord,
    TurnState,
)
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import REPLIED, Stores, Talk

PLAN = (
    PlannedPart(ActKind.MESSAGE, {"content": "Olá!", "content_attributes": {"a": [1, None]}}),
    PlannedPart(ActKind.NOTE, {"content": "resumo"}, gated=False),
    PlannedPart(ActKind.STATUS, {"status": "open"}),
)


async def asked(stores: Stores, talk: Talk, clock: ManualClock) -> Claim:
    """Put a message and claim it."""
    await stores.mailbox.put(talk.says("Oi"))
    await clock.advance(6)
    (claim,) = await stores.mailbox.claim("w1", limit=1)
    return claim


async def test_deciding_stores_all_parts_in_order_with_tags_of_their_own(stores, talk, clock):
    """One transaction holds the reply, the note, the status and the record (design §3)."""
    claim = await asked(stores, talk, clock)
    record = TurnRecord(Outcome.HANDED_OFF, "no_answer", crew="whatsapp", details={"rung": "faq"})

    parts = await stores.outbox.decide(claim.key, PLAN, record)

    assert [part.kind for part in parts] == [part.kind for part in PLAN]
    assert [part.payload for part in parts] == [part.payload for part in PLAN]
    assert [part.gated for part in parts] == [True, False, True]
    assert [part.position for part in parts] == [0, 1, 2]
    assert {part.state for part in parts} == {PartState.PLANNED}
    assert {part.conversation for part in parts} == {talk.id}
    assert len({part.tag for part in parts}) == 3
    assert all(part.tag.startswith("cc-") for part in parts)
    assert await stores.outbox.parts(claim.key.turn_id) == parts
    assert await stores.outbox.by_tag(parts[1].tag) == parts[1]
    assert await stores.outbox.by_tag("cc-nobody") is None
    facts = await stores.ledger.turn(claim.key.turn_id)
    assert (facts.state, facts.decided_at, facts.record) == (
        TurnState.DECIDED,
        clock.now(),
        record,
    )


async def test_a_decision_stands(stores, talk, clock):
    """Deciding again returns the first decision: the customer never gets two answers."""
    claim = await asked(stores, talk, clock)
    first = await stores.outbox.decide(claim.key, PLAN, REPLIED)
    other = TurnRecord(Outcome.HANDED_OFF, "other")
    assert await stores.outbox.decide(claim.key, PLAN[:1], other) == first
    assert (await stores.ledger.turn(claim.key.turn_id)).record == REPLIED


async def test_a_turn_may_be_decided_with_nothing_to_send(stores, talk, clock):
    """A dropped turn has a record and no parts."""
    claim = await asked(stores, talk, clock)
    assert await stores.outbox.decide(claim.key, (), REPLIED) == ()
    assert (await stores.ledger.turn(claim.key.turn_id)).state is TurnState.DECIDED


async def test_a_part_goes_from_planned_to_sent(stores, talk, clock):
    """Each step compares with the one before it."""
    claim = await asked(stores, talk, clock)
    part = (await stores.outbox.decide(claim.key, PLAN, REPLIED))[0]

    sending = (await stores.outbox.begin(part, claim.key)).part
    assert (sending.state, sending.attempts) == (PartState.SENDING, 1)
    assert sending.sending_at == clock.now()
    assert await stores.outbox.begin(part, claim.key) is None

    sent = (await stores.outbox.sent(sending, message_id=900)).part
    assert (sent.state, sent.message_id) == (PartState.SENT, 900)
    assert await stores.outbox.begin(part, claim.key) is None


async def test_a_sent_message_is_history_before_its_echo_comes(stores, talk, clock):
    """Else the sweep would think the customer unanswered; the echo then tells it better."""
    claim = await asked(stores, talk, clock)
    message, note, _ = await stores.outbox.decide(claim.key, PLAN, REPLIED)
    await stores.outbox.sent(message, message_id=talk.last_id + 2)
    await stores.outbox.sent(note, message_id=talk.last_id + 3)

    (_, said) = await stores.history.window(talk.id, limit=9)
    assert (said.author.kind, said.text, said.tag) == (AuthorKind.BOT, "Olá!", message.tag)
    state = await stores.mailbox.state(talk.id)
    assert state.last_public_author is AuthorKind.BOT
    assert state.last_message_id == talk.last_id + 3
    await stores.mailbox.settle(claim.key, REPLIED, arrivals=claim.arrivals)
    await clock.advance(100)
    assert await stores.mailbox.unanswered(before=clock.now()) == []

    await stores.mailbox.put(
        talk.echo("Olá! (Chatwoot)", tag=message.tag, message_id=talk.last_id + 2)
    )
    assert (await stores.history.window(talk.id, limit=1))[0].text == "Olá! (Chatwoot)"


async def test_an_echo_settles_a_part_whose_answer_was_lost(stores, talk, clock):
    """Our own webhook is the first witness; a later "unknown" does not undo it (design §3)."""
    claim = await asked(stores, talk, clock)
    part = (await stores.outbox.decide(claim.key, PLAN, REPLIED))[0]
    sending = (await stores.outbox.begin(part, claim.key)).part

    await stores.mailbox.put(talk.echo("Olá!", tag=part.tag, message_id=950))

    after = await stores.outbox.unknown(sending, error="timeout")
    assert (after.state, after.message_id, after.error) == (PartState.SENT, 950, None)
    assert (await stores.outbox.failed(sending, error="x")).state is PartState.SENT
    assert (await stores.outbox.back_to_planned(sending, error="x")).state is PartState.SENT


async def test_an_echo_after_giving_up_still_tells_the_truth(stores, talk, clock):
    """Unknown becomes sent; failed stays failed."""
    claim = await asked(stores, talk, clock)
    first, second, _ = await stores.outbox.decide(claim.key, PLAN, REPLIED)
    lost = (await stores.outbox.begin(first, claim.key)).part
    assert (await stores.outbox.unknown(lost, error="timeout")).state is PartState.UNKNOWN
    refused = (await stores.outbox.begin(second, claim.key)).part
    assert (await stores.outbox.failed(refused, error="422")).error == "422"

    await stores.mailbox.put(talk.echo("Olá!", tag=first.tag))
    await stores.mailbox.put(talk.echo("resumo", tag=second.tag))

    states = [part.state for part in await stores.outbox.parts(claim.key.turn_id)]
    assert states == [PartState.SENT, PartState.FAILED, PartState.PLANNED]


async def test_a_tag_in_another_conversation_settles_nothing(stores, talk, clock):
    """A copied tag is no proof."""
    claim = await asked(stores, talk, clock)
    part = (await stores.outbox.decide(claim.key, PLAN, REPLIED))[0]
    await stores.mailbox.put(Talk(clock, number=7).echo("Olá!", tag=part.tag))
    assert (await stores.outbox.by_tag(part.tag)).state is PartState.PLANNED


async def test_what_never_left_the_machine_is_planned_again(stores, talk, clock):
    """Refused, DNS, TLS: another attempt may follow (design §3)."""
    claim = await asked(stores, talk, clock)
    part = (await stores.outbox.decide(claim.key, PLAN, REPLIED))[0]
    first = (await stores.outbox.begin(part, claim.key)).part
    again = await stores.outbox.back_to_planned(first, error="connection refused")
    assert (again.state, again.error) == (PartState.PLANNED, "connection refused")
    second = (await stores.outbox.begin(again, claim.key)).part
    assert (second.state, second.attempts, second.error) == (PartState.SENDING, 2, None)

    late = await stores.outbox.back_to_planned(first, error="connection refused")
    assert late.state is PartState.SENDING
    assert (await stores.outbox.unknown(first, error="x")).state is PartState.SENDING


async def test_a_sending_part_is_found_again_after_a_crash(stores, talk, clock):
    """The next worker settles it instead of sending it again (design §3)."""
    claim = await asked(stores, talk, clock)
    part = (await stores.outbox.decide(claim.key, PLAN, REPLIED))[0]
    await stores.outbox.begin(part, claim.key)
    await clock.advance(31)
    (again,) = await stores.mailbox.claim("w2", limit=1)

    assert again.turn_state is TurnState.DECIDED
    found = await stores.outbox.parts(again.key.turn_id)
    assert found[0].state is PartState.SENDING
    assert await stores.outbox.begin(found[0], again.key) is None
    back = await stores.outbox.back_to_planned(found[0], error="read-back: not there")
    assert (await stores.outbox.begin(back, again.key)).part.attempts == 2


async def test_every_leased_write_with_an_old_fence_is_refused(stores, talk, clock):
    """A paused worker neither decides nor sends (S4-45)."""
    old = await asked(stores, talk, clock)
    await clock.advance(31)
    (new,) = await stores.mailbox.claim("w2", limit=1)
    with pytest.raises(LeaseLost):
        await stores.outbox.decide(old.key, PLAN, REPLIED)
    (part, *_) = await stores.outbox.decide(new.key, PLAN, REPLIED)
    with pytest.raises(LeaseLost):
        await stores.outbox.begin(part, old.key)
    with pytest.raises(LeaseLost):
        await stores.outbox.skip(old.key, position=0, reason="person")
    with pytest.raises(LeaseLost):
        await stores.outbox.append(old.key, PLAN)
    assert len(await stores.outbox.parts(new.key.turn_id)) == 3


async def test_a_finished_turn_takes_no_more_writes(stores, talk, clock):
    """Its lease is given back."""
    claim = await asked(stores, talk, clock)
    (part, *_) = await stores.outbox.decide(claim.key, PLAN, REPLIED)
    await stores.mailbox.settle(claim.key, REPLIED, arrivals=claim.arrivals)
    with pytest.raises(LeaseLost):
        await stores.outbox.begin(part, claim.key)
    with pytest.raises(LeaseLost):
        await stores.outbox.decide(claim.key, PLAN, REPLIED)


async def test_skipping_gives_up_what_was_not_begun(stores, talk, clock):
    """A person took over between two parts."""
    claim = await asked(stores, talk, clock)
    (first, *_) = await stores.outbox.decide(claim.key, PLAN, REPLIED)
    await stores.outbox.begin(first, claim.key)
    assert await stores.outbox.skip(claim.key, position=0, reason="person took over") == 2
    states = [part.state for part in await stores.outbox.parts(claim.key.turn_id)]
    assert states == [PartState.SENDING, PartState.SKIPPED, PartState.SKIPPED]


async def test_parts_can_be_added_to_a_decided_turn_only(stores, talk, clock):
    """After an unknown part: a note for the operator, and the status (design §3)."""
    claim = await asked(stores, talk, clock)
    with pytest.raises(LeaseLost):
        await stores.outbox.append(claim.key, PLAN[1:])
    await stores.outbox.decide(claim.key, PLAN[:1], REPLIED)

    added = await stores.outbox.append(claim.key, PLAN[1:])

    assert [(part.position, part.kind) for part in added] == [
        (1, ActKind.NOTE),
        (2, ActKind.STATUS),
    ]
    assert len(await stores.outbox.parts(claim.key.turn_id)) == 3


async def test_undelivered_counts_what_is_still_open(stores, talk, clock):
    """For the gauge and for ``outbox_unknown``."""
    claim = await asked(stores, talk, clock)
    first, second, _ = await stores.outbox.decide(claim.key, PLAN, REPLIED)
    begun = (await stores.outbox.begin(first, claim.key)).part
    await stores.outbox.unknown(begun, error="timeout")
    await stores.outbox.begin(second, claim.key)
    assert await stores.outbox.undelivered() == {
        PartState.PLANNED: 1,
        PartState.SENDING: 1,
        PartState.UNKNOWN: 1,
    }


async def test_payloads_that_postgres_cannot_hold_are_cleaned(stores, talk, clock):
    """A model may write anything."""
    claim = await asked(stores, talk, clock)
    plan = (PlannedPart(ActKind.MESSAGE, {"content": "a\x00\ud800"}),)
    record = TurnRecord(Outcome.REPLIED, "crew", details={"model": "\x00"})
    (part,) = await stores.outbox.decide(claim.key, plan, record)
    assert part.payload == {"content": "a\ufffd\ufffd"}
