"""Debts of a resolution beside those of an answer: one suite over PostgreSQL and memory (S3-81)."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from chatcrew.database.rows import MemoryTables
from chatcrew.debts import Debts, MemoryDebts, PostgresDebts
from chatcrew.mailbox import Mailbox, MemoryMailbox, PostgresMailbox
from chatcrew.messages import Debt, DebtEnd, DebtKind, NewDebt
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import Talk

TENANT = "health/varizemed"


@dataclass(slots=True)
class Book:
    """The debts with the mailbox beside them."""

    debts: Debts
    mailbox: Mailbox
    clock: ManualClock

    async def owed(self, talk: Talk, kind: DebtKind = DebtKind.RESOLUTION) -> Debt:
        """Open a debt in a conversation."""
        now = self.clock.now()
        due = now + timedelta(hours=24)
        debt = await self.debts.owe(NewDebt(talk.id, TENANT, kind, "other", now, due))
        assert debt is not None
        return debt

    async def over(self) -> list[tuple[int, DebtEnd]]:
        """Return which debts are over and how."""
        before = self.clock.now() - timedelta(minutes=5)
        found = await self.debts.over(returned_before=before, limit=10)
        return [(one.debt.id, one.ending) for one in found]


@pytest.fixture(params=["memory", "postgres"])
def book(request: pytest.FixtureRequest) -> Book:
    """Give the debts and the mailbox over each backend."""
    clock = ManualClock()
    if request.param == "memory":
        tables = MemoryTables()
        return Book(MemoryDebts(tables, clock), MemoryMailbox(tables, clock), clock)
    database = request.getfixturevalue("database")
    return Book(PostgresDebts(database, clock), PostgresMailbox(database, clock), clock)


@pytest.fixture
async def talk(book: Book) -> Talk:
    """Give a conversation that people have."""
    talk = Talk(book.clock)
    await book.mailbox.put(talk.becomes("open"))
    await book.mailbox.put(talk.says("quero falar com uma pessoa"))
    return talk


async def test_an_answer_and_a_resolution_stand_side_by_side_and_are_told_apart(book, talk) -> None:
    """Each once; who asks for the one does not get the other."""
    answer = await book.owed(talk, DebtKind.HANDOFF)
    end = await book.owed(talk)

    assert await book.debts.owe(end.owed) is None
    assert await book.debts.standing(talk.id) == answer
    assert await book.debts.standing(talk.id, resolution=True) == end
    assert list(await book.debts.list_standing(TENANT, limit=5)) == [answer]
    assert list(await book.debts.list_standing(None, limit=5, resolution=True)) == [end]
    since = book.clock.now() - timedelta(days=1)
    assert list(await book.debts.history(TENANT, since=since, limit=5)) == [answer]
    kind = DebtKind.RESOLUTION
    assert list(await book.debts.history(TENANT, since=since, limit=5, kind=kind)) == [end]


async def test_a_persons_word_pays_the_answer_and_only_resolving_the_rest(book, talk) -> None:
    """The conversation is people's until they say that it is done."""
    answer, end = await book.owed(talk, DebtKind.HANDOFF), await book.owed(talk)
    await book.mailbox.put(talk.person("Oi, sou a Ana!"))
    answered = await book.over()
    await book.debts.end(answer.id, ending=DebtEnd.ANSWERED, at=book.clock.now(), waited=1.0)
    await book.mailbox.put(talk.becomes("resolved"))

    assert answered == [(answer.id, DebtEnd.ANSWERED)]
    assert await book.over() == [(end.id, DebtEnd.RESOLVED)]


async def test_what_goes_back_to_the_bot_is_resolved_by_nobody(book, talk) -> None:
    """And does not count as a wait in which nobody came: they did."""
    end = await book.owed(talk)
    await book.mailbox.put(talk.becomes("pending"))

    assert await book.over() == [(end.id, DebtEnd.RETURNED)]
    await book.debts.end(end.id, ending=DebtEnd.RETURNED, at=book.clock.now(), waited=1.0)
    assert not (await book.owed(talk, DebtKind.HANDOFF)).again


@pytest.mark.parametrize(("turn", "again"), [("t1", False), ("t2", True)])
async def test_only_another_handoff_makes_a_second_one(book, talk, turn, again) -> None:
    """Of the same turn it is the first one still: Chatwoot was away, and people never had it."""
    first = NewDebt(
        talk.id, TENANT, DebtKind.HANDOFF, "other", book.clock.now(), None, turn_id="t1"
    )
    debt = await book.debts.owe(first)
    assert debt is not None
    await book.debts.end(debt.id, ending=DebtEnd.RETURNED, at=book.clock.now(), waited=300.0)
    second = await book.debts.owe(replace(first, turn_id=turn))

    assert second is not None
    assert second.again is again


async def test_who_owes_the_end_may_owe_an_answer_too(book, talk) -> None:
    """A customer who writes again is found, though his conversation is watched already."""
    await book.owed(talk)
    await book.clock.advance(60)
    now = book.clock.now()
    found = await book.debts.unowed(
        {"acme-bot": 7}, tenants=[TENANT], since=now - timedelta(days=1), before=now, limit=5
    )

    assert [one.conversation for one in found] == [talk.id]


async def test_the_step_of_a_resolution_is_due_by_its_own_clock(book, talk) -> None:
    """Taken once, like any other."""
    end = await book.owed(talk)
    early = await book.debts.due(limit=5)
    await book.clock.advance(24 * 3600)

    assert list(early) == []
    assert [one.id for one in await book.debts.due(limit=5)] == [end.id]
    assert await book.debts.advance(end.id, step=1, turn_id="t1", next_at=None)
    assert not await book.debts.advance(end.id, step=1, turn_id="t2", next_at=None)
