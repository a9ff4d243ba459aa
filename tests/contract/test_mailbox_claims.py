"""Claiming, rechecking, settling, parking, sweeping: one suite over PostgreSQL and memory."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chatcrew.errors import LeaseLost
from chatcrew.mailbox import Mailbox, PutResult
from chatcrew.messages import (
    ActKind,
    Claim,
    InputKind,
    Outcome,
    Owner,
    OwnerKind,
    PlannedPart,
    Silence,
    TurnState,
)
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import REPLIED, Stores, Talk

REPLY = (PlannedPart(ActKind.MESSAGE, {"content": "Olá!"}),)


@pytest.fixture
def clock() -> ManualClock:
    """Give a clock that the test moves."""
    return ManualClock()


@pytest.fixture(params=["memory", "postgres"])
def stores(request: pytest.FixtureRequest, clock: ManualClock) -> Stores:
    """Give the stores over each backend."""
    if request.param == "memory":
        return Stores.in_memory(clock, max_attempts=3, max_pending=20)
    database = request.getfixturevalue("database")
    return Stores.on_postgres(database, clock, max_attempts=3, max_pending=20)


@pytest.fixture
def mailbox(stores: Stores) -> Mailbox:
    """Give the mailbox."""
    return stores.mailbox


@pytest.fixture
def talk(clock: ManualClock) -> Talk:
    """Give a conversation with the default timing: quiet 0.8 s, at most 6 s."""
    return Talk(clock)


def texts(claim: Claim) -> list[str]:
    """Return the words of a burst."""
    return [item.line.text for item in claim.burst if item.line is not None]


async def settled(mailbox: Mailbox, clock: ManualClock) -> Claim:
    """Let everything become due, then claim and settle it."""
    await clock.advance(10)
    (claim,) = await mailbox.claim("w1", limit=1)
    await mailbox.settle(claim.key, REPLIED, arrivals=claim.arrivals)
    return claim


async def claimed(mailbox: Mailbox, clock: ManualClock, *, worker: str = "w1") -> Claim:
    """Let everything become due and claim one."""
    await clock.advance(6)
    (claim,) = await mailbox.claim(worker, limit=1)
    return claim


async def test_a_conversation_is_leased_to_one_worker_only(mailbox, talk, clock):
    """New input during a turn does not start a second one."""
    await mailbox.put(talk.says("Oi"))
    await claimed(mailbox, clock)
    await mailbox.put(talk.says("Alô?"))
    await clock.advance(6)
    assert await mailbox.claim("w2", limit=5) == []


async def test_a_message_during_the_turn_is_never_lost(mailbox, talk, clock):
    """Settle sees that something arrived and leaves it due (design §3)."""
    await mailbox.put(talk.says("Oi"))
    claim = await claimed(mailbox, clock)
    await mailbox.put(talk.says("e quanto custa?"))

    assert await mailbox.settle(claim.key, REPLIED, arrivals=claim.arrivals) is True

    following = await claimed(mailbox, clock)
    assert texts(following) == ["e quanto custa?"]
    assert following.attempts == 1
    assert following.key.turn_id != claim.key.turn_id
    assert await mailbox.settle(following.key, REPLIED, arrivals=following.arrivals) is False
    state = await mailbox.state(talk.id)
    assert (state.due_at, state.first_at, state.attempts) == (None, None, 0)


async def test_input_during_a_turn_has_a_quiet_time_of_its_own(mailbox, talk, clock):
    """The bound counts from the first message that no turn has taken."""
    await mailbox.put(talk.says("Oi"))
    await claimed(mailbox, clock)
    await clock.advance(20)
    await mailbox.put(talk.says("Alô?"))
    state = await mailbox.state(talk.id)
    assert state.first_at == clock.now()
    assert state.due_at == clock.now() + timedelta(seconds=0.8)


async def test_recheck_takes_what_came_into_the_open_turn(mailbox, talk, clock):
    """The answer then covers both, and settle finds nothing left."""
    await mailbox.put(talk.says("Oi"))
    claim = await claimed(mailbox, clock)
    await mailbox.put(talk.says("e quanto custa?"))
    await mailbox.put(talk.person("Deixa comigo"))

    fresh = await mailbox.recheck(claim)

    assert texts(fresh) == ["Oi", "e quanto custa?"]
    assert fresh.state.silence is Silence.PERSON
    assert fresh.arrivals == 2
    assert (fresh.key, fresh.lease_until) == (claim.key, claim.lease_until)
    assert await mailbox.settle(fresh.key, REPLIED, arrivals=fresh.arrivals) is False
    assert await mailbox.next_due() is None


async def test_recheck_may_leave_new_input_to_the_next_turn(mailbox, talk, clock):
    """After some restarts a turn answers what it has."""
    await mailbox.put(talk.says("Oi"))
    claim = await claimed(mailbox, clock)
    await mailbox.put(talk.says("e quanto custa?"))

    fresh = await mailbox.recheck(claim, take=False)

    assert texts(fresh) == ["Oi"]
    assert await mailbox.settle(fresh.key, REPLIED, arrivals=fresh.arrivals) is True
    assert texts(await claimed(mailbox, clock)) == ["e quanto custa?"]


async def test_after_a_crash_another_worker_takes_the_open_turn(mailbox, talk, clock):
    """30 s after the last renewal the lease ends; new input joins the turn (S4-45)."""
    await mailbox.put(talk.says("Oi"))
    first = await claimed(mailbox, clock)
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
    old = await claimed(mailbox, clock)
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


async def test_after_giving_the_lease_back_every_write_is_refused(mailbox, talk, clock):
    """The fence is the same, the lease is gone."""
    await mailbox.put(talk.says("Oi"))
    claim = await claimed(mailbox, clock)
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
    claim = await claimed(mailbox, clock)
    await stores.outbox.decide(claim.key, REPLY, REPLIED)
    await mailbox.put(talk.says("Alô?"))
    await clock.advance(31)

    (again,) = await mailbox.claim("w2", limit=1)
    assert again.turn_state is TurnState.DECIDED
    assert texts(again) == ["Oi"]
    fresh = await mailbox.recheck(again)
    assert (fresh.turn_state, texts(fresh)) == (TurnState.DECIDED, ["Oi"])
    assert await mailbox.settle(fresh.key, REPLIED, arrivals=fresh.arrivals) is True

    assert texts(await claimed(mailbox, clock)) == ["Alô?"]


async def test_release_tries_the_same_turn_later(mailbox, talk, clock):
    """New input does not make it due before the pause is over."""
    await mailbox.put(talk.says("Oi"))
    claim = await claimed(mailbox, clock)
    await mailbox.release(claim, retry_in=10)
    await mailbox.put(talk.says("Alô?"))

    await clock.advance(9.9)
    assert await mailbox.claim("w1", limit=1) == []
    await clock.advance(0.1)
    (again,) = await mailbox.claim("w1", limit=1)
    assert again.key.turn_id == claim.key.turn_id
    assert (again.attempts, texts(again)) == (2, ["Oi", "Alô?"])


async def test_release_at_shutdown_costs_no_try(mailbox, talk, clock):
    """Restarts are not the turn's fault."""
    await mailbox.put(talk.says("Oi"))
    for _ in range(4):
        claim = await claimed(mailbox, clock)
        assert claim.attempts == 1
        await mailbox.release(claim, retry_in=0, counted=False)


async def test_too_many_tries_are_left_to_parking(stores, mailbox, talk, clock):
    """After three tries the conversation goes to people, with what it waits for (S4-45)."""
    await mailbox.put(talk.says("Oi"))
    for _ in range(3):
        claim = await claimed(mailbox, clock)
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


async def parked(mailbox: Mailbox, talk: Talk, clock: ManualClock) -> None:
    """Park a conversation."""
    await mailbox.put(talk.says("Oi"))
    await mailbox.park(await claimed(mailbox, clock), reason="crew failed")


async def test_a_parked_conversation_goes_on_with_new_input(mailbox, talk, clock):
    """Parking keeps the failed input aside; it does not deafen the bot."""
    await parked(mailbox, talk, clock)
    await mailbox.put(talk.says("Alô?"))
    claim = await claimed(mailbox, clock)
    assert (texts(claim), claim.attempts) == (["Alô?"], 1)


async def test_parked_input_can_be_tried_again(mailbox, talk, clock):
    """It gets a new turn; the parked one stays as a fact."""
    await parked(mailbox, talk, clock)
    assert await mailbox.retry_parked(talk.id) is True
    assert await mailbox.parked() == []
    (claim,) = await mailbox.claim("w1", limit=1)
    assert (texts(claim), claim.attempts) == (["Oi"], 1)
    assert await mailbox.retry_parked(talk.id) is False


async def test_parked_input_tried_during_a_turn_is_not_lost(mailbox, talk, clock):
    """The retry counts as an arrival, so the running turn's settle leaves it due."""
    await parked(mailbox, talk, clock)
    await mailbox.put(talk.says("Alô?"))
    running = await claimed(mailbox, clock)
    await mailbox.retry_parked(talk.id)
    assert await mailbox.settle(running.key, REPLIED, arrivals=running.arrivals) is True
    assert texts(await claimed(mailbox, clock)) == ["Oi"]


async def test_parked_input_can_be_discarded_with_a_reason(stores, mailbox, talk, clock):
    """Nothing disappears without a trace."""
    await parked(mailbox, talk, clock)
    (entry,) = await mailbox.parked()
    assert await mailbox.discard_parked(talk.id, reason="answered by phone") is True
    assert await mailbox.parked() == []
    assert await mailbox.discard_parked(talk.id, reason="again") is False
    facts = await stores.ledger.turn(entry.turn_id)
    assert facts.record.details == {"discarded": "answered by phone"}


async def test_handing_back_closes_the_parked_entry(mailbox, talk, clock):
    """People dealt with it; the customer's last word is an input again."""
    await parked(mailbox, talk, clock)
    await mailbox.put(talk.becomes("open"))
    assert len(await mailbox.parked()) == 1
    await mailbox.put(talk.becomes("pending"))
    assert await mailbox.parked() == []
    assert (await claimed(mailbox, clock)).burst[0].kind is InputKind.HANDBACK


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


async def test_a_claim_takes_no_more_than_its_limit(mailbox, clock):
    """A worker takes what it has room for."""
    for number in range(1, 6):
        await mailbox.put(Talk(clock, number=number).says("Oi"))
    await clock.advance(1)
    assert len(await mailbox.claim("w1", limit=3)) == 3
    assert len(await mailbox.claim("w2", limit=3)) == 2


async def test_next_due_and_depth_tell_what_waits(mailbox, talk, clock):
    """The worker sleeps until then; the metrics show it."""
    assert await mailbox.next_due() is None
    await mailbox.put(talk.says("Oi"))
    assert await mailbox.next_due() == clock.now() + timedelta(seconds=0.8)

    await clock.advance(5)
    depth = await mailbox.depth()
    assert (depth.waiting, depth.oldest, depth.parked) == (1, 5.0, 0)
    await mailbox.claim("w1", limit=1)
    assert await mailbox.next_due() == clock.now() + timedelta(seconds=30)


async def test_wakes_ring_at_first_and_at_each_put(mailbox, talk):
    """A worker that waits hears of new input at once (design §3)."""
    wakes = mailbox.wakes()
    await anext(wakes)
    await mailbox.put(talk.says("Oi"))
    await anext(wakes)
    await wakes.aclose()


async def test_function_and_silence_are_kept_on_the_conversation(mailbox, talk, clock):
    """A role's hand-over and an operator's command outlive the turn."""
    await mailbox.put(talk.commands("/bot silêncio"))
    claim = await claimed(mailbox, clock)
    await mailbox.set_function(claim.key, "scheduling")
    await mailbox.set_silence(claim.key, Silence.COMMAND)
    state = await mailbox.state(talk.id)
    assert (state.function, state.silence) == ("scheduling", Silence.COMMAND)
    assert state.silenced_at == clock.now()
    await mailbox.set_silence(claim.key, None)
    assert (await mailbox.state(talk.id)).silence is None


async def unanswered(mailbox: Mailbox, clock: ManualClock) -> list[int]:
    """Return the conversations that the sweep finds."""
    found = await mailbox.unanswered(before=clock.now() - timedelta(seconds=60))
    return [state.id.number for state in found]


async def test_the_sweep_finds_customers_without_an_answer_once(mailbox, talk, clock):
    """Settled without a word, pending: taken back as an input of its own (design §3)."""
    await mailbox.put(talk.says("Oi"))
    assert await unanswered(mailbox, clock) == []
    await settled(mailbox, clock)
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
    await settled(mailbox, clock)
    await clock.advance(60)
    assert await unanswered(mailbox, clock) == [talk.number]


async def test_the_sweep_leaves_answered_owned_and_resolved_conversations(mailbox, clock):
    """A greeting is no answer; a person who owns an open conversation is responsible."""
    talks = {
        name: Talk(clock, number=number)
        for number, name in enumerate(("answered", "greeted", "owned", "opened", "resolved"), 1)
    }
    for talk in talks.values():
        await mailbox.put(talk.says("Oi"))
        await settled(mailbox, clock)
    person = Owner(OwnerKind.PERSON, 12)
    await mailbox.put(talks["answered"].echo("Olá!", tag="cc-1"))
    await mailbox.put(talks["greeted"].template("Bem-vindo"))
    await mailbox.put(talks["owned"].becomes("open", owner=person))
    await mailbox.put(talks["opened"].becomes("open"))
    await mailbox.put(talks["resolved"].becomes("resolved"))
    await clock.advance(60)
    assert await unanswered(mailbox, clock) == [2, 4]


async def test_a_tap_without_an_answer_is_found_too(mailbox, talk, clock):
    """The choice has the id of the bot's own message."""
    await mailbox.put(talk.echo("Escolha", tag="cc-1", message_id=50))
    await mailbox.put(talk.chooses(50, "Falar com atendente"))
    await settled(mailbox, clock)
    await clock.advance(60)
    assert await unanswered(mailbox, clock) == [talk.number]


async def test_an_automatic_reply_asks_for_no_answer(mailbox, talk, clock):
    """Out-of-office mails are kept, never chased (RFC 3834)."""
    mail = talk.says("Estou de férias")
    line = replace(mail.change.line, automatic=True)
    await mailbox.put(replace(mail, change=replace(mail.change, line=line)))
    await settled(mailbox, clock)
    await clock.advance(60)
    assert await unanswered(mailbox, clock) == []


async def test_enqueue_of_an_unknown_conversation_does_nothing(mailbox, talk):
    """There is no row to put it on."""
    assert await mailbox.enqueue(talk.id, kind=InputKind.SWEEP) is False


async def test_old_keys_and_bodies_are_forgotten(mailbox, talk, clock):
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
    await settled(mailbox, clock)
    assert await mailbox.purge_bodies(clock.now()) == 2
    assert await mailbox.purge_bodies(clock.now()) == 0


async def test_parking_that_could_not_be_told_is_tried_as_parking_again(mailbox, talk, clock):
    """Chatwoot was away: the exhausted turn must not run once more in between."""
    await mailbox.put(talk.says("Oi"))
    for _ in range(3):
        await mailbox.release(await claimed(mailbox, clock), retry_in=0)
    (parking,) = await mailbox.to_park("w1", limit=5)
    await mailbox.release(parking, retry_in=5, counted=False)
    await clock.advance(5)
    assert await mailbox.claim("w1", limit=5) == []
    assert len(await mailbox.to_park("w1", limit=5)) == 1
