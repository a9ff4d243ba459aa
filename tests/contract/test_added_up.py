"""What is read added up is what is read turn by turn and session by session, whatever happened."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, text, update
from tests.contract.analytics_rows import NOW, Records
from tests.contract.test_analytics import NoWhy

from chatcrew.analytics import PostgresFacts, PostgresFigures, Scope
from chatcrew.conversations import PostgresHistory
from chatcrew.database import Database
from chatcrew.database.schema import model_call, session_fact, turn
from chatcrew.database.transactions import transaction
from chatcrew.debts import PostgresDebts
from chatcrew.testing import ManualClock

ZONES = {
    "shop/acme": "America/Sao_Paulo",
    "shop/other": "Asia/Kolkata",
    "shop/utc": "UTC",
    "shop/west": "Pacific/Pago_Pago",
}


class House:
    """A house in which things happen, and which is read in both ways.

    Args:
        database: an empty one.
        seed: of what happens.
    """

    def __init__(self, database: Database, seed: int) -> None:
        self.database = database
        self.dice = random.Random(seed)
        self.clock = ManualClock(NOW)
        self.records = Records(database)
        self.facts = PostgresFacts(database, self.clock)
        self.figures = self.figures_at(NOW)
        self._talks = 0

    def figures_at(self, now: datetime) -> PostgresFigures:
        """Return what reads figures at a moment."""
        clock = ManualClock(now)
        return PostgresFigures(
            self.database,
            clock,
            history=PostgresHistory(self.database),
            why=NoWhy(),
            debts=PostgresDebts(self.database, clock),
        )

    async def live(self, talks: int, *, days: float) -> None:
        """Let conversations begin in the last days, some with contacts and numbers of others."""
        dice = self.dice
        for _ in range(talks):
            self._talks += 1
            at = self.clock.now() - timedelta(days=dice.uniform(0.01, days))
            tenant = dice.choice(sorted(ZONES))
            many = dice.randint(1, 3)
            for episode in range(1, many + 1):
                turns = dice.choices(
                    ["replied", "handed_off", "dropped", "parked", "slot:order:number"],
                    weights=[8, 2, 1, 1, 2],
                    k=dice.randint(1, 3),
                )
                done = at + timedelta(minutes=dice.randint(5, 900))
                shut = episode < many or dice.random() < 0.6
                await self.records.talk(
                    self._talks * dice.choice([1, 1, 300]),
                    at=at,
                    turns=turns,
                    # an inbox can be given to another business
                    tenant=tenant if dice.random() < 0.9 else "shop/acme",
                    bot=dice.choice(["acme-bot", "acme-bot", "late-bot"]),
                    episode=episode,
                    spoke=dice.random() < 0.1,
                    closed=min(done, self.clock.now()) if shut else None,
                    cost=dice.choice([None, 0.000123456, 1 / 3]),
                    rating=dice.choice([None, None, 1, 4, 5]) if episode == 1 else None,
                    intent=dice.choice(["price", "hours", ""]),
                    mood=dice.choice([-0.8, 0.0, 0.9]),
                    weight=dice.randint(10, 4000),
                    variant=dice.choice(["tone/a", "tone/b"]),
                    rungs=[{"name": "crew", "end": "answered", "ms": dice.uniform(0, 4000)}],
                    **dice.choice([{}, {"kept": {"saved_usd": 0.001}}]),
                )
                at = done + timedelta(days=dice.choice([0.2, 3, 6.99, 8]))
                if at > self.clock.now():
                    break
        await self._spread(days)

    async def _spread(self, days: float) -> None:
        """Let what is alike in all rows of the records differ, of those of the last days."""
        since = self.clock.now() - timedelta(days=days)
        async with transaction(self.database) as run:
            for engine in ("intent", "faq"):
                some = f"turn.id like '%{self.dice.randint(0, 9)}'"
                new = update(turn).where(text(some), turn.c.finished_at > since)
                await run.execute(new.values(engine=engine))
            contact = "to_jsonb((number % 9) + 250)"
            moved = f"jsonb_set(snapshot, '{{contact,id}}', {contact})"
            await run.execute(text(f"update conversation set snapshot = {moved}"))
            call = {"turn_id": None, "tenant": "shop/acme", "role": "memory", "model": "m"}
            call |= {"prompt_tokens": 5, "completion_tokens": 5, "cached_tokens": 0}
            call |= {"from_cache": True, "seconds": 0.1, "cost": 0.0, "spared": 0.002}
            at = self.clock.now() - timedelta(days=self.dice.uniform(0, days))
            await run.execute(insert(model_call).values(**call, at=at))

    async def forget(self) -> None:
        """Erase some contacts, and let retention take what is old."""
        old = self.clock.now() - timedelta(days=80)
        async with transaction(self.database) as run:
            few = session_fact.c.contact % 9 == self.dice.randint(0, 8)
            await run.execute(update(session_fact).where(few).values(contact=None))
            await run.execute(session_fact.delete().where(session_fact.c.last_at < old))

    def scopes(self) -> list[Scope]:
        """Return times and tenants as pages ask for them, and as none does."""
        now, dice = self.clock.now(), self.dice
        midnight = now.replace(hour=3)
        edges = sorted(now - timedelta(days=dice.uniform(0, 120)) for _ in range(2))
        return [
            Scope(None, midnight - timedelta(days=200), midnight + timedelta(days=1)),
            Scope(frozenset({"shop/acme", "shop/west"}), midnight - timedelta(days=29), now),
            Scope(None, edges[0], edges[1], dice.choice([None, "late-bot"])),
        ]

    @asynccontextmanager
    async def one_by_one(self) -> AsyncIterator[None]:
        """Hide up to where is added up: then nothing is read added up."""
        hide = "update fact_mark set name = '-' || name where name <> 'sessions'"
        show = "update fact_mark set name = substr(name, 2) where name <> 'sessions'"
        for statement in (hide, show):
            async with transaction(self.database) as run:
                await run.execute(text(statement))
            if statement == hide:
                yield

    async def look(self, scope: Scope) -> dict[str, object]:
        """Return every figure."""
        figures = self.figures
        found = {
            name: await getattr(figures, name)(scope)
            for name in ("overview", "outcomes", "costs", "latency", "intents", "moods", "tenants")
        }
        cohorts = {by: await figures.cohorts(scope, by=by) for by in ("variant", "bot", "config")}
        return {**found, "savings": await figures.savings(scope), **cohorts}

    async def agrees(self) -> dict[str, int]:
        """See that both ways say the same; return how much was added up."""
        for scope in self.scopes():
            added = await self.look(scope)
            async with self.one_by_one():
                single = await self.look(scope)
            for name, one in single.items():
                assert added[name] == one, (name, scope)
        tables = ("third_fact", "third_saving", "session_third", "session_set")
        async with transaction(self.database) as run:
            counts = {
                name: await run.scalar(text(f"select count(*) from {name}")) for name in tables
            }
        return {name: count or 0 for name, count in counts.items()}


@pytest.mark.parametrize("seed", [1, 2])
async def test_what_is_added_up_is_what_is_counted_one_by_one(
    database: Database, seed: int
) -> None:
    """At any moment: after rounds and between them, past erasures, retention, calendars (N6)."""
    house = House(database, seed)
    await house.live(40, days=110)
    await house.agrees()
    await house.facts.run({})
    assert min((await house.agrees()).values()) > 0

    await house.clock.advance(timedelta(days=21).total_seconds())
    house.figures = house.figures_at(house.clock.now())
    await house.live(10, days=20)
    await house.forget()
    await house.agrees()
    await house.facts.run(ZONES)
    await house.agrees()

    now = house.clock.now()
    for hours in (-2, 2, 24, 8 * 24):
        house.figures = house.figures_at(now + timedelta(hours=hours))
        await house.agrees()
    await house.clock.advance(timedelta(days=8).total_seconds())
    await house.facts.run({**ZONES, "shop/utc": "Asia/Tokyo"})
    assert min((await house.agrees()).values()) > 0


async def test_whoever_is_erased_stands_in_no_set_of_numbers(database: Database) -> None:
    """At once, before any round: numbers of contacts are kept as bits, to count them (N8)."""
    house = House(database, 3)
    await house.live(5, days=2)
    await house.facts.run({})
    users = text("select count(*) from session_set where kind = 'user'")
    async with transaction(database) as run:
        before = await run.scalar(users)
        await run.execute(update(session_fact).values(contact=None))
        assert (before or 0) > 0
        assert await run.scalar(users) == 0
    assert (await house.figures.overview(house.scopes()[0])).users == 0
