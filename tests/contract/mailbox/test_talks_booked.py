"""What a turn asked a model for is of its talk's cost while it is being written (S3-104)."""

from dataclasses import replace

import pytest

from chatcrew.database import Database
from chatcrew.ledger import PostgresTalks
from chatcrew.llm import Booked, Metered, Rows
from chatcrew.messages import ModelCall, ModelRequest
from chatcrew.testing import ManualClock, ScriptedModel
from chatcrew.testing.stores import Stores, Talk


@pytest.fixture
def stores(database: Database, clock: ManualClock) -> Stores:
    """Give the stores over PostgreSQL: in memory nothing takes time to be written."""
    return Stores.on_postgres(database, clock)


async def test_a_limit_of_cost_is_not_passed_by_what_this_very_turn_has_asked_for(
    stores: Stores, talk: Talk, clock: ManualClock, database: Database
) -> None:
    """A picture is looked at right before the cost is asked for; the turn went on at once."""

    class Priced:
        async def record(self, call: ModelCall) -> None:
            await stores.ledger.record_call(replace(call, cost=0.02))

    await stores.mailbox.put(talk.says("Quanto custa este?"))
    await clock.advance(6)
    (claim,) = await stores.mailbox.claim("w1", limit=1)
    rows = Rows(Priced(), clock=clock)
    gateway = Booked(Metered(ScriptedModel("Um sapato."), rows), rows, later=True)
    said = [{"role": "user", "content": "o que se vê?"}]
    asked = ModelRequest("health/varizemed", "m", said, turn_id=claim.key.turn_id)

    await gateway.complete(asked)
    found = await PostgresTalks(database, booked=gateway.booked).so_far(claim)

    assert found.cost == pytest.approx(0.02)
