"""A simulated team at work: shifts, breaks, conversations that begin and end, who gets which."""

import heapq
import random
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from chatcrew.desk import Agent, Choice, Given, Past, Score, Staff, choose
from chatcrew.messages import Placing
from chatcrew.tenancy.model import Distribution

START = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOURS = 10
BELIEVED = 20.0
"""Seconds for which Chatwoot's figures are believed, as the cache of a server does."""

SCORES = {
    1: Score(60, 58, 45),
    2: Score(60, 52, 120),
    3: Score(60, 48, 120),
    4: Score(60, 30, 600),
}
"""How some of the team did; of the others nothing is known."""


@dataclass(slots=True)
class Day:
    """What became of the conversations of some simulated days.

    Attributes:
        given: conversations by person.
        owed: what each part of method share comes to, over those who could be chosen.
        hours: at work and not on a break, by person.
        most: most open conversations that anybody ever had.
        unplaced: conversations for which nobody was free.
        known: returning customers whose operator was free.
        again: those of them that were given to him or her.
        seconds: what each choice took.
    """

    given: Counter[int] = field(default_factory=Counter)
    owed: Counter[int] = field(default_factory=Counter)
    hours: Counter[int] = field(default_factory=Counter)
    most: int = 0
    unplaced: int = 0
    known: int = 0
    again: int = 0
    seconds: list[float] = field(default_factory=list)

    def rates(self) -> list[float]:
        """Return conversations per hour at work, of everybody who was there."""
        return [self.given[one] / hours for one, hours in self.hours.items() if hours > 1]


class Office:
    """Eight people in two shifts with breaks; conversations at random."""

    def __init__(
        self, policy: Distribution, *, seed: int, per_hour: float, people: int = 8
    ) -> None:
        self.policy = policy
        self.chance = random.Random(seed)
        self.per_hour = per_hour
        self.agents = [Agent(n, f"Pessoa {n}", f"p{n}@loja.example") for n in range(1, 9)]
        self.day = Day()
        self._open: Counter[int] = Counter()
        self._ends: list[tuple[datetime, int]] = []
        self._given: deque[Given] = deque(maxlen=400)
        self._last: dict[int, datetime] = {}
        self._served: dict[int, int] = {}
        self._read: tuple[datetime, dict[int, int]] = (START, {})

    def run(self, days: int) -> Day:
        """Let so many days pass."""
        for number in range(days):
            begin = START + timedelta(days=number)
            breaks = self._breaks(begin)
            for at in self._arrivals(begin):
                self._end_until(at)
                self._one(at, breaks)
            for agent in self.agents:
                on = (at for at in self._minutes(begin) if self._there(agent.id, at, breaks))
                self.day.hours[agent.id] += sum(1 for _ in on) / 60
        return self.day

    def _one(self, at: datetime, breaks: dict[int, list[datetime]]) -> None:
        if (at - self._read[0]).total_seconds() >= BELIEVED:
            self._read = (at, dict(self._open))
        staff = Staff(
            agents={
                one.id: replace(
                    one, availability="online" if self._there(one.id, at, breaks) else "offline"
                )
                for one in self.agents
            },
            members=frozenset(one.id for one in self.agents),
            open_of=self._read[1],
            read_at=self._read[0],
        )
        customer = self.chance.randrange(4000)
        previous = self._served.get(customer)
        recent = [one for one in self._given if one.at >= at - timedelta(minutes=3)]
        past = Past(tuple(self._given), recent, self._last, SCORES)
        asked = Placing("customer_asked")
        begun = time.perf_counter()
        choice = choose(past, policy=self.policy, asked=asked, staff=staff, previous=previous)
        self.day.seconds.append(time.perf_counter() - begun)
        free = previous is not None and staff.agents[previous].availability == "online"
        self._take(choice, at, customer, previous if free else None)

    def _take(self, choice: Choice, at: datetime, customer: int, previous: int | None) -> None:
        if choice.agent is None:
            self.day.unplaced += 1
            return
        agent = choice.agent.id
        if previous is not None and self._open[previous] < self.policy.per_agent:
            self.day.known += 1
            self.day.again += agent == previous
        self.day.given[agent] += 1
        if choice.method == "share":
            parts = {f"agent:{part.agent}": part.percent for part in self.policy.shares}
            whole = sum(parts[unit] for unit in choice.pool)
            for unit in choice.pool:
                self.day.owed[int(unit.split(":")[1])] += parts[unit] / whole
        self._open[agent] += 1
        self.day.most = max(self.day.most, self._open[agent])
        self._last[agent], self._served[customer] = at, agent
        self._given.append(Given(at, agent, None, choice.unit, choice.pool))
        ends = at + timedelta(minutes=self.chance.expovariate(1 / 12))
        heapq.heappush(self._ends, (ends, agent))

    def _end_until(self, at: datetime) -> None:
        while self._ends and self._ends[0][0] <= at:
            self._open[heapq.heappop(self._ends)[1]] -= 1

    def _arrivals(self, begin: datetime) -> Iterator[datetime]:
        at = begin
        while True:
            at += timedelta(hours=self.chance.expovariate(self.per_hour))
            if at >= begin + timedelta(hours=HOURS):
                return
            yield at

    def _breaks(self, begin: datetime) -> dict[int, list[datetime]]:
        """Return when each begins two breaks of half an hour."""
        return {
            one.id: [begin + timedelta(hours=self.chance.uniform(0, HOURS)) for _ in range(2)]
            for one in self.agents
        }

    def _there(self, agent: int, at: datetime, breaks: dict[int, list[datetime]]) -> bool:
        early = agent % 2 == 0
        shift = (0, 6) if early else (4, HOURS)
        hour = (at.hour - START.hour) + at.minute / 60
        away = any(off <= at < off + timedelta(minutes=30) for off in breaks[agent])
        return shift[0] <= hour < shift[1] and not away

    @staticmethod
    def _minutes(begin: datetime) -> Iterator[datetime]:
        return (begin + timedelta(minutes=minute) for minute in range(HOURS * 60))
