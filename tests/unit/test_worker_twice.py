"""What no fence can keep a stopped process from is seen at once: a message that was sent twice."""

from typing import Any

import pytest

from chatcrew.messages import ActKind, PlannedPart
from chatcrew.telemetry import Metrics
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import REPLIED, Stores, Talk, claimed
from chatcrew.worker import Courier, Leases


class _Chatwoot:
    """Takes a message after another worker had sent the same part as message ``first``."""

    has_user_token = False

    def __init__(self, stores: Stores, turn: str, first: int | None) -> None:
        self._stores, self._turn, self._first = stores, turn, first

    async def create_message(self, number: int, content: str, *, last_check: Any, **_: Any) -> int:
        await last_check()
        if self._first is not None:
            (part,) = await self._stores.outbox.parts(self._turn)
            await self._stores.outbox.sent(part, message_id=self._first)
        return 99

    async def client(self, bot: str) -> "_Chatwoot":
        return self

    def agent_bot_id(self, bot: str) -> int:
        return 7


@pytest.mark.parametrize(
    ("first", "twice"), [(98, 1.0), (99, None), (None, None)], ids=["other", "echo", "alone"]
)
async def test_a_second_message_of_one_part_is_counted(first, twice) -> None:
    """Our own echo that was quicker than the answer is none (N3, docs/proof.md)."""
    clock = ManualClock()
    stores, talk, metrics = Stores.in_memory(clock), Talk(clock), Metrics()
    await stores.mailbox.put(talk.says("Quanto custa?"))
    claim = await claimed(stores, clock)
    said = PlannedPart(ActKind.MESSAGE, {"content": "R$ 90."})
    await stores.outbox.decide(claim.key, [said], REPLIED)
    leases = Leases(clock)
    leases.hold(claim)
    clients: Any = _Chatwoot(stores, claim.key.turn_id, first)
    courier = Courier(
        stores.outbox,
        mailbox=stores.mailbox,
        clients=clients,
        leases=leases,
        metrics=metrics,
        clock=clock,
    )

    await courier.deliver(claim)

    rows = metrics.exposition({}).decode().splitlines()
    counted = [row.split()[1] for row in rows if row.startswith("chatcrew_outbox_twice_total ")]
    assert [float(one) for one in counted if float(one)] == ([] if twice is None else [twice])
    (part,) = await stores.outbox.parts(claim.key.turn_id)
    assert part.message_id == (first or 99)
