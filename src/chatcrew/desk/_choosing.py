"""Chooses whom a conversation is given to, by a tenant's policy and what is known; pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from chatcrew.desk import _methods as methods
from chatcrew.desk._values import Agent, Choice, Past, Staff, Team
from chatcrew.messages import Placing
from chatcrew.tenancy.model import Distribution

_UNSEEN = timedelta(seconds=10)
"""From a decision to Chatwoot's lists showing it."""


@dataclass(frozen=True, slots=True)
class _Scope:
    """Among whom is chosen.

    Attributes:
        team: that has it in any case, or None.
        ids: who may have it.
        special: a specialty says so.
        unknown: names in the policy that nobody in Chatwoot has.
    """

    team: Team | None
    ids: frozenset[int]
    special: bool
    unknown: tuple[str, ...] = ()


def choose(
    past: Past, *, policy: Distribution, asked: Placing, staff: Staff, previous: int | None
) -> Choice:
    """Return whom a conversation is given to while people are at work.

    Args:
        past: what was given before.
        policy: the tenant's.
        asked: what is known of the conversation.
        staff: the people now.
        previous: who served the customer before, or None.
    """
    scope = _scope(policy, asked, staff)
    open_of, open_in = _open_now(staff, past)
    if scope.team is not None and open_in[scope.team.id] >= policy.per_team:
        return Choice("chatwoot", f"o time {scope.team.name} está no limite de conversas abertas")
    free = [
        agent
        for agent in staff.agents.values()
        if agent.availability in policy.availability
        and agent.id not in asked.not_to
        and agent.id in staff.members
        and open_of[agent.id] < policy.per_agent
    ]
    mine = [agent for agent in free if agent.id in scope.ids]
    known = methods.served_before(mine if scope.special else free, previous)
    if policy.previous and known is not None:
        return _given(known, scope.team, "previous", f"{known.name} já atendeu este cliente")
    if policy.method == "chatwoot":
        return _to_team(scope, "o Chatwoot escolhe a pessoa")
    if policy.method == "share" and policy.shares:
        return _shared(policy, mine, scope, staff=staff, past=past, open_in=open_in)
    if not mine:
        return _to_team(scope, "ninguém está disponível agora")
    return _among(mine, scope, policy.method, past=past, open_of=open_of)


def unknown_staff(policy: Distribution, asked: Placing) -> Choice:
    """Return the choice where the people cannot be asked for: a team whose number is known."""
    special = methods.fitting(policy.specialties, asked)
    named = (special.team if special is not None else "") or policy.team
    why = "o Chatwoot escolhe a pessoa: o bot não vê quem está disponível"
    team = Team(int(named), f"nº {named}") if named.isdecimal() else None
    return Choice("chatwoot", why, team=team)


LEFT = Choice("chatwoot", "")
"""Where nobody said how to choose: no news for the team."""


def closed(policy: Distribution, asked: Placing, staff: Staff) -> Choice:
    """Return the choice while nobody is at work: the team it waits in."""
    return _to_team(_scope(policy, asked, staff), "")


def named_team(staff: Staff, named: str) -> Team | None:
    """Return the team of a name or id, or None."""
    wanted = named.strip().casefold()
    found = (one for one in staff.teams if wanted in (str(one.id), one.name.casefold()))
    return next(found, None) if wanted else None


def named_agent(staff: Staff, named: str) -> Agent | None:
    """Return the person of an e-mail, a name or an id, or None."""
    wanted = named.strip().casefold()
    for one in staff.agents.values():
        if wanted and wanted in (str(one.id), one.email.casefold(), one.name.casefold()):
            return one
    return None


def _scope(policy: Distribution, asked: Placing, staff: Staff) -> _Scope:
    special = methods.fitting(policy.specialties, asked)
    named = (special.team if special is not None else "") or policy.team
    team = named_team(staff, named)
    ids = staff.members if team is None else team.members
    unknown = [named] if named and team is None else []
    if special is not None and special.agents:
        found = {one: named_agent(staff, one) for one in special.agents}
        ids = frozenset(one.id for one in found.values() if one is not None)
        unknown += [name for name, one in found.items() if one is None]
    return _Scope(team, ids, special is not None, tuple(unknown))


def _open_now(staff: Staff, past: Past) -> tuple[Counter[int], Counter[int]]:
    """Return what people and teams have open, with what they were given since that was read."""
    people, teams = Counter(staff.open_of), Counter(staff.open_in)
    for one in past.recent:
        if staff.read_at is None or one.at >= staff.read_at - _UNSEEN:
            people.update(() if one.agent_id is None else (one.agent_id,))
            teams.update(() if one.team_id is None else (one.team_id,))
    return people, teams


def _among(
    agents: Sequence[Agent],
    scope: _Scope,
    method: str,
    *,
    past: Past,
    open_of: Mapping[int, int],
) -> Choice:
    """Return the choice of a method among people who are free."""
    units = {_unit(one): one for one in agents}
    pool = tuple(units)
    if method == "load":
        found = methods.least_loaded(agents, open_of, past.last)
        count = open_of.get(found.id, 0)
        why = f"{found.name} tem menos conversas abertas ({count})"
    elif method == "performance":
        ids = {unit: one.id for unit, one in units.items()}
        found = units[methods.by_performance(ids, past.scores, past.given)]
        why = f"é a vez de {found.name}, por desempenho"
    else:
        found = methods.longest_without(agents, past.last)
        method, why = "round_robin", f"é a vez de {found.name} no rodízio"
    if scope.special:
        method, why = "specialty", f"especialidade; {why}"
    return _given(found, scope.team, method, why, pool)


def _shared(
    policy: Distribution,
    free: Sequence[Agent],
    scope: _Scope,
    *,
    staff: Staff,
    past: Past,
    open_in: Mapping[int, int],
) -> Choice:
    """Return the choice among the parts of which somebody is free."""
    weights: dict[str, float] = {}
    behind: dict[str, tuple[Team | None, list[Agent]]] = {}
    for part in policy.shares:
        team = named_team(staff, part.team)
        agent = named_agent(staff, part.agent)
        if team is not None and open_in.get(team.id, 0) < policy.per_team:
            unit, people = f"team:{team.id}", [one for one in free if one.id in team.members]
        elif agent is not None:
            unit, people = _unit(agent), [one for one in free if one.id == agent.id]
        else:
            continue
        if people:
            weights[unit] = weights.get(unit, 0.0) + part.percent
            behind[unit] = (team, people)
    if not weights:
        return _to_team(scope, "ninguém está disponível agora")
    unit = methods.by_share(weights, past.given)
    team, people = behind[unit]
    found = methods.longest_without(people, past.last)
    why = f"é a vez de {found.name if team is None else team.name}, pela divisão combinada"
    return Choice("share", why, found, team or scope.team, unit, tuple(weights))


def _given(
    agent: Agent, team: Team | None, method: str, why: str, pool: tuple[str, ...] = ()
) -> Choice:
    # Who left the team that has the conversation would not be taken by Chatwoot
    inside = team if team is not None and agent.id in team.members else None
    return Choice(method, why, agent, inside, _unit(agent), pool or (_unit(agent),))


def _to_team(scope: _Scope, why: str) -> Choice:
    method = "specialty" if scope.special and scope.team is not None else "chatwoot"
    if scope.unknown:
        unknown = f"o Chatwoot não conhece {', '.join(map(repr, scope.unknown))}"
        why = f"{why}; {unknown}" if why else unknown
    return Choice(method, why, team=scope.team)


def _unit(agent: Agent) -> str:
    return f"agent:{agent.id}"
