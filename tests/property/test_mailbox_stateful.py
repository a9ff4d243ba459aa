"""Any order of puts, claims, crashes and settles, on both backends in lockstep."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from chatcrew.database import Database
from chatcrew.errors import LeaseLost
from chatcrew.mailbox import PutResult
from chatcrew.messages import (
    ActKind,
    Claim,
    Delivery,
    InputKind,
    Owner,
    OwnerKind,
    PlannedPart,
    Timing,
    TurnState,
)
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import REPLIED, Stores, Talk

NUMBERS = (1, 2)
MANY = 1_000
"""Attempts: parking has tests of its own."""
REPLY = (PlannedPart(ActKind.MESSAGE, {"content": "Olá!"}),)
OWNERS = (None, Owner(OwnerKind.PERSON, 12), Owner(OwnerKind.BOT, 7))

conversations = st.sampled_from(NUMBERS)
workers = st.sampled_from(("w1", "w2"))


@dataclass
class Model:
    """What must be true of one conversation, kept without any of the mailbox's own rules."""

    talk: Talk
    sent: list[Delivery] = field(default_factory=list)
    late: list[Delivery] = field(default_factory=list)
    """Made before others that were put already: to be put out of order."""
    waiting: set[int] = field(default_factory=set)
    """Message ids that no settled turn has handled."""
    handled: dict[int, int] = field(default_factory=dict)
    """How many settled turns handled a message id."""
    decided: dict[str, frozenset[int]] = field(default_factory=dict)
    """Message ids of each decided turn, by the memory twin's turn id."""
    holder: tuple[Claim, ...] | None = None
    fence: int = 0


def ids(claim: Claim) -> frozenset[int]:
    """Return the message ids of a burst."""
    return frozenset(item.line.message_id for item in claim.burst if item.line is not None)


def shape(claim: Claim) -> tuple[Any, ...]:
    """Return what both backends must agree on: all but random ids."""
    burst = [(item.kind, item.line, item.received_at) for item in claim.burst]
    return (
        claim.key.conversation,
        claim.key.fence,
        burst,
        claim.state,
        claim.turn_state,
        claim.arrivals,
        claim.attempts,
        claim.lease_until,
        claim.started_at,
    )


class MailboxMachine(RuleBasedStateMachine):
    """Customers, operators, workers and crashes against memory and PostgreSQL at once."""

    runner: asyncio.Runner
    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.clock = ManualClock()
        self.backends: tuple[Stores, ...] = ()
        self.models: dict[int, Model] = {}
        self.claims: list[tuple[Claim, ...]] = []

    @initialize()
    def start(self) -> None:
        """Begin with empty tables."""

        async def empty() -> None:
            async with self.database.begin() as connection:
                for table in ("conversation", "event", "seen", "message", "turn", "outbox_part"):
                    await connection.execute(text(f"delete from {table}"))

        self.runner.run(empty())
        self.backends = (
            Stores.in_memory(self.clock, max_attempts=MANY),
            Stores.on_postgres(self.database, self.clock, max_attempts=MANY),
        )
        for number in NUMBERS:
            talk = Talk(self.clock, number=number, timing=Timing(quiet=0.8, max_wait=6.0))
            self.models[number] = Model(talk)

    def both(self, act: Callable[[Stores, int], Awaitable[Any]]) -> list[Any]:
        """Do the same on each backend; ``LeaseLost`` is an answer too."""

        async def run() -> list[Any]:
            answers: list[Any] = []
            for place, stores in enumerate(self.backends):
                try:
                    answers.append(await act(stores, place))
                except LeaseLost:
                    answers.append(LeaseLost)
            return answers

        return self.runner.run(run())

    def put(self, delivery: Delivery, expected: PutResult) -> None:
        """Put on both."""
        answers = self.both(lambda stores, _: stores.mailbox.put(delivery))
        assert answers == [expected, expected]

    def put_message(self, model: Model, delivery: Delivery) -> None:
        """Put customer input that must not get lost from now on."""
        self.put(delivery, PutResult.STORED)
        model.sent.append(delivery)
        assert delivery.change.line is not None
        model.waiting.add(delivery.change.line.message_id)

    @rule(number=conversations)
    def customer_writes(self, number: int) -> None:
        """A message comes in."""
        model = self.models[number]
        self.put_message(model, model.talk.says(f"mensagem {model.talk.last_id}"))

    @rule(number=conversations)
    def message_is_delayed(self, number: int) -> None:
        """A message is written and its delivery comes later than the next one's."""
        model = self.models[number]
        model.late.append(model.talk.says("atrasada"))

    @precondition(lambda self: any(model.late for model in self.models.values()))
    @rule()
    def delayed_message_comes(self) -> None:
        """A delivery comes out of order."""
        model = next(model for model in self.models.values() if model.late)
        self.put_message(model, model.late.pop(0))

    @precondition(lambda self: any(model.sent for model in self.models.values()))
    @rule(data=st.data())
    def delivery_is_repeated(self, data: st.DataObject) -> None:
        """Chatwoot sends something again."""
        sent = [delivery for model in self.models.values() for delivery in model.sent]
        self.put(data.draw(st.sampled_from(sent)), PutResult.DUPLICATE)

    @rule(number=conversations)
    def customer_types(self, number: int) -> None:
        """Typing makes nothing due by itself."""
        self.put(self.models[number].talk.types(), PutResult.STORED)

    @rule(number=conversations, status=st.sampled_from(("pending", "open", "resolved")))
    def status_changes(self, number: int, status: str) -> None:
        """Operators open, hand back and resolve."""
        for owner in OWNERS[: 2 if status == "open" else 1]:
            self.put(self.models[number].talk.becomes(status, owner=owner), PutResult.STORED)

    @rule(number=conversations, owner=st.sampled_from(OWNERS))
    def owner_changes(self, number: int, owner: Owner | None) -> None:
        """Operators assign people and the bot."""
        self.put(self.models[number].talk.becomes(owner=owner), PutResult.STORED)

    @rule(number=conversations)
    def person_speaks(self, number: int) -> None:
        """An operator takes over."""
        self.put(self.models[number].talk.person("Deixa comigo"), PutResult.STORED)

    @rule(seconds=st.sampled_from((0.3, 0.8, 3.0, 6.0, 16.0, 31.0)))
    def time_passes(self, seconds: float) -> None:
        """31 s is longer than a lease: whoever holds one has crashed by then."""
        self.runner.run(self.clock.advance(seconds))

    @rule(worker=workers)
    def worker_claims(self, worker: str) -> None:
        """A worker takes what is due; nobody else may hold it."""
        answers = self.both(lambda stores, _: stores.mailbox.claim(worker, limit=9))
        ordered = [sorted(claims, key=lambda claim: claim.key.conversation) for claims in answers]
        assert [shape(claim) for claim in ordered[0]] == [shape(claim) for claim in ordered[1]]
        for pair in zip(*ordered, strict=True):
            self.check_claim(pair)

    def check_claim(self, pair: tuple[Claim, ...]) -> None:
        """One lease at a time, growing fences, a decided turn as it was, an open one with all."""
        claim = pair[0]
        model = self.models[claim.key.conversation.number]
        if model.holder is not None:
            assert model.holder[0].lease_until <= self.clock.monotonic()
        assert claim.key.fence > model.fence
        if claim.key.turn_id in model.decided:
            assert claim.turn_state is TurnState.DECIDED
            assert ids(claim) == model.decided[claim.key.turn_id]
        else:
            assert claim.turn_state is TurnState.OPEN
            assert ids(claim) == model.waiting
        model.fence = claim.key.fence
        model.holder = pair
        self.claims.append(pair)

    def holds(self, pair: tuple[Claim, ...]) -> bool:
        """Return whether this claim is the newest of its conversation and not given back."""
        holder = self.models[pair[0].key.conversation.number].holder
        return holder is not None and holder[0].key == pair[0].key

    def draw_claim(self, data: st.DataObject) -> tuple[Model, int, tuple[Claim, ...], bool]:
        """Choose any claim, also one that was lost long ago; mostly the newest."""
        place = data.draw(st.integers(0, len(self.claims) - 1).map(lambda n: -1 - n))
        pair = self.claims[place]
        return self.models[pair[0].key.conversation.number], place, pair, self.holds(pair)

    def keep(self, model: Model, place: int, pair: tuple[Claim, ...]) -> None:
        """Go on with the claim as the mailbox returned it."""
        self.claims[place] = pair
        model.holder = pair

    @precondition(lambda self: self.claims)
    @rule(data=st.data())
    def worker_renews(self, data: st.DataObject) -> None:
        """Only who holds the conversation may extend its lease."""
        model, place, pair, holds = self.draw_claim(data)
        answers = self.both(lambda stores, n: stores.mailbox.renew(pair[n]))
        if not holds:
            assert answers == [LeaseLost, LeaseLost]
            return
        assert [answer.lease_until for answer in answers] == [self.clock.monotonic() + 30] * 2
        self.keep(model, place, tuple(answers))

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), take=st.booleans())
    def worker_rechecks(self, data: st.DataObject, take: bool) -> None:
        """An open turn takes all that waits; a decided one stays as it was."""
        model, place, pair, holds = self.draw_claim(data)
        answers = self.both(lambda stores, n: stores.mailbox.recheck(pair[n], take=take))
        if not holds:
            assert answers == [LeaseLost, LeaseLost]
            return
        assert shape(answers[0]) == shape(answers[1])
        turn_id = answers[0].key.turn_id
        if turn_id in model.decided:
            assert ids(answers[0]) == model.decided[turn_id]
        elif take:
            assert ids(answers[0]) == model.waiting
        self.keep(model, place, tuple(answers))

    @precondition(lambda self: self.claims)
    @rule(data=st.data())
    def worker_decides(self, data: st.DataObject) -> None:
        """The first decision stands, whoever repeats it."""
        model, _, pair, holds = self.draw_claim(data)
        answers = self.both(lambda stores, n: stores.outbox.decide(pair[n].key, REPLY, REPLIED))
        if not holds:
            assert answers == [LeaseLost, LeaseLost]
            return
        assert [len(parts) for parts in answers] == [1, 1]
        fresh = self.both(lambda stores, n: stores.mailbox.recheck(pair[n], take=False))
        model.decided.setdefault(pair[0].key.turn_id, ids(fresh[0]))

    @precondition(lambda self: self.claims)
    @rule(data=st.data())
    def worker_settles(self, data: st.DataObject) -> None:
        """What the turn held is handled; the rest is still due."""
        model, _, pair, holds = self.draw_claim(data)
        answers = self.both(
            lambda stores, n: stores.mailbox.settle(pair[n].key, REPLIED, arrivals=pair[n].arrivals)
        )
        if not holds:
            assert answers == [LeaseLost, LeaseLost]
            return
        self.finish(model, pair, waits=answers)

    def finish(self, model: Model, pair: tuple[Claim, ...], *, waits: list[bool]) -> None:
        """Note what a settled turn handled."""
        done = model.decided.get(pair[0].key.turn_id, ids(pair[0]))
        for message_id in done:
            model.handled[message_id] = model.handled.get(message_id, 0) + 1
        model.waiting -= done
        model.holder = None
        assert waits[0] == waits[1]
        if model.waiting:
            assert waits[0] is True

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), seconds=st.sampled_from((0.0, 2.0)))
    def worker_gives_back(self, data: st.DataObject, seconds: float) -> None:
        """A failed try finishes nothing."""
        model, _, pair, holds = self.draw_claim(data)
        answers = self.both(lambda stores, n: stores.mailbox.release(pair[n], retry_in=seconds))
        assert answers == ([None, None] if holds else [LeaseLost, LeaseLost])
        if holds:
            model.holder = None

    @rule(number=conversations)
    def sweep_enqueues(self, number: int) -> None:
        """An input of our own, if nothing waits."""
        conversation = self.models[number].talk.id
        answers = self.both(
            lambda stores, _: stores.mailbox.enqueue(conversation, kind=InputKind.SWEEP)
        )
        assert answers[0] == answers[1]

    @invariant()
    def both_agree_and_nothing_waits_unseen(self) -> None:
        """What waits has a due time within its bound; the rows of both backends are equal."""
        for model in self.models.values():
            states = self.both(lambda stores, _, talk=model.talk: stores.mailbox.state(talk.id))
            assert states[0] == states[1]
            state = states[0]
            if model.waiting:
                assert state.due_at is not None
            if state is not None and state.first_at is not None:
                # a failed try may put it off by its pause, here 2 s at most
                latest = max(state.first_at + timedelta(seconds=6), self.clock.now())
                assert state.due_at <= latest + timedelta(seconds=2)

    def teardown(self) -> None:
        """Let every worker crash, then answer all: each message ends in exactly one turn."""
        if not self.backends:
            return
        for model in self.models.values():
            while model.late:
                self.put_message(model, model.late.pop(0))
        for _ in range(20):
            self.runner.run(self.clock.advance(40))
            known = len(self.claims)
            self.worker_claims("w9")
            if len(self.claims) == known:
                break
            for pair in self.claims[known:]:
                model = self.models[pair[0].key.conversation.number]
                waits = self.both(
                    lambda stores, n, pair=pair: stores.mailbox.settle(
                        pair[n].key, REPLIED, arrivals=pair[n].arrivals
                    )
                )
                self.finish(model, pair, waits=waits)
        for model in self.models.values():
            put = {delivery.change.line.message_id for delivery in model.sent}
            assert model.waiting == set()
            assert model.handled == dict.fromkeys(put, 1)
        assert self.both(lambda stores, _: stores.mailbox.next_due()) == [None, None]


def test_nothing_is_lost_and_nothing_is_answered_twice(database_url: str) -> None:
    """The guarantees of design §3 hold in any order of events, on both backends alike.

    Every input ends in exactly one settled turn; at most one live lease per conversation; fences
    only grow; a decided turn keeps its burst; stale workers change nothing.
    """
    with asyncio.Runner() as runner:
        database = runner.run(Database.open(database_url, pool_size=2))
        try:
            machine = type("Machine", (MailboxMachine,), {"runner": runner, "database": database})
            run_state_machine_as_test(
                machine,
                settings=settings(
                    max_examples=40,
                    derandomize=True,
                    database=None,
                    stateful_step_count=30,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(database.close())
