"""What was given to whom: one suite over PostgreSQL and memory."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from chatcrew.database.rows import MemoryTables
from chatcrew.desk import Agent, Assignments, Case, Choice, MemoryAssignments, Past, Team
from chatcrew.desk import PostgresAssignments as OnPostgres
from chatcrew.mailbox import Mailbox, MemoryMailbox, PostgresMailbox
from chatcrew.messages import Author, AuthorKind, Contact, Delivery
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import Talk

TENANT = "health/varizemed"
ANA, BIA = Agent(12, "Ana Lima"), Agent(13, "Bia Reis")
SALES = Team(4, "vendas", frozenset({12, 13}))


@pytest.fixture
def clock() -> ManualClock:
    """Give a clock of the test's own."""
    return ManualClock()


@pytest.fixture(params=["memory", "postgres"])
def both(request: pytest.FixtureRequest, clock: ManualClock) -> tuple[Assignments, Mailbox]:
    """Give the assignments and the mailbox that fills the history, of each kind."""
    if request.param == "memory":
        tables = MemoryTables()
        return MemoryAssignments(tables, clock), MemoryMailbox(tables, clock)
    database = request.getfixturevalue("database")
    return OnPostgres(database, clock), PostgresMailbox(database, clock)


@pytest.fixture
def assignments(both: tuple[Assignments, Mailbox]) -> Assignments:
    """Give the assignments."""
    return both[0]


def case(
    turn: str, talk: Talk | None = None, *, tenant: str = TENANT, scored: bool = False
) -> Case:
    """Return a conversation that is to be given away."""
    return Case(turn, (talk or Talk(ManualClock())).id, tenant, scored)


def to(agent: Agent, team: Team | None = None) -> Choice:
    """Return a choice among two."""
    return Choice("round_robin", "", agent, team, f"agent:{agent.id}", ("agent:12", "agent:13"))


def by(delivery: Delivery, agent_id: int) -> Delivery:
    """Return an operator's message as one of this user."""
    line = delivery.change.line
    assert line is not None
    signed = replace(line, author=Author(AuthorKind.PERSON, agent_id))
    return replace(delivery, change=replace(delivery.change, line=signed))


async def looked(assignments: Assignments, one: Case) -> Past:
    """Return the past that a choice in ``one`` sees."""
    seen: list[Past] = []

    def choose(past: Past) -> Choice:
        seen.append(past)
        return to(ANA)

    await assignments.give(one, choose)
    return seen[0]


async def test_the_next_choice_sees_the_ones_before(
    assignments: Assignments, clock: ManualClock
) -> None:
    """Whom, which team, when and among whom: the pointer of a round robin is durable (S3-82)."""
    first = clock.now()
    await assignments.give(case("t1"), lambda _: to(ANA, SALES))
    await clock.advance(60)
    await assignments.give(case("t2"), lambda _: to(BIA))

    past = await looked(assignments, case("t3"))

    assert [(one.agent_id, one.team_id, one.unit, one.pool) for one in past.given] == [
        (12, 4, "agent:12", ("agent:12", "agent:13")),
        (13, None, "agent:13", ("agent:12", "agent:13")),
    ]
    assert past.last == {12: first, 13: first + timedelta(seconds=60)}


async def test_asked_again_in_the_same_turn_it_chooses_anew(assignments: Assignments) -> None:
    """A turn that begins again counts once, and does not see its own first choice."""
    await assignments.give(case("t1"), lambda _: to(ANA))

    assert (await looked(assignments, case("t1"))).given == ()
    await assignments.give(case("t1"), lambda _: to(BIA))

    past = await looked(assignments, case("t2"))
    assert [one.agent_id for one in past.given] == [13]


async def test_what_was_taken_back_was_never_given(assignments: Assignments) -> None:
    """A turn that hands nothing over after all moves no turn and fills nobody's hands."""
    await assignments.give(case("one"), lambda past: to(ANA))
    await assignments.give(case("two"), lambda past: to(BIA))
    await assignments.take_back("two")
    await assignments.take_back("never")

    past = await looked(assignments, case("three"))
    assert [one.agent_id for one in past.given] == [12]
    assert [one.agent_id for one in past.recent] == [12]
    assert set(past.last) == {12}


async def test_businesses_do_not_see_each_other(assignments: Assignments) -> None:
    """Another tenant in the same account, and the same tenant in another account (S4)."""
    await assignments.give(case("t1"), lambda _: to(ANA))

    other = Talk(ManualClock(), account="globex", bot="globex-bot")
    sister = await looked(assignments, case("t2", tenant="health/outra"))
    assert (sister.given, sister.last) == ((), {})
    assert [one.agent_id for one in sister.recent] == [12]  # the same people have it open
    foreign = await looked(assignments, case("t3", other))
    assert (foreign.given, foreign.recent, foreign.last) == ((), (), {})


async def test_two_that_choose_at_once_do_not_choose_alike(assignments: Assignments) -> None:
    """One waits for the other, so nobody gets two in a row (S3-82)."""

    def choose(past: Past) -> Choice:
        return to(BIA if past.last.get(12) else ANA)

    chosen = await asyncio.gather(*(assignments.give(case(f"t{n}"), choose) for n in range(2)))

    assert {one.agent.id for one in chosen if one.agent} == {12, 13}


async def test_the_previous_operator_is_who_wrote_last(
    both: tuple[Assignments, Mailbox], clock: ManualClock
) -> None:
    """In any conversation of the customer, and not in notes; others' customers do not count."""
    assignments, mailbox = both
    mine, before = Talk(clock, number=9), Talk(clock, number=8)
    stranger = Talk(clock, number=10)
    stranger.snapshot = replace(stranger.snapshot, contact=Contact(id=777))
    for delivery in (
        by(before.person("Oi, sou a Ana"), 12),
        by(before.person("Agora é a Bia"), 13),
        by(mine.commands("/bot resumo"), 14),
        by(stranger.person("Bom dia"), 15),
    ):
        await mailbox.put(delivery)

    assert await assignments.previous(case("t1", mine), 501) == 13
    assert await assignments.previous(case("t1", mine), 777) == 15
    assert await assignments.previous(case("t1", mine), 999) is None
    assert await assignments.previous(case("t1", mine, tenant="health/outra"), 501) is None


async def test_scores_are_ratings_and_the_time_to_the_first_word(
    both: tuple[Assignments, Mailbox], clock: ManualClock
) -> None:
    """Of whoever the customer talked to last, and only where they are asked for (S3-85)."""
    assignments, mailbox = both
    for number, agent, stars, waits in ((20, ANA, 5, 60), (21, ANA, 2, 120), (22, BIA, 4, 600)):
        talk = Talk(clock, number=number)
        await mailbox.put(talk.says("Oi"))
        await assignments.give(case(f"t{number}", talk), lambda _, agent=agent: to(agent))
        await clock.advance(waits)
        await mailbox.put(by(talk.person("Pois não?"), agent.id))
        await mailbox.put(talk.rates(talk.last_id + 1, stars))

    plain = await looked(assignments, case("t30"))
    scored = await looked(assignments, case("t31", scored=True))

    assert plain.scores == {}
    ana, bia = scored.scores[12], scored.scores[13]
    assert (ana.rated, ana.content, ana.first_word) == (2, 1, pytest.approx(90, abs=1))
    assert (bia.rated, bia.content, bia.first_word) == (1, 1, pytest.approx(600, abs=1))


async def test_what_is_old_is_forgotten(assignments: Assignments, clock: ManualClock) -> None:
    """Nobody needs to know for ever who was given what."""
    await assignments.give(case("t1"), lambda _: to(ANA))
    await clock.advance(86_400)
    await assignments.give(case("t2"), lambda _: to(BIA))

    assert await assignments.purge(clock.now() - timedelta(hours=1)) == 1
    assert [one.agent_id for one in (await looked(assignments, case("t3"))).given] == [13]
