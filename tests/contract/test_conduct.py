"""How customers write, and who wants no messages: one suite over both backends (S1-79, S1-80)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chatcrew.conduct import KEPT, NEWEST, ConductStore, MemoryConduct, PostgresConduct
from chatcrew.messages import Conduct, Person
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import Stores, Talk, claimed, settled

ANA = Person("health/varizemed", "acme", 501)


@pytest.fixture
def clock() -> ManualClock:
    """Give a clock that the test moves."""
    return ManualClock()


@pytest.fixture(params=["memory", "postgres"])
def both(request: pytest.FixtureRequest, clock: ManualClock) -> tuple[ConductStore, Stores]:
    """Give the record and the stores over each backend."""
    if request.param == "memory":
        stores = Stores.in_memory(clock)
        return MemoryConduct(stores.history, clock, ledger=stores.ledger), stores
    database = request.getfixturevalue("database")
    return PostgresConduct(database, clock), Stores.on_postgres(database, clock)


async def test_messages_are_counted_by_day_and_minute_in_the_episode_that_runs(both, clock):
    """What people wrote, what is older and what another conversation holds does not count."""
    store, stores = both
    talk, other = Talk(clock), Talk(clock, number=7)
    await stores.mailbox.put(talk.says("de ontem"))
    await settled(stores, clock)
    await clock.advance(25 * 3600)
    await stores.mailbox.put(talk.says("de hoje cedo"))
    await settled(stores, clock)
    await clock.advance(3600)
    for number in range(12):
        await stores.mailbox.put(talk.says(f"mensagem {number}"))
    await stores.mailbox.put(talk.echo("resposta", tag=None))
    await stores.mailbox.put(other.says("outra conversa"))
    claim = await claimed(stores, clock)
    if claim.key.conversation != talk.id:
        claim = (await stores.mailbox.claim("w2", limit=1))[0]

    seen = await store.look(claim, ANA)

    assert (seen.day, seen.minute) == (13, 12)
    assert seen.newest == tuple(f"mensagem {n}" for n in range(11, 11 - NEWEST, -1))
    assert seen.told == frozenset()
    assert seen.opt_out is None


async def test_a_notice_counts_as_told_from_the_next_turn_on(both, clock):
    """Tried again after a crash, the turn that gives it gives it again (design, nothing lost)."""
    store, stores = both
    talk = Talk(clock)
    await stores.mailbox.put(talk.says("oi"))
    claim = await claimed(stores, clock)
    await store.tell(claim, "flood")
    await store.tell(claim, "flood")
    assert (await store.look(claim, ANA)).told == frozenset()

    later = replace(claim, key=replace(claim.key, turn_id="the-next"))
    assert (await store.look(later, ANA)).told == {"flood"}
    fresh = replace(later, state=replace(later.state, episode=2))
    assert (await store.look(fresh, ANA)) == Conduct()

    await clock.advance(KEPT.total_seconds() - 10)
    assert await store.purge() == 0
    await clock.advance(20)
    assert await store.purge() == 1
    assert (await store.look(later, ANA)).told == frozenset()


async def test_the_wish_for_no_messages_is_the_persons_and_kept_until_taken_back(both, clock):
    """Of this tenant, account and contact alone, over every conversation; purging leaves it."""
    store, stores = both
    talk = Talk(clock)
    await stores.mailbox.put(talk.says("sair"))
    claim = await claimed(stores, clock)
    await store.opt_out(claim, ANA)
    first = (await store.look(claim, ANA)).opt_out
    assert first is not None
    assert (first.conversation, first.episode) == (str(talk.id), 1)
    for one in (replace(ANA, tenant="x/y"), replace(ANA, account="b"), replace(ANA, contact=9)):
        assert (await store.look(claim, one)).opt_out is None
    assert (await store.look(claim, None)).opt_out is None

    await clock.advance(timedelta(days=400).total_seconds())
    await store.purge()
    await store.opt_out(claim, ANA)
    second = (await store.look(claim, ANA)).opt_out
    assert second is not None
    assert second.at > first.at
    assert await store.opt_in(ANA)
    assert not await store.opt_in(ANA)
    assert (await store.look(claim, ANA)).opt_out is None


async def test_answers_of_the_last_day_are_known_the_newest_first(both, clock):
    """What said nothing is no answer, and what is older than a day does not count (S0-18)."""
    store, stores = both
    talk = Talk(clock)
    for seconds in (25 * 3600, 600, 30, 0):
        await stores.mailbox.put(talk.says("oi"))
        await settled(stores, clock)
        await clock.advance(seconds)
    await stores.mailbox.put(talk.says("mais uma"))
    claim = await claimed(stores, clock)
    seen = await store.look(claim, ANA)
    now = clock.now()
    assert [round((now - at).total_seconds()) for at in seen.answered] == sorted(
        round((now - at).total_seconds()) for at in seen.answered
    )
    assert len(seen.answered) == 3
    assert seen.answered[0] <= now
    other = Talk(clock, number=9)
    await stores.mailbox.put(other.says("outra conversa"))
    await clock.advance(10)
    there = (await stores.mailbox.claim("w2", limit=1))[0]
    assert (await store.look(there, None)).answered == ()
