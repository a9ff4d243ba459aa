"""Claiming, rechecking, settling: over PostgreSQL and memory."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chatcrew.errors import LeaseLost
from chatcrew.messages import (
    ActKind,
    InputKind,
    PlannedPart,
    Silence,
    TurnState,
)
from chatcrew.testing.stores import REPLIED, Talk, claimed, texts

REPLY = (PlannedPart(ActKind.MESSAGE, {"content": "Olá!"}),)


async def test_a_conversation_is_leased_to_one_worker_only(stores, mailbox, talk, clock):
    """New input during a turn does not start a second one."""
    await mailbox.put(talk.says("Oi"))
    await claimed(stores, clock)
    await mailbox.put(talk.says("Alô?"))
    await clock.advance(6)
    assert await mailbox.claim("w2", limit=5) == []


async def test_a_message_during_the_turn_is_never_lost(stores, mailbox, talk, clock):
    """Settle sees that something arrived and leaves it due (design §3)."""
    await mailbox.put(talk.says("Oi"))
    claim = await claimed(stores, clock)
    await mailbox.put(talk.says("e quanto custa?"))

    assert await mailbox.settle(claim.key, REPLIED, arrivals=claim.arrivals) is True

    following = await claimed(stores, clock)
    assert texts(following) == ["e quanto custa?"]
    assert following.attempts == 1
    assert following.key.turn_id != claim.key.turn_id
    assert await mailbox.settle(following.key, REPLIED, arrivals=following.arrivals) is False
    state = await mailbox.state(talk.id)
    assert (state.due_at, state.first_at, state.attempts) == (None, None, 0)


async def test_input_during_a_turn_has_a_quiet_time_of_its_own(stores, mailbox, talk, clock):
    """The bound counts from the first message that no turn has taken."""
    await mailbox.put(talk.says("Oi"))
    await claimed(stores, clock)
    await clock.advance(20)
    await mailbox.put(talk.says("Alô?"))
    state = await mailbox.state(talk.id)
    assert state.first_at == clock.now()
    assert state.due_at == clock.now() + timedelta(seconds=0.8)


async def test_recheck_takes_what_came_into_the_open_turn(stores, mailbox, talk, clock):
    """The answer then covers both, and settle finds nothing left."""
    await mailbox.put(talk.says("Oi"))
    claim = await claimed(stores, clock)
    await mailbox.put(talk.says("e quanto custa?"))
    await mailbox.put(talk.person("Deixa comigo"))

    fresh = await mailbox.recheck(claim)

    assert texts(fresh) == ["Oi", "e quanto custa?"]
    assert fresh.state.silence is Silence.PERSON
    assert fresh.arrivals == 2
    assert (fresh.key, fresh.lease_until) == (claim.key, claim.lease_until)
    assert await mailbox.settle(fresh.key, REPLIED, arrivals=fresh.arrivals) is False
    assert await mailbox.next_due() is None


async def test_recheck_may_leave_new_input_to_the_next_turn(stores, mailbox, talk, clock):
    """After some restarts a turn answers what it has."""
    await mailbox.put(talk.says("Oi"))
    claim = await claimed(stores, clock)
    await mailbox.put(talk.says("e quanto custa?"))

    fresh = await mailbox.recheck(claim, take=False)

    assert texts(fresh) == ["Oi"]
    assert await mailbox.settle(fresh.key, REPLIED, arrivals=fresh.arrivals) is True
    assert texts(await claimed(stores, clock)) == ["e quanto custa?"]


async def test_after_a_crash_another_worker_takes_the_open_turn(stores, mailbox, talk, clock):
    """30 s after the last renewal the lease ends; new input joins the turn (S4-45)."""
    await mailbox.put(talk.says("Oi"))
    first = await claimed(stores, clock)
    await clock.advance(20)
    renewed = await mailbox.renew(first)
    assert renewed.lease_until == clock.monotonic() + 30
    await mailbox.put(talk.says("Alô?"))
    await clock.advance(29.9)
    assert await mailbox.claim("w2", limit=1) == []
    await clock.advance(0.1)

    (second,) = await mailbox.claim("w2", limit=1)

    assert second.key.turn_id == first.key.turn_id
    assert second.key.fence == first.key.fence + 1
    assert second.attempts == 2
    assert second.started_at == first.started_at
    assert texts(second) == ["Oi", "Alô?"]


async def test_every_write_with_an_old_fence_is_refused(mailbox, talk, clock, stores):
    """A worker that was paused past its lease changes nothing any more (S4-45)."""
    await mailbox.put(talk.says("Oi"))
    old = await claimed(stores, clock)
    await clock.advance(31)
    (new,) = await mailbox.claim("w2", limit=1)

    with pytest.raises(LeaseLost):
        await mailbox.renew(old)
    with pytest.raises(LeaseLost):
        await mailbox.recheck(old)
    with pytest.raises(LeaseLost):
        await mailbox.settle(old.key, REPLIED, arrivals=old.arrivals)
    with pytest.raises(LeaseLost):
        await mailbox.release(old, retry_in=1)
    with pytest.raises(LeaseLost):
        await mailbox.set_function(old.key, "sales")
    with pytest.raises(LeaseLost):
        await mailbox.set_silence(old.key, Silence.COMMAND)
    with pytest.raises(LeaseLost):
        await mailbox.park(old, reason="crash")

    facts = await stores.ledger.turn(new.key.turn_id)
    assert (facts.state, facts.worker, facts.record) == (TurnState.OPEN, "w2", None)
    assert await mailbox.recheck(new) == replace(new, state=(await mailbox.state(talk.id)))


async def test_after_giving_the_lease_back_every_write_is_refused(stores, mailbox, talk, clock):
    """The fence is the same, the lease is gone."""
    await mailbox.put(talk.says("Oi"))
    claim = await claimed(stores, clock)
    await mailbox.settle(claim.key, REPLIED, arrivals=claim.arrivals)
    with pytest.raises(LeaseLost):
        await mailbox.renew(claim)
    with pytest.raises(LeaseLost):
        await mailbox.settle(claim.key, REPLIED, arrivals=claim.arrivals)


async def test_a_decided_turn_is_only_delivered_and_later_input_is_the_next(
    stores, mailbox, talk, clock
):
    """A re-claim calls no model; its settle must not eat the wake-up of what came (design §3)."""
    await mailbox.put(talk.says("Oi"))
    claim = await claimed(stores, clock)
    await stores.outbox.decide(claim.key, REPLY, REPLIED)
    await mailbox.put(talk.says("Alô?"))
    await clock.advance(31)

    (again,) = await mailbox.claim("w2", limit=1)
    assert again.turn_state is TurnState.DECIDED
    assert texts(again) == ["Oi"]
    fresh = await mailbox.recheck(again)
    assert (fresh.turn_state, texts(fresh)) == (TurnState.DECIDED, ["Oi"])
    assert await mailbox.settle(fresh.key, None, arrivals=fresh.arrivals) is True

    facts = await stores.ledger.turn(fresh.key.turn_id)
    assert (facts.state, facts.record) == (TurnState.FINISHED, REPLIED)
    assert texts(await claimed(stores, clock)) == ["Alô?"]


async def test_release_tries_the_same_turn_later(stores, mailbox, talk, clock):
    """New input does not make it due before the pause is over."""
    await mailbox.put(talk.says("Oi"))
    claim = await claimed(stores, clock)
    await mailbox.release(claim, retry_in=10)
    await mailbox.put(talk.says("Alô?"))

    await clock.advance(9.9)
    assert await mailbox.claim("w1", limit=1) == []
    await clock.advance(0.1)
    (again,) = await mailbox.claim("w1", limit=1)
    assert again.key.turn_id == claim.key.turn_id
    assert (again.attempts, texts(again)) == (2, ["Oi", "Alô?"])


async def test_release_at_shutdown_costs_no_try(stores, mailbox, talk, clock):
    """Restarts are not the turn's fault."""
    await mailbox.put(talk.says("Oi"))
    for _ in range(4):
        claim = await claimed(stores, clock)
        assert claim.attempts == 1
        await mailbox.release(claim, retry_in=0, counted=False)


async def test_urgent_goes_first_and_nobody_starves(mailbox, clock):
    """Priority is a head start of two minutes, not a separate queue (design §3)."""
    old, normal, urgent = (Talk(clock, number=number) for number in (1, 2, 3))
    await mailbox.put(old.says("Oi"))
    await clock.advance(121)
    await mailbox.put(normal.says("Oi"))
    urgent.snapshot = replace(urgent.snapshot, priority="urgent")
    await clock.advance(1)
    await mailbox.put(urgent.says("Oi"))
    await clock.advance(1)

    claims = [(await mailbox.claim("w1", limit=1))[0] for _ in range(3)]

    assert [claim.key.conversation.number for claim in claims] == [1, 3, 2]


async def test_a_vip_goes_first_and_nobody_starves(mailbox, clock):
    """A VIP's head start is a minute and a half; who stops being one waits like everybody."""
    old, normal, vip, former = (Talk(clock, number=number) for number in (1, 2, 3, 4))
    await mailbox.put(old.says("Oi"))
    await clock.advance(91)
    await mailbox.put(normal.says("Oi"))
    await clock.advance(0.5)
    await mailbox.put(replace(former.says("Oi"), vip=True))
    await mailbox.put(replace(former.says("Olá?"), vip=False))
    await clock.advance(1)
    await mailbox.put(replace(vip.says("Oi"), vip=True))
    await mailbox.put(vip.says("Olá?"))  # does not tell, so it stands
    await clock.advance(7)

    claims = [(await mailbox.claim("w1", limit=1))[0] for _ in range(4)]

    assert [claim.key.conversation.number for claim in claims] == [1, 3, 2, 4]


async def test_a_claim_takes_no_more_than_its_limit(mailbox, clock):
    """A worker takes what it has room for."""
    for number in range(1, 6):
        await mailbox.put(Talk(clock, number=number).says("Oi"))
    await clock.advance(1)
    assert len(await mailbox.claim("w1", limit=3)) == 3
    assert len(await mailbox.claim("w2", limit=3)) == 2


async def test_wakes_ring_at_first_and_at_each_put(mailbox, talk):
    """A worker that waits hears of new input at once (design §3)."""
    wakes = mailbox.wakes()
    await anext(wakes)
    await mailbox.put(talk.says("Oi"))
    await anext(wakes)
    await wakes.aclose()


async def test_function_and_silence_are_kept_on_the_conversation(stores, mailbox, talk, clock):
    """A role's hand-over and an operator's command outlive the turn."""
    await mailbox.put(talk.commands("/bot silêncio"))
    claim = await claimed(stores, clock)
    await mailbox.set_function(claim.key, "scheduling")
    await mailbox.set_silence(claim.key, Silence.COMMAND)
    state = await mailbox.state(talk.id)
    assert (state.function, state.silence) == ("scheduling", Silence.COMMAND)
    assert state.silenced_at == clock.now()
    await mailbox.set_silence(claim.key, None)
    assert (await mailbox.state(talk.id)).silence is None


async def test_what_an_operator_did_in_the_tab_is_an_input_with_its_words(
    stores, mailbox, talk, clock
) -> None:
    """It wakes the conversation at once, beside what waits, and once for each press (S2-08)."""
    payload = {"command": "/bot parar", "by": "Patrícia", "user_id": 12, "key": "tab:1"}
    assert not await mailbox.wake(talk.id, key="tab:1", payload=payload, kind=InputKind.COMMAND)
    await mailbox.put(talk.says("oi"))
    for _ in range(2):
        assert await mailbox.wake(talk.id, key="tab:1", payload=payload, kind=InputKind.COMMAND)
    claim = await claimed(stores, clock)

    kinds = [(item.kind, dict(item.payload)) for item in claim.burst]
    assert kinds == [(InputKind.COMMAND, payload), (InputKind.MESSAGE, {})]
    assert claim.burst[0].line is None
