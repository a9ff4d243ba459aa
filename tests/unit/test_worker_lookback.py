"""Our own opening stands in our row before the turn is settled (N3, contract §2.3)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from chatcrew.errors import ChatwootRejected
from chatcrew.messages import (
    ActKind,
    ConversationState,
    Owner,
    OwnerKind,
    PartState,
    PlannedPart,
)
from chatcrew.telemetry import Metrics
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import REPLIED, Stores, Talk, claimed
from chatcrew.worker import Courier, Leases

OURS = Owner(OwnerKind.BOT, 7, "Atendente Virtual")
OPENED: dict[str, Any] = {
    "id": 1532,
    "inbox_id": 31,
    "status": "open",
    "updated_at": 1005.5,
    "meta": {"sender": {"id": 501, "name": "Maria"}, "channel": "Channel::Whatsapp"},
}
TAKEN = {
    **OPENED,
    "meta": {**OPENED["meta"], "assignee": {"id": 12, "type": "user"}, "assignee_type": "User"},
}


class _Chatwoot:
    """Takes every act; shows what the test says, or refuses to."""

    has_user_token = False

    def __init__(self, shows: Mapping[str, Any] | None) -> None:
        self.shows = shows
        self.done: list[str] = []

    async def toggle_status(self, number: int, status: str) -> None:
        self.done.append(status)

    async def assign(self, number: int, **_: object) -> None:
        self.done.append("assigned")

    async def set_priority(self, number: int, priority: str) -> None:
        self.done.append(priority)

    async def conversation(self, number: int) -> Mapping[str, Any]:
        self.done.append("looked")
        if self.shows is None:
            raise ChatwootRejected("bots may not look before 4.14.2", status=401)
        return self.shows

    async def client(self, bot: str) -> "_Chatwoot":
        return self

    def agent_bot_id(self, bot: str) -> int:
        return 7


async def _acted(chatwoot: _Chatwoot, part: PlannedPart) -> tuple[Stores, Talk, ConversationState]:
    """Let a turn of a conversation that we own do one act; return the row it leaves."""
    clock = ManualClock()
    stores, talk = Stores.in_memory(clock), Talk(clock)
    await stores.mailbox.put(talk.becomes("pending", owner=OURS))
    await stores.mailbox.put(talk.says("Quero falar com uma pessoa"))
    claim = await claimed(stores, clock)
    await stores.outbox.decide(claim.key, [part], REPLIED)
    leases = Leases(clock)
    leases.hold(claim)
    courier = Courier(
        stores.outbox,
        mailbox=stores.mailbox,
        clients=chatwoot,  # type: ignore[arg-type]  # has the methods the courier calls
        leases=leases,
        metrics=Metrics(),
        clock=clock,
    )
    await courier.deliver(claim)
    (sent,) = await stores.outbox.parts(claim.key.turn_id)
    assert sent.state is PartState.SENT
    state = await stores.mailbox.state(talk.id)
    assert state is not None
    return stores, talk, state


OPEN = PlannedPart(ActKind.STATUS, {"status": "open"})


@pytest.mark.parametrize("shows", [OPENED, None], ids=["seen", "not shown"])
async def test_the_row_is_open_as_soon_as_we_have_opened_the_conversation(shows) -> None:
    """Whether the bot may look or not: nobody waits for Chatwoot's webhook."""
    _, _, state = await _acted(_Chatwoot(shows), OPEN)
    assert (state.snapshot.status, state.snapshot.owner) == ("open", None)


async def test_what_chatwoot_made_of_it_counts_and_its_version_too() -> None:
    """It may have found a person at once; a webhook built before the opening comes too late."""
    stores, talk, state = await _acted(_Chatwoot(TAKEN), OPEN)
    assert state.snapshot.owner == Owner(OwnerKind.PERSON, 12)
    assert state.snapshot.version == 1005.5

    await stores.mailbox.put(talk.becomes("pending", owner=OURS))  # version 1002

    after = await stores.mailbox.state(talk.id)
    assert after is not None
    assert after.snapshot == state.snapshot


async def test_an_answer_without_a_version_is_worth_what_we_did_ourselves() -> None:
    """A proxy or an old Chatwoot that shows half of it: our own act is known all the same."""
    partial = {key: value for key, value in OPENED.items() if key != "updated_at"}
    _, _, state = await _acted(_Chatwoot(partial), OPEN)
    assert (state.snapshot.status, state.snapshot.owner) == ("open", None)
    assert state.snapshot.version == 1001.0


async def test_an_assignment_is_looked_at_too() -> None:
    """Chatwoot takes the bot off when it gives the conversation to a person."""
    part = PlannedPart(ActKind.ASSIGNMENT, {"assignee_id": 12})
    _, _, state = await _acted(_Chatwoot(TAKEN), part)
    assert state.snapshot.owner == Owner(OwnerKind.PERSON, 12)


async def test_an_act_that_moves_nothing_costs_no_look() -> None:
    """Chatwoot's limit counts every call (contract §4.7)."""
    chatwoot = _Chatwoot(OPENED)
    _, _, state = await _acted(chatwoot, PlannedPart(ActKind.PRIORITY, {"priority": "high"}))
    assert chatwoot.done == ["high"]
    assert replace(state.snapshot, version=None).status == "pending"
