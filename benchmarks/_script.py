"""What happens in a small world of faults: drawn from a seed, written down, made shorter."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from benchmarks._seams import Blow

SPAN = 45.0
"""Seconds within which everything of a script happens."""

_PEOPLE = (
    ("person", 5),
    ("opens", 2),
    ("assigns", 2),
    ("returns", 3),
    ("resolves", 1),
    ("note", 1),
    ("deletes", 1),
)
_FAULTS = (
    ("drop", 5),
    ("hang", 2),
    ("hang_after", 3),
    ("status_500", 3),
    ("status_429", 2),
    ("status_502", 2),
    ("chatwoot_away", 2),
    ("ingress_away", 2),
    ("kill_worker", 5),
    ("kill_ingress", 2),
    ("jump", 2),
)
_MODEL = (("says", 12), ("slow", 3), ("fails", 2), ("hangs", 1))
_LASTS = {"drop", "status_500", "status_429", "status_502", "hang", "hang_after"}
ENDPOINTS = (None, "create_message", "toggle_status", "show_conversation", "list_messages")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens.

    Attributes:
        at: seconds after the beginning.
        what: ``says`` and ``asks`` (a person) are the customer's; others are people's or faults.
        talk: of which conversation, for what is done in one.
        text: endpoint of a fault of Chatwoot's, "" for any.
        amount: seconds it lasts, or by which the clock jumps.
    """

    at: float
    what: str
    talk: int = 0
    text: str = ""
    amount: float = 0.0


@dataclass(frozen=True, slots=True)
class Script:
    """A whole world.

    Attributes:
        seed: of delays and of the model.
        talks: conversations.
        workers: processes that answer.
        steps: what happens, by time.
        blows: what happens to processes at named points.
        shuffle: webhooks come up to so many seconds late.
        duplicates: share of webhooks that come twice, under another delivery id.
        delay: mean seconds that one way of a call takes.
        model: what the model does, call by call, again from the beginning at the end.
    """

    seed: int
    talks: int = 1
    workers: int = 1
    steps: tuple[Step, ...] = ()
    blows: tuple[Blow, ...] = ()
    shuffle: float = 0.0
    duplicates: float = 0.0
    delay: float = 0.0
    model: tuple[str, ...] = ("says",)

    @property
    def size(self) -> int:
        """How much there is to read."""
        plain = (self.shuffle, self.duplicates, self.delay, self.workers - 1, self.talks - 1)
        odd = sum(one != "says" for one in self.model)
        return 2 * len(self.steps) + 2 * len(self.blows) + odd + sum(map(bool, plain))

    def to_json(self) -> str:
        """Return it as text, for a file or a test."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Script":
        """Read what ``to_json`` wrote."""
        found: dict[str, Any] = json.loads(text)
        found["steps"] = tuple(Step(**one) for one in found["steps"])
        found["blows"] = tuple(Blow(**one) for one in found["blows"])
        found["model"] = tuple(found["model"])
        return cls(**found)


def drawn(seed: int, points: Mapping[str, int]) -> Script:
    """Return the script of a seed.

    Args:
        seed: the same gives the same.
        points: how often each named point is passed in a world without faults.
    """
    chance = random.Random(f"script {seed}")
    talks = chance.choice((1, 1, 2, 3))
    steps = [one for talk in range(talks) for one in _talk(chance, talk)]
    steps += [_fault(chance) for _ in range(chance.choice((0, 0, 1, 1, 2, 3)))]
    return Script(
        seed=seed,
        talks=talks,
        workers=chance.choice((1, 1, 2)),
        steps=tuple(sorted(steps, key=lambda one: one.at)),
        blows=tuple(_blow(chance, points) for _ in range(chance.choice((0, 1, 1, 2)))),
        shuffle=chance.choice((0.0, 0.3, 2.0)),
        duplicates=chance.choice((0.0, 0.0, 0.3)),
        delay=chance.choice((0.0, 0.03, 0.3)),
        model=tuple(_one(chance, _MODEL) for _ in range(3)),
    )


def _talk(chance: random.Random, talk: int) -> list[Step]:
    """Return what customer and people do in one conversation."""
    at, steps = chance.uniform(0.0, 5.0), []
    for _ in range(chance.randint(1, 4)):
        what = "asks" if chance.random() < 0.15 else "says"
        steps.append(Step(round(at, 3), what, talk))
        at += chance.choice((0.2, 0.5, 3.0, 8.0)) * chance.uniform(0.5, 1.5)
    if chance.random() < 0.5:
        for _ in range(chance.randint(1, 3)):
            moment = chance.uniform(0.0, min(at + 6.0, SPAN))
            steps.append(Step(round(moment, 3), _one(chance, _PEOPLE), talk))
    return steps


def _fault(chance: random.Random) -> Step:
    at, what = round(chance.uniform(0.0, 25.0), 3), _one(chance, _FAULTS)
    text = chance.choice(ENDPOINTS) or "" if what in _LASTS else ""
    if what == "jump":
        return Step(at, what, amount=chance.choice((-600.0, -90.0, -5.0, 5.0, 90.0)))
    return Step(at, what, text=text, amount=round(chance.choice((0.5, 3.0, 12.0, 40.0)), 1))


def _blow(chance: random.Random, points: Mapping[str, int]) -> Blow:
    point = chance.choice(sorted(points))
    harm = chance.choice(("die", "die", "stop", "away"))
    nth = chance.randint(1, min(points[point], 12))
    return Blow(harm, point, nth, chance.choice((0.5, 5.0, 45.0)))


def _one(chance: random.Random, of: Sequence[tuple[str, int]]) -> str:
    names, weights = zip(*of, strict=True)
    return str(chance.choices(names, weights)[0])


@dataclass(frozen=True, slots=True)
class Shorter:
    """Makes a script shorter as long as it still breaks what it broke (delta debugging).

    Attributes:
        breaks: plays a script; whether it still breaks the same.
    """

    breaks: Any
    tried: set[str] = field(default_factory=set)

    def of(self, script: Script) -> Script:
        """Return the shortest found: nothing of it can be left out alone."""
        before = -1
        while before != script.size:
            before = script.size
            script = self._fewer(script, "steps")
            script = self._fewer(script, "blows")
            for simple in self._simpler(script):
                if self._holds(simple):
                    script = simple
        return script

    def _fewer(self, script: Script, name: str) -> Script:
        part = max(1, len(getattr(script, name)) // 2)
        while part:
            begin = 0
            while begin < len(getattr(script, name)):
                rows = getattr(script, name)
                less = replace(script, **{name: rows[:begin] + rows[begin + part :]})
                if self._holds(less):
                    script = less
                else:
                    begin += part
            part //= 2
        return script

    def _simpler(self, script: Script) -> list[Script]:
        changes: list[dict[str, Any]] = [
            {"shuffle": 0.0},
            {"duplicates": 0.0},
            {"delay": 0.0},
            {"workers": 1},
            {"model": ("says",)},
            {"talks": max((one.talk for one in script.steps), default=0) + 1},
        ]
        if {one.talk for one in script.steps} == {1} or script.talks == 2:
            changes.append(
                {"talks": 1, "steps": tuple(replace(one, talk=0) for one in script.steps)}
            )
        found = [replace(script, **change) for change in changes]
        return [one for one in found if one != script]

    def _holds(self, script: Script) -> bool:
        text = script.to_json()
        if text in self.tried:
            return False
        self.tried.add(text)
        return bool(self.breaks(script))
