"""Whom a conversation is given to, method by method."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatcrew.desk import Agent, Choice, Given, Past, Score, Staff, Team, choose
from chatcrew.desk._choosing import closed, unknown_staff
from chatcrew.desk._methods import by_share
from chatcrew.desk._methods.performance import weights
from chatcrew.messages import Placing
from chatcrew.tenancy.model import Distribution, Part, Specialty

NOW = datetime(2026, 11, 25, 14, tzinfo=UTC)
ANA = Agent(12, "Ana Lima", "ana@loja.example", "online")
BIA = Agent(13, "Bia Reis", "bia@loja.example", "online")
CAIO = Agent(14, "Caio Prado", "caio@loja.example", "online")
SALES = Team(4, "vendas", frozenset({12, 13}))
MONEY = Team(5, "Financeiro", frozenset({14}))
STAFF = Staff(
    agents={one.id: one for one in (ANA, BIA, CAIO)},
    members=frozenset({12, 13, 14}),
    teams=(SALES, MONEY),
    read_at=NOW,
)
ASKED = Placing("customer_asked")
BEFORE = Past(last={12: NOW - timedelta(hours=1), 13: NOW - timedelta(hours=2), 14: NOW})


def chosen(
    policy: Distribution,
    *,
    past: Past = BEFORE,
    asked: Placing = ASKED,
    staff: Staff = STAFF,
    previous: int | None = None,
) -> Choice:
    """Return the choice."""
    return choose(past, policy=policy, asked=asked, staff=staff, previous=previous)


def who(found: Choice) -> tuple[str, str | None]:
    """Return method and first name."""
    return found.method, found.agent and found.agent.name.split()[0]


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("chatwoot", ("chatwoot", None)),
        ("round_robin", ("round_robin", "Bia")),
        ("load", ("load", "Caio")),
        ("share", ("round_robin", "Bia")),
    ],
)
def test_each_method_chooses_its_own_way(method: str, expected: tuple[str, str | None]) -> None:
    """The oldest assignment, the fewest open, Chatwoot; parts that nobody named are equal."""
    staff = replace(STAFF, open_of={12: 3, 13: 2, 14: 1})

    assert who(chosen(Distribution(method=method), staff=staff)) == expected


@pytest.mark.parametrize("method", ["chatwoot", "round_robin", "load", "performance", "share"])
def test_the_previous_operator_comes_before_every_method(method: str) -> None:
    """Unless the business does not want it, or he or she is away, full or was not quick enough."""
    policy = Distribution(method=method)
    away = replace(STAFF, agents={**STAFF.agents, 12: replace(ANA, availability="busy")})

    assert who(chosen(policy, previous=12)) == ("previous", "Ana")
    assert chosen(replace(policy, previous=False), previous=12).method != "previous"
    assert chosen(policy, previous=12, staff=away).method != "previous"
    assert chosen(policy, previous=12, staff=replace(STAFF, open_of={12: 20})).method != "previous"
    assert chosen(policy, previous=12, asked=replace(ASKED, not_to=(12,))).method != "previous"


def test_a_specialty_narrows_to_its_team_and_then_the_method_chooses() -> None:
    """By topic, label, function or reason; also the previous operator must be of it (S3-84)."""
    policy = Distribution(
        method="round_robin",
        team="vendas",
        specialties=(
            Specialty(topics=("boleto",), labels=("cobranca",), team="financeiro"),
            Specialty(functions=("scheduling",), agents=("ANA@loja.example",)),
            Specialty(reasons=("urgent",), agents=("12", "Bia Reis")),
        ),
    )

    money = chosen(policy, asked=Placing("other", topic="boleto"), previous=12)
    assert who(money) == ("specialty", "Caio")
    assert money.team == MONEY
    assert who(chosen(policy, asked=Placing("other", labels=("Cobranca",)))) == who(money)
    agenda = chosen(policy, asked=Placing("other", function="scheduling"))
    assert (who(agenda), agenda.team) == (("specialty", "Ana"), SALES)
    assert who(chosen(policy, asked=Placing("urgent"))) == ("specialty", "Bia")
    assert who(chosen(policy)) == ("round_robin", "Bia")


def test_who_is_away_full_or_of_another_inbox_gets_nothing() -> None:
    """By Chatwoot's own figures (S3-80); the team keeps what nobody takes."""
    policy = Distribution(method="load", team="vendas", per_agent=2)

    full = replace(STAFF, open_of={12: 2, 13: 1})
    away = replace(STAFF, agents={**STAFF.agents, 13: replace(BIA, availability="offline")})
    elsewhere = replace(STAFF, members=frozenset({14}))

    assert who(chosen(policy, staff=full)) == ("load", "Bia")
    assert who(chosen(policy, staff=away)) == ("load", "Ana")
    nobody = chosen(policy, staff=elsewhere)
    assert (who(nobody), nobody.team) == (("chatwoot", None), SALES)
    busy = Distribution(method="load", availability=("online", "busy"))
    staff = replace(STAFF, agents={12: replace(ANA, availability="busy")})
    assert who(chosen(busy, staff=staff)) == ("load", "Ana")


def test_what_was_given_since_the_figures_were_read_counts() -> None:
    """Chatwoot's list is seconds old: ten at once do not all go to whoever had the fewest."""
    policy = Distribution(method="load", per_agent=1, previous=False)
    since = Given(NOW + timedelta(seconds=1), 12, None, "agent:12", ())
    before = Given(NOW - timedelta(hours=1), 13, None, "agent:13", ())
    staff = replace(STAFF, agents={12: ANA, 13: BIA})

    assert who(chosen(policy, past=Past(recent=(before, since)), staff=staff)) == ("load", "Bia")


def test_a_name_that_chatwoot_does_not_know_is_told() -> None:
    """An admin's slip shows in the note, not in a conversation that lands anywhere."""
    policy = Distribution(
        method="load", specialties=(Specialty(reasons=("urgent",), team="vendaz", agents=("Zé",)),)
    )

    found = chosen(policy, asked=Placing("urgent"))

    assert (found.agent, found.team) == (None, None)
    assert "'vendaz', 'Zé'" in found.why


def test_a_team_at_its_limit_gets_no_more() -> None:
    """A hundred open ones of a department are enough (S3-80)."""
    found = chosen(
        Distribution(method="load", team="vendas"), staff=replace(STAFF, open_in={4: 100})
    )

    assert (found.method, found.agent, found.team) == ("chatwoot", None, None)
    assert "limite" in found.why


def test_shares_of_teams_and_people_are_kept() -> None:
    """50/30/20 over a hundred handoffs, people of a team in turn (S3-86)."""
    policy = Distribution(
        method="share",
        shares=(Part(50, team="vendas"), Part(30, agent="caio@loja.example"), Part(20, agent="13")),
    )
    past = Past()
    counted: Counter[str] = Counter()
    for number in range(100):
        found = chosen(policy, past=past, staff=replace(STAFF, read_at=NOW + timedelta(days=1)))
        assert found.agent is not None
        at = NOW + timedelta(seconds=number)
        row = Given(at, found.agent.id, None, found.unit, found.pool)
        past = Past((*past.given, row), last={**past.last, found.agent.id: at})
        counted[found.unit] += 1

    assert counted == {"team:4": 50, "agent:14": 30, "agent:13": 20}


def test_who_comes_back_is_not_flooded() -> None:
    """What was given away while somebody was off is nobody's debt to him or her."""
    halves = {"agent:12": 0.5, "agent:13": 0.5}
    alone = [Given(NOW, 12, None, "agent:12", ("agent:12",)) for _ in range(50)]

    rows = list(alone)
    for _ in range(10):
        unit = by_share(halves, rows)
        rows.append(Given(NOW, None, None, unit, tuple(halves)))

    assert Counter(row.unit for row in rows[50:]) == {"agent:12": 5, "agent:13": 5}


@given(st.lists(st.integers(1, 100), min_size=1, max_size=6), st.integers(1, 60))
def test_any_parts_are_kept(parts: list[int], rounds: int) -> None:
    """Nobody is ever further from what is his than the others are many (S3-86)."""
    units = {f"agent:{number}": float(part) for number, part in enumerate(parts)}
    whole, rows = sum(parts), []
    for _ in range(rounds):
        rows.append(Given(NOW, None, None, by_share(units, rows), tuple(units)))

    counted = Counter(row.unit for row in rows)
    # of two it is never more than one; of n parts one may wait for the n - 1 others
    most = max(1, len(parts) - 1)
    assert all(abs(counted[unit] - part * rounds / whole) <= most for unit, part in units.items())


def test_who_does_better_gets_more_and_nobody_nothing() -> None:
    """Content customers and quick first words make a larger part, within bounds (S3-85)."""
    units = {"agent:12": 12, "agent:13": 13, "agent:14": 14}
    scores = {12: Score(40, 38, 60), 13: Score(40, 20, 600), 14: Score(1, 0, None)}

    parts = weights(units, scores)

    assert parts["agent:12"] > parts["agent:14"] > parts["agent:13"] > 0
    found = chosen(Distribution(method="performance"), past=replace(BEFORE, scores=scores))
    assert who(found) == ("performance", "Ana")


def test_without_figures_or_outside_hours_only_the_team_is_known() -> None:
    """A team by number needs no user token; while people are away nobody is burdened by name."""
    policy = Distribution(method="round_robin", team="4")

    blind = unknown_staff(policy, ASKED)
    assert (blind.method, blind.agent, blind.team and blind.team.id) == ("chatwoot", None, 4)
    assert unknown_staff(Distribution(team="vendas"), ASKED).team is None
    night = closed(policy, ASKED, STAFF)
    assert (night.agent, night.team) == (None, SALES)
