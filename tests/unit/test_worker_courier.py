"""What the courier does about a message that got lost, whenever the worker dies on the way."""

import asyncio
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from chatcrew.errors import ChatwootRejected, ChatwootUnavailable
from chatcrew.mailbox import Mailbox
from chatcrew.messages import (
    ActKind,
    Claim,
    Delivery,
    PartState,
    PlannedPart,
    StoredPart,
    TurnKey,
    unless_spoken,
)
from chatcrew.outbox import Begun
from chatcrew.telemetry import Metrics
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import REPLIED, Stores, Talk, claimed
from chatcrew.worker import Courier, Leases, Patience

REPLY = [
    PlannedPart(ActKind.MESSAGE, {"content": "R$ 350"}),
    PlannedPart(ActKind.MESSAGE, {"content": "Mais alguma coisa?"}),
]


class _Chatwoot:
    """Takes everything, or refuses messages with ``status``."""

    has_user_token = False

    def __init__(self) -> None:
        self.refuses: int | None = None
        self.loses_notes: ManualClock | None = None
        self.posts = 0
        self.said: list[tuple[str, bool]] = []
        self.statuses: list[str] = []
        self.meanwhile: Delivery | None = None
        self.mailbox: Mailbox | None = None
        self.shows: Mapping[str, Any] | None = None

    async def waits(self) -> None:
        """Wait for the pace; meanwhile something may be put into the mailbox."""
        if self.meanwhile is not None and self.mailbox is not None:
            await self.mailbox.put(self.meanwhile)

    async def away(self) -> None:
        """Have no call left for this minute."""
        raise ChatwootUnavailable("pace used up", retryable=True, retry_after=9.0)

    async def create_message(
        self, number: int, content: str, *, private: bool, last_check: Any, **_: object
    ) -> int:
        await self.waits()
        await last_check()
        self.posts += 1
        if private and self.loses_notes is not None:
            await self.loses_notes.advance(20)
            raise ChatwootUnavailable("note: 500", status=500, maybe_done=True)
        if self.refuses is not None:
            raise ChatwootRejected("no", status=self.refuses)
        self.said.append((content, private))
        return number * 1000 + 900 + len(self.said)

    async def toggle_status(self, number: int, status: str) -> None:
        self.statuses.append(status)

    async def conversation(self, number: int) -> Mapping[str, Any]:
        if self.shows is None:
            raise ChatwootUnavailable("away")
        return self.shows

    async def client(self, bot: str) -> "_Chatwoot":
        return self

    def agent_bot_id(self, bot: str) -> int:
        return 7


class _House:
    """Stores in memory, one decided turn, and a courier."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.stores = Stores.in_memory(self.clock)
        self.chatwoot = _Chatwoot()
        self.talk = Talk(self.clock)

    async def decided(self, reply: Sequence[PlannedPart] = REPLY) -> Claim:
        """Return the claim of a turn whose reply is decided."""
        await self.stores.mailbox.put(self.talk.says("Quanto custa?"))
        claim = await claimed(self.stores, self.clock)
        await self.stores.outbox.decide(claim.key, reply, REPLIED)
        return claim

    async def claimed_again(self) -> Claim:
        """Let the lease end, as after a crash."""
        await self.clock.advance(31)
        (claim,) = await self.stores.mailbox.claim("w2", limit=1)
        return claim

    async def deliver(
        self,
        claim: Claim,
        *,
        renewed: bool = False,
        parts: Sequence[StoredPart] | None = None,
    ) -> str | None:
        leases = Leases(self.clock)
        leases.hold(replace(claim, lease_until=math.inf) if renewed else claim)
        courier = Courier(
            self.stores.outbox,
            mailbox=self.stores.mailbox,
            clients=self.chatwoot,  # type: ignore[arg-type]  # has the methods the courier calls
            leases=leases,
            metrics=Metrics(),
            clock=self.clock,
            patience=Patience(give_up=15.0, poll=0.0),
        )
        return await courier.deliver(claim, parts)

    async def states(self, claim: Claim) -> list[PartState]:
        return [part.state for part in await self.stores.outbox.parts(claim.key.turn_id)]


async def test_a_worker_that_died_after_a_refusal_still_tells_people() -> None:
    """Between "refused" and the note for people lies no moment at which a kill loses both."""
    house = _House()
    claim = await house.decided()
    begun = await house.stores.outbox.begin(
        (await house.stores.outbox.parts(claim.key.turn_id))[0], claim.key
    )
    await house.stores.outbox.failed(begun.part, error="status_422")

    await house.deliver(await house.claimed_again())

    assert [private for _, private in house.chatwoot.said] == [True]
    assert "recusou" in house.chatwoot.said[0][0]
    assert house.chatwoot.statuses == ["open"]


async def test_a_worker_that_died_while_sending_tells_people_once_its_fate_stays_unknown() -> None:
    """A re-claim long after the send asks Chatwoot once, then says that it does not know."""
    house = _House()
    claim = await house.decided()
    await house.stores.outbox.begin(
        (await house.stores.outbox.parts(claim.key.turn_id))[0], claim.key
    )

    again = await house.claimed_again()
    await house.deliver(again)
    await house.deliver(again)

    assert len(house.chatwoot.said) == 1
    assert "não sabe se esta resposta chegou" in house.chatwoot.said[0][0]
    assert await house.states(again) == [
        PartState.UNKNOWN,
        PartState.SKIPPED,
        PartState.SENT,
        PartState.SENT,
    ]


@pytest.mark.parametrize("status", [301, 401, 403, 404])
async def test_a_refusal_of_the_bot_itself_loses_no_reply(status: int) -> None:
    """A token that was rotated, or an address that moved, is mended; then everything is said."""
    house = _House()
    claim = await house.decided()
    house.chatwoot.refuses = status
    with pytest.raises(ChatwootUnavailable) as caught:
        await house.deliver(claim)
    assert caught.value.retry_after == Patience().shut
    assert await house.states(claim) == [PartState.PLANNED, PartState.PLANNED]

    house.chatwoot.refuses = None
    await house.deliver(await house.claimed_again())

    assert house.chatwoot.said == [("R$ 350", False), ("Mais alguma coisa?", False)]


async def test_a_person_who_speaks_while_the_reply_waits_for_the_pace_is_not_talked_over() -> None:
    """The gate is asked again after that wait, as the last step before the write (N4)."""
    house = _House()
    claim = await house.decided()
    house.chatwoot.mailbox = house.stores.mailbox
    house.chatwoot.meanwhile = house.talk.person("Deixa comigo")

    unsaid = await house.deliver(claim)

    assert unsaid == "silenced_by_person"
    assert house.chatwoot.said == []
    assert await house.states(claim) == [PartState.SKIPPED, PartState.SKIPPED]


async def test_who_was_stopped_behind_the_last_look_looks_again() -> None:
    """What beginning the part showed is believed for half a second, no longer (N4)."""
    house = _House()
    claim = await house.decided()
    begin = house.stores.outbox.begin

    async def stopped(part: StoredPart, key: TurnKey) -> Begun | None:
        begun = await begin(part, key)
        await house.clock.advance(3)
        await house.stores.mailbox.put(house.talk.person("Deixa comigo"))
        return begun

    house.stores.outbox.begin = stopped  # type: ignore[method-assign]  # this store's alone

    unsaid = await house.deliver(claim)

    assert (unsaid, house.chatwoot.said) == ("silenced_by_person", [])


async def test_a_reply_that_waits_for_the_pace_is_not_being_sent_yet() -> None:
    """It is begun as the last step before the write: what never got so far stands as planned."""
    house = _House()
    claim = await house.decided()
    house.chatwoot.waits = house.chatwoot.away  # type: ignore[method-assign]  # no pace is left

    with pytest.raises(ChatwootUnavailable) as caught:
        await house.deliver(claim)

    first, _ = await house.stores.outbox.parts(claim.key.turn_id)
    assert (first.state, first.attempts, first.error) == (PartState.PLANNED, 0, None)
    assert caught.value.retry_after == 9.0


async def test_what_was_just_decided_is_sent_without_reading_it_again() -> None:
    """One trip less on the way to the customer; and what is not planned any more is not sent."""
    house = _House()
    claim = await house.decided()
    parts = await house.stores.outbox.parts(claim.key.turn_id)
    await house.stores.outbox.skip(claim.key, position=1, reason="gone")

    await house.deliver(claim, parts=parts)

    assert house.chatwoot.said == [("R$ 350", False)]
    assert await house.states(claim) == [PartState.SENT, PartState.SKIPPED]


async def test_nothing_is_taken_from_a_person_who_spoke_before_it_could_be_done() -> None:
    """A debt's step that waited for Chatwoot: no note, no other owner, no apology (N4, N14)."""
    house = _House()
    note = PlannedPart(ActKind.NOTE, {"content": "ninguém respondeu"}, gated=False)
    back = PlannedPart(ActKind.ASSIGNMENT, {"assignee_id": None}, gated=False)
    pending = PlannedPart(ActKind.STATUS, {"status": "pending"}, gated=False)
    asked = house.talk.last_id + 1
    acts = unless_spoken([note, back, pending], after=asked)
    apology = PlannedPart(ActKind.MESSAGE, {"content": "Desculpe a demora"})
    claim = await house.decided([*acts, apology])
    await house.stores.mailbox.put(house.talk.person("Oi! Já estou aqui."))

    await house.deliver(claim)

    assert (house.chatwoot.said, house.chatwoot.statuses) == ([], [])
    assert await house.states(claim) == [PartState.FAILED] * 3 + [PartState.SKIPPED]


async def test_a_note_that_chatwoot_never_takes_does_not_keep_the_conversation_from_people() -> (
    None
):
    """Its fate stays unknown each time; after three the conversation is opened without it."""
    house = _House()
    note = PlannedPart(ActKind.NOTE, {"content": "por quê"}, gated=False)
    claim = await house.decided([note, PlannedPart(ActKind.STATUS, {"status": "open"})])
    house.chatwoot.loses_notes = house.clock

    async with asyncio.timeout(10):
        await house.deliver(claim, renewed=True)

    assert house.chatwoot.posts == 3
    assert house.chatwoot.statuses == ["open"]
    assert await house.states(claim) == [PartState.UNKNOWN, PartState.SENT]
