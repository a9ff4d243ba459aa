"""A turn that is gone on with: who took over meanwhile, unheard, is not talked over."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

import pytest

from chatcrew.errors import ChatwootRejected
from chatcrew.hub.ended import Ended
from chatcrew.messages import (
    ActKind,
    Claim,
    Outcome,
    Owner,
    OwnerKind,
    PartState,
    PlannedPart,
    TurnRecord,
    TurnState,
)
from chatcrew.telemetry import Metrics
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import REPLIED, Stores, Talk, claimed
from chatcrew.worker import Courier, Leases, Worker
from chatcrew.worker.rights import EverythingAllowed
from chatcrew.worker.second_look import SecondLook
from chatcrew.worker.turns import Booked, StoredTurns

OURS = Owner(OwnerKind.BOT, 7, "Atendente Virtual")
PENDING: dict[str, Any] = {
    "id": 1532,
    "inbox_id": 31,
    "status": "pending",
    "updated_at": 1005.5,
    "meta": {
        "sender": {"id": 501, "name": "Maria"},
        "channel": "Channel::Whatsapp",
        "assignee": {"id": 7, "type": "agent_bot"},
        "assignee_type": "AgentBot",
    },
}
OPENED = {**PENDING, "status": "open", "meta": {**PENDING["meta"], "assignee": None}}
REPLY = PlannedPart(ActKind.MESSAGE, {"content": "R$ 90."})


class _Chatwoot:
    """Shows what the test says, or refuses to; takes every message."""

    has_user_token = False

    def __init__(self, shows: Mapping[str, Any] | None) -> None:
        self.shows = shows
        self.said: list[str] = []
        self.looked = 0

    async def create_message(self, number: int, content: str, *, last_check, **_: object) -> int:
        await last_check()
        self.said.append(content)
        return 99

    async def conversation(self, number: int) -> Mapping[str, Any]:
        self.looked += 1
        if self.shows is None:
            raise ChatwootRejected("bots may not look before 4.14.2", status=401)
        return self.shows

    async def client(self, bot: str) -> "_Chatwoot":
        return self

    def agent_bot_id(self, bot: str) -> int:
        return 7


async def _delivered(
    chatwoot: _Chatwoot, *, again: bool, booked: Booked | None = None
) -> tuple[str | None, PartState]:
    """Decide a turn, claim it again if ``again``, and deliver it; return what came of it."""
    clock = ManualClock()
    stores, talk = Stores.in_memory(clock), Talk(clock)
    await stores.mailbox.put(talk.becomes("pending", owner=OURS))
    await stores.mailbox.put(talk.says("Quanto custa?"))
    claim = await claimed(stores, clock)
    await stores.outbox.decide(claim.key, [REPLY], REPLIED)
    if again:
        await stores.mailbox.release(claim, retry_in=0.0)
        (claim,) = await stores.mailbox.claim("w2", limit=1)
        assert claim.turn_state is TurnState.DECIDED
    leases = Leases(clock)
    leases.hold(claim)
    clients: Any = chatwoot  # has the methods that are called
    courier = Courier(
        stores.outbox,
        mailbox=stores.mailbox,
        clients=clients,
        leases=leases,
        metrics=Metrics(),
        clock=clock,
    )
    look = SecondLook(
        stores.outbox, mailbox=stores.mailbox, clients=clients, rights=EverythingAllowed()
    )
    turns = StoredTurns(
        stores.mailbox, outbox=stores.outbox, courier=courier, look=look, booked=booked
    )
    unsaid = await turns.deliver(claim)
    (part,) = await stores.outbox.parts(claim.key.turn_id)
    return unsaid, part.state


async def test_what_an_answer_cost_is_on_the_books_before_anybody_reads_it() -> None:
    """Who asks again at once finds the room that was reserved and not needed (S3-89)."""
    chatwoot = _Chatwoot(PENDING)
    said: list[int] = []

    async def booked(turn_id: str) -> None:
        assert turn_id
        said.append(len(chatwoot.said))

    assert await _delivered(chatwoot, again=False, booked=booked) == (None, PartState.SENT)
    assert (said, chatwoot.said) == ([0], ["R$ 90."])


async def test_who_took_over_while_everything_was_away_is_not_talked_over() -> None:
    """Chatwoot opened the conversation, and no webhook told us (found by chaos, N3, S3-14)."""
    chatwoot = _Chatwoot(OPENED)

    assert await _delivered(chatwoot, again=True) == ("status_open", PartState.SKIPPED)
    assert chatwoot.said == []


@pytest.mark.parametrize("shows", [PENDING, None], ids=["still ours", "not shown"])
async def test_what_is_still_ours_is_said(shows: Mapping[str, Any] | None) -> None:
    """Also where a bot may not look: what our row knows has to do."""
    chatwoot = _Chatwoot(shows)

    assert await _delivered(chatwoot, again=True) == (None, PartState.SENT)
    assert chatwoot.said == ["R$ 90."]


async def test_a_turn_that_is_delivered_right_after_its_decision_costs_no_look() -> None:
    """Chatwoot's limit counts every call (contract §4.7)."""
    chatwoot = _Chatwoot(OPENED)

    assert await _delivered(chatwoot, again=False) == (None, PartState.SENT)
    assert chatwoot.looked == 0


class _Unsaid:
    """A hub whose decided turn people were quicker than."""

    async def run(self, claim: Claim, *, give_up: bool = False) -> Ended:
        facts = TurnRecord(Outcome.DROPPED, "status_open")
        return Ended(claim, facts, recorded=True)


async def test_its_record_says_that_nothing_was_said() -> None:
    """And keeps whose it was; else the figures would count a reply that nobody read."""
    clock = ManualClock()
    stores, talk = Stores.in_memory(clock), Talk(clock)
    await stores.mailbox.put(talk.says("Quanto custa?"))
    claim = await claimed(stores, clock)
    await stores.outbox.decide(claim.key, [REPLY], REPLIED)
    await stores.mailbox.release(claim, retry_in=0.0)
    hub: Any = _Unsaid()
    worker = Worker(
        "w2",
        mailbox=stores.mailbox,
        hub=hub,
        leases=Leases(clock),
        typing=_Untyped(),  # type: ignore[arg-type]  # has the method that is called
        metrics=Metrics(),
        clock=clock,
    )
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(10):
        while (turn := await stores.ledger.turn(claim.key.turn_id)) is not None:
            if turn.state is TurnState.FINISHED:
                break
            await clock.advance(0.1)
            await asyncio.sleep(0)
    worker.stop()
    await clock.advance(5)
    await running

    assert turn is not None
    assert turn.record is not None
    assert (turn.record.outcome, turn.record.reason) == (Outcome.DROPPED, "status_open")
    assert turn.record.tenant == REPLIED.tenant


class _Untyped:
    """Shows nobody that the bot is at it."""

    def shown(self, claim: Claim) -> contextlib.AbstractAsyncContextManager[None]:
        return contextlib.nullcontext()
