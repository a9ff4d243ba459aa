"""A business's people in a simulation: shifts, a queue per team, and what they overlook."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Recife")
OPENING = ("mon-fri 08:00-18:00", "sat 08:00-12:00")
TEAMS = {1: 4, 2: 3}
"""People by Chatwoot's team."""

_DAY = {8: 1.6, 9: 1.4, 10: 1.2, 11: 1.0, 12: 0.9, 13: 1.0, 14: 1.2, 15: 1.1, 16: 1.0, 17: 0.8}
_NIGHT = 0.12
_PER_HOUR: Mapping[int, float] = {1: 9.0, 2: 6.0}
_OVERLOOKED = 0.05
_NOTICED = 0.7
_SATURDAY, _SUNDAY = 5, 6
_LUNCH = (12, 13)


@dataclass(slots=True)
class Waiting:
    """One customer who waits for people.

    Attributes:
        number: of the conversation.
        team: who has it.
        since: when it was given to people.
        seen: people notice it: some slip through until a note tells of them.
    """

    number: int
    team: int
    since: datetime
    seen: bool = True


@dataclass(slots=True)
class People:
    """The teams, their queues and who is busy until when.

    Attributes:
        dice: everything random.
        queue: who waits, by number.
    """

    dice: random.Random
    queue: dict[int, Waiting] = field(default_factory=dict)
    busy: dict[tuple[int, int], datetime] = field(default_factory=dict)

    def arrives(self, number: int, at: datetime, *, team: int) -> Waiting:
        """Let one more customer wait."""
        seen = self.dice.random() >= _OVERLOOKED
        found = self.queue[number] = Waiting(number, team, at, seen)
        return found

    def told(self, number: int) -> None:
        """Let people read a note: most then see who waits."""
        waiting = self.queue.get(number)
        if waiting is not None and self.dice.random() < _NOTICED:
            waiting.seen = True

    def picked(self, at: datetime) -> Iterator[tuple[Waiting, datetime, datetime]]:
        """Yield who is taken up now, when the first word is written, and when that one is free."""
        for team, size in TEAMS.items():
            for agent in range(size):
                if not at_work(agent, at) or self.busy.get((team, agent), at) > at:
                    continue
                waits = [one for one in self.queue.values() if one.team == team and one.seen]
                if not waits:
                    continue
                first = min(waits, key=lambda one: (one.since, one.number))
                del self.queue[first.number]
                words = at + timedelta(seconds=self.dice.expovariate(1 / 45))
                minutes = self.dice.lognormvariate(2.2, 0.6)
                self.busy[team, agent] = done = words + timedelta(minutes=minutes)
                yield first, words, done

    def shortest(self) -> int:
        """Return the team with the fewest waiting for each of its people."""
        return min(TEAMS, key=lambda team: self._load(team) / TEAMS[team])

    def _load(self, team: int) -> int:
        return sum(one.team == team for one in self.queue.values())


def at_work(person: int, at: datetime) -> bool:
    """Return whether a person is at the desk: lunch by halves, Saturdays one of two."""
    local = at.astimezone(ZONE)
    if local.weekday() == _SUNDAY:
        return False
    if local.weekday() == _SATURDAY:
        return 8 <= local.hour < 12 and person % 2 == 0
    if local.hour in _LUNCH and local.hour == _LUNCH[person % 2]:
        return False
    return 8 <= local.hour < 18


def arrivals(
    dice: random.Random,
    begin: datetime,
    days: int,
    *,
    per_hour: Mapping[int, float] = _PER_HOUR,
) -> Iterator[tuple[datetime, int]]:
    """Yield when customers come, and to which team, in order of time.

    Busy days and quiet ones differ by a third; nights and Sundays have a few.
    """
    for day in range(days):
        busy = dice.lognormvariate(0.0, 0.2)
        found: list[tuple[datetime, int]] = []
        for hour in range(24):
            at = begin + timedelta(days=day, hours=hour)
            local = at.astimezone(ZONE)
            share = _DAY.get(local.hour, _NIGHT)
            if local.weekday() >= _SATURDAY:
                share *= 0.35
            for team, rate in per_hour.items():
                found += _within(dice, at, rate * share * busy, team)
        yield from sorted(found)


def _within(
    dice: random.Random, at: datetime, rate: float, team: int
) -> Iterator[tuple[datetime, int]]:
    minute = 0.0
    while rate > 0:
        minute += dice.expovariate(rate / 60)
        if minute >= 60:
            return
        yield at + timedelta(minutes=minute), team
