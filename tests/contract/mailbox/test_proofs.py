"""The chain of a conversation's records, as the real stores leave it at each step (N3)."""

import pytest

from chatcrew.database import Database
from chatcrew.messages import ActKind, PartState, PlannedPart, TurnState
from chatcrew.proofs import PostgresChains, prove
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import REPLIED, Stores, Talk, claimed


@pytest.fixture
def stores(database: Database, clock: ManualClock) -> Stores:
    """Give the stores on PostgreSQL: a chain is read where it is kept."""
    return Stores.on_postgres(database, clock)


@pytest.fixture
def chains(database: Database) -> PostgresChains:
    """Give the reader."""
    return PostgresChains(database)


async def test_each_step_adds_its_link_and_none_is_missing(chains, stores, talk, clock):
    """Delivery, event, turn, outbox, message id, echo: whole from the first to the last."""

    async def proof():
        chain = await chains.chain(talk.id, limit=5)
        assert chain is not None
        return prove(chain, now=clock.now())

    await stores.mailbox.put(talk.says("Quanto custa?"))
    waits = await proof()
    assert waits.whole
    assert [one.code for one in waits.pending] == ["waits"]
    assert [one.message_id for one in waits.chain.waiting] == [talk.last_id]

    claim = await claimed(stores, clock)
    parts = await stores.outbox.decide(
        claim.key, [PlannedPart(ActKind.MESSAGE, {"content": "R$ 90."})], REPLIED
    )
    under_way = await proof()
    assert under_way.whole
    assert [one.code for one in under_way.pending] == ["under_way"]
    (turn,) = under_way.chain.turns
    assert (turn.state, turn.parts[0].state) == (TurnState.DECIDED, PartState.PLANNED)

    begun = (await stores.outbox.begin(parts[0], claim.key)).part
    number = talk.last_id + 1
    await stores.outbox.sent(begun, message_id=number)
    await stores.mailbox.settle(claim.key, REPLIED, arrivals=claim.arrivals)
    said = await proof()
    assert said.whole
    assert not said.pending
    assert not said.chain.turns[0].parts[0].echoed

    await stores.mailbox.put(talk.echo("R$ 90.", tag=parts[0].tag, message_id=number))
    heard = (await proof()).chain.turns[0]
    assert heard.parts[0].echoed
    assert [one.message_id for one in heard.inputs] == [talk.last_id - 1]


async def test_a_turn_that_ends_with_its_reply_unsent_is_broken(chains, stores, talk, clock):
    """What the outbox still holds of a turn that is over reaches nobody."""
    await stores.mailbox.put(talk.says("Quanto custa?"))
    claim = await claimed(stores, clock)
    parts = await stores.outbox.decide(
        claim.key, [PlannedPart(ActKind.MESSAGE, {"content": "R$ 90."})], REPLIED
    )
    await stores.mailbox.settle(claim.key, REPLIED, arrivals=claim.arrivals)

    proof = prove(await chains.chain(talk.id, limit=5), now=clock.now())

    assert [(one.code, one.subject) for one in proof.breaks] == [
        ("left_over", parts[0].tag),
        ("nothing_said", None),
    ]


async def test_an_input_that_nobody_takes_is_broken_once_it_is_long_due(
    chains, stores, talk, clock
):
    """A queue is no fault; five minutes after its time it is one."""
    await stores.mailbox.put(talk.says("Alguém aí?"))
    await clock.advance(290)
    assert prove(await chains.chain(talk.id, limit=5), now=clock.now()).whole

    await clock.advance(60)

    proof = prove(await chains.chain(talk.id, limit=5), now=clock.now())
    assert [one.code for one in proof.breaks] == ["never_claimed"]


async def test_only_what_asks_for_an_answer_is_missed(chains, stores, talk, clock):
    """People's words and notes need no input; nobody is told of an unknown conversation."""
    await stores.mailbox.put(talk.says("Oi"))
    await stores.mailbox.put(talk.person("Deixa comigo."))
    await stores.mailbox.put(talk.template("Fora do horário."))

    chain = await chains.chain(talk.id, limit=5)
    assert chain is not None
    assert list(chain.unheard) == []
    assert await chains.chain(Talk(clock, number=9).id, limit=5) is None
