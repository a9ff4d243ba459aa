"""What the customer can do without never stops what he cannot do without (N13)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from chatcrew.errors import ChatwootError, ChatwootRejected, ChatwootUnavailable
from chatcrew.messages import ActKind, Claim, PartState, PlannedPart
from chatcrew.telemetry import Metrics
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import REPLIED, Stores, Talk, claimed
from chatcrew.worker import Courier, Leases, Patience, Typing

LABELS = PlannedPart(ActKind.LABELS, {"add": ["troca"]})
PRIORITY = PlannedPart(ActKind.PRIORITY, {"priority": "high"})
TEXT = PlannedPart(ActKind.MESSAGE, {"content": "Já chamo alguém."})
OPEN = PlannedPart(ActKind.STATUS, {"status": "open"})
PLAN = [LABELS, PRIORITY, TEXT, OPEN]


class _Rights:
    """Remembers refusals; ``helped`` are those that the user token takes over."""

    def __init__(self, *off: str, helped: Sequence[str] = ()) -> None:
        self.lost = set(off)
        self.helped = set(helped)
        self.told: list[tuple[str, int]] = []
        self.out: list[str] = []

    def off(self, bot: str, right: str) -> str | None:
        return "denied" if right in self.lost - self.helped else None

    def refused(self, bot: str, right: str, *, status: int) -> None:
        self.told.append((right, status))
        self.lost.add(right)

    def instead(self, bot: str, right: str) -> bool:
        return right in self.helped

    def left_out(self, bot: str, act: str) -> None:
        self.out.append(act)


class _Chatwoot:
    """Does everything, but for the errors it was given by act, each for so many times."""

    has_user_token = False

    def __init__(self, errors: Mapping[str, tuple[ChatwootError, int]] | None = None) -> None:
        self.errors = dict(errors or {})
        self.done: list[str] = []
        self.tried: list[str] = []

    async def _do(self, act: str) -> None:
        self.tried.append(act)
        error, times = self.errors.get(act, (None, 0))
        if error is not None and times > 0:
            self.errors[act] = (error, times - 1)
            raise error
        self.done.append(act)

    async def create_message(
        self, number: int, content: str, *, private: bool, last_check: Any, **_: object
    ) -> int:
        await last_check()
        await self._do("note" if private else "message")
        return 900 + len(self.done)

    async def add_labels(self, number: int, labels: Sequence[str], **_: object) -> None:
        await self._do("labels")

    async def set_priority(self, number: int, priority: str) -> None:
        await self._do("priority")

    async def toggle_status(self, number: int, status: str) -> None:
        await self._do(f"status {status}")

    async def typing(self, number: int, *, on: bool) -> None:
        await self._do("typing")

    async def conversation(self, number: int) -> Mapping[str, Any]:
        await self._do("conversation")
        return {}

    async def client(self, bot: str) -> "_Chatwoot":
        return self

    def agent_bot_id(self, bot: str) -> int:
        return 7

    def shows_typing(self, claim: Claim) -> bool:
        return True


async def delivered(
    chatwoot: _Chatwoot, rights: _Rights, plan: Sequence[PlannedPart] = PLAN
) -> list[PartState]:
    """Deliver a decided turn; return what became of its parts."""
    clock = ManualClock()
    stores = Stores.in_memory(clock)
    await stores.mailbox.put(Talk(clock).says("Chegou quebrado"))
    claim = await claimed(stores, clock)
    await stores.outbox.decide(claim.key, plan, REPLIED)
    leases = Leases(clock)
    leases.hold(replace(claim, lease_until=math.inf))
    courier = Courier(
        stores.outbox,
        mailbox=stores.mailbox,
        clients=chatwoot,  # type: ignore[arg-type]  # has the methods the courier calls
        leases=leases,
        metrics=Metrics(),
        clock=clock,
        patience=Patience(give_up=15.0, poll=0.0),
        rights=rights,
    )
    await courier.deliver(claim)
    return [part.state for part in await stores.outbox.parts(claim.key.turn_id)]


def no(status: int) -> ChatwootRejected:
    """Return a refusal."""
    return ChatwootRejected("no", status=status)


async def test_what_is_known_to_be_refused_is_not_even_tried() -> None:
    """It is told as left out, and the rest is done."""
    chatwoot, rights = _Chatwoot(), _Rights("labels", "priority", "conversation")

    states = await delivered(chatwoot, rights)

    assert chatwoot.tried == ["message", "status open"]
    assert rights.out == ["labels", "priority"]
    assert states == [PartState.FAILED, PartState.FAILED, PartState.SENT, PartState.SENT]


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_a_refusal_is_met_once(status: int) -> None:
    """From then on the right is off; text and status are not touched by it."""
    chatwoot = _Chatwoot({"labels": (no(status), 9)})
    rights = _Rights()

    first = await delivered(chatwoot, rights)
    second = await delivered(chatwoot, rights)

    assert chatwoot.tried.count("labels") == 1
    assert rights.told == [("labels", status)]
    assert first[2:] == second[2:] == [PartState.SENT, PartState.SENT]
    assert rights.out == ["labels", "labels"]


async def test_a_label_that_is_no_good_says_nothing_of_the_right() -> None:
    """A 422 is about this very label."""
    chatwoot, rights = _Chatwoot({"labels": (no(422), 9)}), _Rights()

    states = await delivered(chatwoot, rights)

    assert rights.told == []
    assert states == [PartState.FAILED, PartState.SENT, PartState.SENT, PartState.SENT]


async def test_the_user_token_takes_over_within_the_same_turn() -> None:
    """The refused label is set after the text and before people have it, by who may."""
    chatwoot, rights = _Chatwoot({"labels": (no(401), 1)}), _Rights(helped=["labels"])

    states = await delivered(chatwoot, rights)

    assert states == [PartState.SENT] * 4
    assert [one for one in chatwoot.done if one != "conversation"] == [
        *("priority", "message", "labels", "status open")
    ]


async def test_labels_that_hang_do_not_hold_the_answer_up() -> None:
    """A 500 puts them after the text; then they are tried again."""
    away = ChatwootUnavailable("labels: 500", status=500, maybe_done=True)
    chatwoot, rights = _Chatwoot({"labels": (away, 1)}), _Rights("conversation")

    states = await delivered(chatwoot, rights)

    assert chatwoot.tried == ["labels", "priority", "message", "labels", "status open"]
    assert states == [PartState.SENT] * 4


async def test_labels_that_never_work_are_given_up() -> None:
    """Nobody is told in the conversation: the customer has his answer."""
    away = ChatwootUnavailable("labels: 500", status=500, maybe_done=True)
    chatwoot, rights = _Chatwoot({"labels": (away, 99)}), _Rights()

    states = await delivered(chatwoot, rights)

    assert states == [PartState.FAILED, PartState.SENT, PartState.SENT, PartState.SENT]
    assert "note" not in chatwoot.tried


async def test_a_team_that_is_not_there_says_nothing_of_the_right() -> None:
    """Chatwoot answers 404 for an unknown team or person too."""
    rights = _Rights()

    class _NoTeam(_Chatwoot):
        async def assign(self, number: int, **_: object) -> None:
            raise no(404)

    team = PlannedPart(ActKind.ASSIGNMENT, {"team_id": 4})
    states = await delivered(_NoTeam(), rights, [team, TEXT])

    assert rights.told == []
    assert states == [PartState.FAILED, PartState.SENT]


async def test_a_bot_that_may_not_speak_tells_people_by_the_user_token() -> None:
    """The note holds what the customer should have heard; without that token it waits."""
    refused = ChatwootRejected(
        "create_message: 401 Access to this endpoint is not authorized for bots", status=401
    )
    chatwoot, rights = _Chatwoot({"message": (refused, 9)}), _Rights(helped=["note"])

    states = await delivered(chatwoot, rights, [TEXT])

    assert [one for one in chatwoot.done if one != "conversation"] == ["note", "status open"]
    assert states == [PartState.FAILED, PartState.SENT, PartState.SENT]
    with pytest.raises(ChatwootUnavailable):
        await delivered(_Chatwoot({"message": (refused, 9)}), _Rights(), [TEXT])


async def test_typing_is_refused_once() -> None:
    """Neither the end of this turn nor the next one tries it again (S1-49)."""
    clock = ManualClock()
    stores = Stores.in_memory(clock)
    await stores.mailbox.put(Talk(clock).says("Oi"))
    claim = await claimed(stores, clock)
    chatwoot, rights = _Chatwoot({"typing": (no(401), 9)}), _Rights()
    typing = Typing(chatwoot, rights=rights)  # type: ignore[arg-type]  # has what it calls

    for _ in range(2):
        async with typing.shown(claim):
            pass

    assert chatwoot.tried == ["typing"]
    assert rights.out == ["typing"]
