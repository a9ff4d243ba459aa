"""Silences with an end, and words that came too late: over PostgreSQL and memory."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chatcrew.errors import LeaseLost
from chatcrew.messages import ActKind, InputKind, Outcome, PlannedPart, Silence, TurnRecord
from chatcrew.testing.stores import REPLIED, Talk, claimed


async def _settle(stores, claim):
    await stores.mailbox.settle(claim.key, REPLIED, arrivals=claim.arrivals)


async def _paused(stores, talk, clock, *, until=None):
    await stores.mailbox.put(talk.commands("/bot pausar 2h férias"))
    claim = await claimed(stores, clock)
    await stores.mailbox.set_silence(
        claim.key, Silence.COMMAND, until=until, by="Patrícia", why="férias"
    )
    await _settle(stores, claim)
    return claim


async def test_a_pause_says_by_whom_until_when_and_why(stores, talk, clock):
    """What a tab and a note show of it; the end is in the row itself, so no restart loses it."""
    until = clock.now() + timedelta(hours=2)
    await _paused(stores, talk, clock, until=until)
    state = await stores.mailbox.state(talk.id)
    assert (state.silence, state.silence_until) == (Silence.COMMAND, until)
    assert (state.silence_by, state.silence_why) == ("Patrícia", "férias")


async def test_a_pause_is_over_at_its_end_and_not_before(stores, talk, clock):
    """Who fires it looks for what is over; ended, it is found no more."""
    await _paused(stores, talk, clock, until=clock.now() + timedelta(hours=2))
    assert await stores.mailbox.silences_over(limit=10) == []
    await clock.advance(7200)
    (state,) = await stores.mailbox.silences_over(limit=10)
    assert state.id == talk.id
    await stores.mailbox.put(talk.commands("/bot voltar"))
    claim = await claimed(stores, clock)
    await stores.mailbox.set_silence(claim.key, None, upto=talk.last_id)
    state = await stores.mailbox.state(talk.id)
    assert (state.silence, state.silence_until, state.silence_by) == (None, None, "")
    assert await stores.mailbox.silences_over(limit=10) == []


async def test_a_silence_that_nobody_can_end_keeps_no_other_waiting(stores, talk, clock):
    """As of a bot that was removed: what ended later comes first."""
    other = Talk(clock, number=9)
    for number, one in enumerate((talk, other)):
        until = clock.now() + timedelta(hours=1 + number)
        await _paused(stores, one, clock, until=until)
    await clock.advance(9000)

    (state,) = await stores.mailbox.silences_over(limit=1)

    assert state.id == other.id


async def test_a_pause_needs_the_lease(stores, talk, clock):
    """Who lost the conversation silences nothing."""
    old = await _paused(stores, talk, clock)
    with pytest.raises(LeaseLost):
        await stores.mailbox.set_silence(old.key, None)


async def test_each_word_of_a_person_moves_the_end_by_policy(stores, talk, clock):
    """``people.takeover.resume_after`` counts from the last word, not from the first."""
    first = clock.now()
    await stores.mailbox.put(replace(talk.person("Deixa comigo"), resume_after=3600.0))
    await clock.advance(1800)
    await stores.mailbox.put(replace(talk.person("Achei o pedido"), resume_after=3600.0))
    state = await stores.mailbox.state(talk.id)
    assert state.silenced_at == first
    assert state.silence_until == first + timedelta(seconds=1800 + 3600)


async def test_a_person_who_speaks_does_not_move_a_pause_by_order(stores, talk, clock):
    """Who said two hours meant two hours."""
    until = clock.now() + timedelta(hours=2)
    await _paused(stores, talk, clock, until=until)
    await stores.mailbox.put(replace(talk.person("Oi!"), resume_after=60.0))
    assert (await stores.mailbox.state(talk.id)).silence_until == until


async def test_words_from_before_the_order_to_go_on_silence_nothing(stores, talk, clock):
    """Webhooks are retried seconds late; message ids say who was first (contract §1.6)."""
    late = talk.person("Um momento")
    await stores.mailbox.put(talk.commands("/bot voltar"))
    claim = await claimed(stores, clock)
    await stores.mailbox.set_silence(claim.key, None, upto=talk.last_id)
    await _settle(stores, claim)
    await stores.mailbox.put(late)
    assert (await stores.mailbox.state(talk.id)).silence is None


async def _spoke(stores, talk, clock, *, person_first: bool):
    """Bot and person speak together; the person's webhook comes last."""
    await stores.mailbox.put(talk.says("Oi"))
    claim = await claimed(stores, clock)
    reply = PlannedPart(ActKind.MESSAGE, {"content": "Olá!"})
    record = TurnRecord(outcome=Outcome.REPLIED, reason="crew")
    (part,) = await stores.outbox.decide(claim.key, [reply], record)
    begun = (await stores.outbox.begin(part, claim.key)).part
    if person_first:
        person = talk.person("Deixa comigo")
        await clock.advance(0.4)
    talk.last_id += 1
    own = talk.last_id
    await stores.outbox.sent(begun, message_id=own)
    if not person_first:
        person = talk.person("Deixa comigo")
    await _settle(stores, claim)
    await stores.mailbox.put(person)
    return own


async def test_a_reply_newer_than_a_persons_word_is_found_when_that_word_arrives(
    stores, talk, clock
):
    """Our POST was answered, then the person's webhook came: ids tell that he was first (N4)."""
    own = await _spoke(stores, talk, clock, person_first=True)
    claim = await claimed(stores, clock)
    (found,) = await stores.mailbox.talked_over(talk.id)
    assert [item.kind for item in claim.burst] == [InputKind.TALKOVER]
    assert (found.message_id, found.text) == (own, "Olá!")
    assert found.person_id == own - 1


async def test_a_reply_older_than_the_persons_word_is_no_talk_over(stores, talk, clock):
    """The bot answered, then the person took over: as it should be."""
    await _spoke(stores, talk, clock, person_first=False)
    assert await stores.mailbox.talked_over(talk.id) == []
    assert await stores.mailbox.claim("w", limit=1) == []


async def test_what_a_turn_has_dealt_with_is_not_found_again(stores, talk, clock):
    """The record names the message, in one transaction with what was done about it."""
    own = await _spoke(stores, talk, clock, person_first=True)
    claim = await claimed(stores, clock)
    record = TurnRecord(
        outcome=Outcome.DROPPED, reason="x", details={"talkover": [{"message": own}]}
    )
    await stores.outbox.decide(
        claim.key, [PlannedPart(ActKind.NOTE, {"content": "!"}, gated=False)], record
    )
    assert await stores.mailbox.talked_over(talk.id) == []


async def test_our_echo_finds_it_too_where_the_person_was_heard_first(stores, talk, clock):
    """The person's webhook came while our POST was under way."""
    await stores.mailbox.put(talk.says("Oi"))
    claim = await claimed(stores, clock)
    await _settle(stores, claim)
    await stores.mailbox.put(talk.person("Deixa comigo"))
    await stores.mailbox.put(talk.echo("Olá!", tag=None))
    claim = await claimed(stores, clock)
    assert [item.kind for item in claim.burst] == [InputKind.TALKOVER]
