"""The book of debts: one suite over PostgreSQL and memory (N14)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from chatcrew.database.rows import MemoryTables
from chatcrew.debts import Debts, MemoryDebts, PostgresDebts
from chatcrew.mailbox import Mailbox, MemoryMailbox, PostgresMailbox
from chatcrew.messages import Contact, Debt, DebtEnd, DebtKind, NewDebt, Owner, OwnerKind, Promise
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import Talk

US, THEM = Owner(OwnerKind.BOT, 7), Owner(OwnerKind.BOT, 8)
PERSON, CAPTAIN = Owner(OwnerKind.PERSON, 12), Owner(OwnerKind.OTHER_AI, 3)
BOTS = {"acme-bot": 7}


@dataclass(slots=True)
class Book:
    """The debts with the mailbox beside them."""

    debts: Debts
    mailbox: Mailbox
    clock: ManualClock

    async def put(self, *deliveries: object) -> None:
        """Store deliveries in their order."""
        for delivery in deliveries:
            await self.mailbox.put(delivery)

    async def owed(self, talk: Talk, **changes: object) -> Debt:
        """Open a debt in a conversation."""
        new = NewDebt(
            talk.id,
            "health/varizemed",
            DebtKind.HANDOFF,
            "customer_asked",
            opened_at=self.clock.now(),
            next_at=self.clock.now() + timedelta(minutes=5),
        )
        debt = await self.debts.owe(replace(new, **changes))
        assert debt is not None
        return debt

    async def over(self) -> list[tuple[int, DebtEnd]]:
        """Return which debts are over and how, where nothing is taken for returned by its age."""
        found = await self.debts.over(
            returned_before=self.clock.now() - timedelta(minutes=5), limit=10
        )
        return [(one.debt.id, one.ending) for one in found]

    async def unowed(self, *, limit: int = 10) -> list[object]:
        """Return who waits without a debt, for a minute at least."""
        before = self.clock.now() - timedelta(seconds=60)
        since, mine = before - timedelta(days=1), ("health/varizemed",)
        found = await self.debts.unowed(BOTS, tenants=mine, since=since, before=before, limit=limit)
        return [one.conversation for one in found]


@pytest.fixture
def clock() -> ManualClock:
    """Give a clock that the test moves."""
    return ManualClock()


@pytest.fixture(params=["memory", "postgres"])
def book(request: pytest.FixtureRequest, clock: ManualClock) -> Book:
    """Give the debts and the mailbox over each backend."""
    if request.param == "memory":
        tables = MemoryTables()
        return Book(MemoryDebts(tables, clock), MemoryMailbox(tables, clock), clock)
    database = request.getfixturevalue("database")
    return Book(PostgresDebts(database, clock), PostgresMailbox(database, clock), clock)


@pytest.fixture
def talk(clock: ManualClock) -> Talk:
    """Give one conversation."""
    return Talk(clock)


async def test_a_debt_is_kept_whole_and_stands_alone(book, talk) -> None:
    """One debt for each conversation, with everything that was promised."""
    assert await book.debts.owe(_new(talk, book.clock.now())) is None

    await book.put(talk.says("quero falar com uma pessoa"))
    debt = await book.owed(
        talk, team_id=3, turn_id="t1", promise=Promise(60.0, 120.5, 300.0), closed_then=True
    )

    assert debt.customer_id == talk.last_id
    assert (debt.step, debt.again, debt.ended_at) == (0, False, None)
    assert debt.owed.promise == Promise(60.0, 120.5, 300.0)
    assert await book.debts.owe(debt.owed) is None
    assert await book.debts.standing(talk.id) == debt
    assert list(await book.debts.list_standing(None, limit=5)) == [debt]
    assert list(await book.debts.list_standing("other/one", limit=5)) == []


async def test_a_persons_word_pays_and_no_other_word_does(book, talk, clock) -> None:
    """A private note, the bot's own word and the customer's pay nothing; a person's does."""
    await book.put(talk.becomes("open"), talk.says("oi?"))
    debt = await book.owed(talk)
    await book.put(talk.echo("um momento", tag="t"), talk.says("alô?"), talk.commands("nota"))
    before = await book.over()
    await clock.advance(90)
    await book.put(talk.person("Oi, sou a Ana!"), talk.phone("também do celular"))

    assert before == []
    (over,) = await book.debts.over(returned_before=clock.now(), limit=10)
    assert (over.debt, over.ending, over.by) == (debt, DebtEnd.ANSWERED, 501)
    assert over.at == clock.now().replace(microsecond=0)


async def test_a_word_from_before_the_debt_pays_nothing(book, talk) -> None:
    """Who answered earlier has not answered what is owed now."""
    await book.put(talk.becomes("open"), talk.person("Bom dia!"), talk.says("e agora?"))
    await book.owed(talk)

    assert await book.over() == []


async def test_a_deleted_word_pays_nothing(book, talk) -> None:
    """The customer no longer reads it."""
    await book.put(talk.becomes("open"), talk.says("oi?"))
    await book.owed(talk)
    await book.put(talk.person("engano"))
    await book.put(talk.deletes(talk.last_id))

    assert await book.over() == []


async def test_resolving_and_reopening_end_a_debt(book, talk) -> None:
    """What people close without a word is closed; the next episode has debts of its own."""
    await book.put(talk.says("oi?"), talk.becomes("open"))
    debt = await book.owed(talk)
    await book.put(talk.becomes("resolved"))
    resolved = await book.over()
    await book.put(talk.becomes("pending"))

    assert resolved == [(debt.id, DebtEnd.RESOLVED)]
    assert await book.over() == [(debt.id, DebtEnd.RESOLVED)]


async def test_giving_back_to_the_bot_ends_a_debt(book, talk) -> None:
    """By the status: the bot goes on, and the next debt of this talk knows of it."""
    await book.put(talk.says("oi?"), talk.becomes("open"))
    debt = await book.owed(talk)
    await book.put(talk.becomes("pending"))

    assert await book.over() == [(debt.id, DebtEnd.RETURNED)]
    assert await _ended(book, debt, DebtEnd.RETURNED)
    assert (await book.owed(talk)).again


async def test_a_conversation_that_never_was_opened_ends_its_debt_after_a_while(
    book, talk, clock
) -> None:
    """The debt is opened right before the status is set; if that was not done, the bot has it."""
    await book.put(talk.says("oi?"))
    debt = await book.owed(talk)
    at_once = await book.over()
    await clock.advance(301)

    assert at_once == []
    assert await book.over() == [(debt.id, DebtEnd.RETURNED)]


async def test_a_pending_conversation_of_people_still_owes(book, talk, clock) -> None:
    """A person owns it or silenced the bot: people have it, whatever its status."""
    await book.put(talk.says("oi?"), talk.becomes("pending", owner=PERSON))
    await book.owed(talk)
    await clock.advance(301)

    assert await book.over() == []


async def test_a_debt_ends_once(book, talk, clock) -> None:
    """The first ending stands, with who answered and how long it took."""
    await book.put(talk.becomes("open"), talk.says("oi?"))
    debt = await book.owed(talk)

    assert await _ended(book, debt, DebtEnd.ANSWERED, waited=90.0, by=12)
    assert not await _ended(book, debt, DebtEnd.RESOLVED)
    assert await book.debts.standing(talk.id) is None
    (kept,) = await book.debts.history("health/varizemed", since=debt.owed.opened_at, limit=5)
    assert (kept.ending, kept.waited, kept.by) == (DebtEnd.ANSWERED, 90.0, 12)
    assert kept.ended_at == clock.now()


async def test_a_step_is_due_once_and_taken_by_one_turn(book, talk, clock) -> None:
    """An input is made once; another try of its turn takes the step again, no other turn does."""
    await book.put(talk.becomes("open"), talk.says("oi?"))
    debt = await book.owed(talk)
    early = await book.debts.due(limit=5)
    await clock.advance(300)
    due = await book.debts.due(limit=5)
    await book.debts.woken(debt.id, step=1)
    later = clock.now() + timedelta(minutes=10)

    assert list(early) == []
    assert [one.id for one in due] == [debt.id]
    assert list(await book.debts.due(limit=5)) == []
    assert await book.debts.advance(debt.id, step=1, turn_id="t1", next_at=later)
    assert await book.debts.advance(debt.id, step=1, turn_id="t1", next_at=later)
    assert not await book.debts.advance(debt.id, step=1, turn_id="t2", next_at=later)
    assert not await book.debts.advance(debt.id, step=3, turn_id="t2", next_at=later)
    await clock.advance(600)
    (again,) = await book.debts.due(limit=5)
    assert (again.step, again.step_turn) == (1, "t1")


async def test_no_step_follows_the_last(book, talk, clock) -> None:
    """Without a next moment nothing is due; nor is it once a debt has ended."""
    await book.put(talk.becomes("open"), talk.says("oi?"))
    debt = await book.owed(talk)
    await book.debts.advance(debt.id, step=1, turn_id="t1", next_at=None)
    await clock.advance(86_400)
    last = await book.debts.due(limit=5)
    await _ended(book, debt, DebtEnd.ANSWERED)

    assert list(last) == []
    assert not await book.debts.advance(debt.id, step=2, turn_id="t2", next_at=None)


@pytest.mark.parametrize(
    ("owner", "found"), [(None, 1), (PERSON, 1), (US, 1), (THEM, 0), (CAPTAIN, 0)]
)
async def test_who_waits_for_people_without_a_debt_is_found(
    book, talk, clock, owner, found
) -> None:
    """Whoever of us and our people has it; other bots answer for themselves."""
    await book.put(talk.becomes("open", owner=owner), talk.says("oi?"))
    at_once = await book.unowed()
    await clock.advance(60)

    assert at_once == []
    assert await book.unowed() == [talk.id] * found


async def test_a_business_that_is_not_watched_keeps_no_other_off_the_page(book, clock) -> None:
    """Its many waiting customers come first by time, and nothing is ever opened for them."""
    other, mine = Talk(clock, number=1), Talk(clock, number=2)
    await book.put(*(replace(x, tenant="a/b") for x in (other.becomes("open"), other.says("oi?"))))
    await clock.advance(1)
    await book.put(mine.becomes("open"), mine.says("oi?"))
    await clock.advance(60)

    assert await book.unowed(limit=1) == [mine.id]


async def test_nobody_is_found_who_does_not_wait(book, clock) -> None:
    """Answered, the bot's own, blocked, owed already, or asking for nothing."""
    talks = [Talk(clock, number=number) for number in range(1, 6)]
    for one in talks:
        await book.put(one.becomes("open"), one.says("oi?"))
    await book.put(talks[0].person("Oi!"))
    await book.put(talks[1].becomes("pending"))
    await book.put(talks[2].becomes("open", contact=Contact(id=501, blocked=True)))
    await book.owed(talks[3])
    await _ended(book, await book.owed(talks[4]), DebtEnd.THANKED)
    await clock.advance(60)
    silent = await book.unowed()
    await book.put(talks[4].says("mais uma coisa"))
    await clock.advance(60)

    assert silent == []
    assert await book.unowed() == [talks[4].id]


async def test_old_debts_are_forgotten_and_standing_ones_never(book, clock) -> None:
    """Only what ended is deleted."""
    old, standing = Talk(clock, number=1), Talk(clock, number=2)
    for one in (old, standing):
        await book.put(one.says("oi?"))
    await _ended(book, await book.owed(old), DebtEnd.ANSWERED)
    debt = await book.owed(standing)
    await clock.advance(10)

    assert await book.debts.purge(clock.now()) == 1
    assert list(await book.debts.list_standing("health/varizemed", limit=5)) == [debt]
    history = await book.debts.history(
        "health/varizemed", since=clock.now() - timedelta(days=1), limit=5
    )
    assert [one.id for one in history] == [debt.id]


async def _ended(book: Book, debt: Debt, ending: DebtEnd, **known: object) -> bool:
    found: dict[str, object] = {"waited": None, **known}
    return await book.debts.end(debt.id, ending=ending, at=book.clock.now(), **found)


def _new(talk: Talk, at: datetime) -> NewDebt:
    return NewDebt(
        talk.id, "health/varizemed", DebtKind.HANDOFF, "other", opened_at=at, next_at=None
    )
