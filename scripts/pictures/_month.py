"""What happened in a made-up month of three businesses: rows, the same each time."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from chatcrew.messages import Author, AuthorKind, Line, line_to_json

DAYS = 45
FIRST = 1000
"""Number of the first conversation: those that are really held have smaller ones."""

TABLES = ("conversation", "turn", "model_call", "message", "rating", "knowledge_gap")


@dataclass(frozen=True, slots=True)
class House:
    """One business and what its customers are like.

    Attributes:
        bot: label of its bot.
        name: of its bot, as Chatwoot shows it.
        tenant: its key.
        channel: where customers write.
        a_day: conversations on a day of the week, about.
        asks: what customers want: intent, function, what they write, what the bot says.
        gaps: questions that nothing answered.
        variants: of its experiment.
    """

    bot: str
    name: str
    tenant: str
    channel: str
    a_day: int
    asks: Sequence[tuple[str, str, str, str]]
    gaps: Sequence[str]
    variants: Sequence[str] = ()


class Month:
    """Gathers rows.

    Args:
        now: nothing happens in the hour before it.

    Attributes:
        tables: rows by the name of their table.
        moves: what becomes of conversations, in their order.
    """

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._number = FIRST
        self._turns = 0
        self.tables: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
        self.moves: list[dict[str, Any]] = []

    def add(self, house: House, *, chance: random.Random) -> None:
        """Write all days of a business."""
        today = self._now.replace(hour=0, minute=0, second=0, microsecond=0)
        for back in range(DAYS, -1, -1):
            day = today - timedelta(days=back)
            busy = house.a_day * (0.45 if day.weekday() >= 5 else 1.0) * (1 + (DAYS - back) / 150)
            for _ in range(round(busy * chance.uniform(0.75, 1.25))):
                hour = chance.triangular(11, 24, 17)
                at = day + timedelta(seconds=hour * 3600)
                if at < self._now - timedelta(hours=1):
                    self._talk(house, at, chance)
        for place, question in enumerate(house.gaps):
            last = self._now - timedelta(hours=chance.randrange(3, 90))
            self.tables["knowledge_gap"].append(
                {
                    "tenant": house.tenant,
                    "question": question,
                    "count": max(1, 23 - 5 * place + chance.randrange(4)),
                    "first_at": last - timedelta(days=chance.randrange(2, 20)),
                    "last_at": last,
                }
            )

    def _talk(self, house: House, at: datetime, chance: random.Random) -> None:
        self._number += 1
        number = self._number
        weights = [1 / (1 + place) ** 0.8 for place in range(len(house.asks))]
        count = chance.choices((1, 2, 3, 4, 6), (30, 34, 20, 11, 5))[0]
        ends = chance.random()
        fates = ((0.14, "person"), (0.17, "taken"), (0.23, "silent"), (1.0, "solved"))
        fate = next(name for most, name in fates if ends < most)
        variant = chance.choice(house.variants) if house.variants else ""
        mood = chance.gauss(0.28 if fate == "solved" else -0.12, 0.34)
        last = at
        for place in range(count):
            ask = chance.choices(house.asks, weights)[0]
            last = at + timedelta(minutes=place * 2, seconds=chance.randrange(50))
            given = fate == "person" and place == count - 1
            asks = fate == "silent" and place == count - 1
            self._turn(house, number, last, ask, mood, variant, chance, given=given, asks=asks)
        self._ends(house, number, at, last, fate, chance)
        if chance.random() < 0.24:
            happy = fate == "solved" or chance.random() < 0.4
            stars = chance.choices((5, 4, 3), (60, 30, 10))[0] if happy else chance.choice((1, 2))
            self._rates(house, number, last + timedelta(minutes=9), stars)

    def _ends(
        self,
        house: House,
        number: int,
        at: datetime,
        last: datetime,
        fate: str,
        chance: random.Random,
    ) -> None:
        name = chance.choice(("Ana", "Bruno", "Carla", "Davi", "Elisa", "Fábio", "Gabriela"))
        place = {"bot": house.bot, "number": number}
        self.tables["conversation"].append(
            {
                **place,
                "account": "demo",
                "tenant": house.tenant,
                "channel": house.channel,
                "snapshot": {
                    "version": at.timestamp(),
                    "contact": {"id": 5000 + number * 2 // 3, "name": name},
                },
                "status": "pending",
                "episode": 1,
            }
        )
        if fate in ("person", "taken"):
            version = (last + timedelta(seconds=3)).timestamp()
            moved = {"status": "open", "version": version, "spoke": 0, "episode": 1}
            self.moves.append({**place, **moved})
            self.moves.append({**place, **moved, "spoke": 1})
        if fate != "silent" and last < self._now - timedelta(hours=2):
            closed = (last + timedelta(minutes=chance.randrange(5, 110))).timestamp()
            self.moves.append(
                {**place, "status": "resolved", "version": closed, "spoke": 0, "episode": 1}
            )
            back = closed + 86_400 * chance.uniform(0.2, 5)
            if chance.random() < 0.06 and back < self._now.timestamp():
                self.moves.append(
                    {**place, "status": "pending", "version": back, "spoke": 0, "episode": 2}
                )
                again = {"status": "resolved", "version": back + 900, "spoke": 0, "episode": 2}
                self.moves.append({**place, **again})

    def _turn(
        self,
        house: House,
        number: int,
        at: datetime,
        ask: tuple[str, str, str, str],
        mood: float,
        variant: str,
        chance: random.Random,
        *,
        given: bool,
        asks: bool,
    ) -> None:
        self._turns += 1
        intent, function, heard, said = ask
        engine = chance.choices(("intent", "faq", "cache", "compiled"), (24, 16, 12, 48))[0]
        answer = chance.lognormvariate(7.3, 0.45) if engine == "compiled" else chance.uniform(2, 30)
        deliver = chance.uniform(90, 260)
        stages = {
            "admit": 0.4,
            "resolve": 0.3,
            "guard": 1.2,
            "recall": chance.uniform(3, 9),
            "branch": chance.uniform(2, 6),
            "retrieve": chance.uniform(6, 40) if engine == "compiled" else 2.0,
            "answer": round(answer, 1),
            "check": 2.1,
            "decide": 6.0,
            "deliver": round(deliver, 1),
        }
        waited = round(800 + answer + deliver + chance.uniform(20, 60))
        ladder = [{"name": "intent", "end": "answered" if engine == "intent" else "miss", "ms": 2}]
        if engine in ("cache", "compiled"):
            kept = engine == "cache"
            ladder.append({"name": "cache", "end": "answered" if kept else "miss", "ms": 5})
        if engine == "compiled":
            ladder.append({"name": "crew", "end": "answered", "ms": round(answer)})
        details: dict[str, Any] = {
            "episode": 1,
            "heard": 1,
            "said": 1,
            "language": "pt-BR" if chance.random() < 0.95 else "en",
            "intent": intent if chance.random() < 0.75 else "",
            "mood": round(max(-1.0, min(1.0, mood + chance.gauss(0, 0.1))), 2),
            "waited_ms": waited,
            "promise": "kept" if waited <= 3000 else "missed",
            "rungs": ladder,
            "burst": 1,
        }
        if mood < -0.2 and chance.random() < 0.5:
            details["feedback"] = [chance.choice(("complaint", "asked", "generic"))]
        if variant:
            details["variant"] = variant
        if given:
            why = chance.choices(
                ("customer_asked", "mood", "complaint", "low_evidence"), (6, 2, 3, 2)
            )
            details["handoff"] = why[0]
        reasons = {"compiled": "crew", "intent": f"intent:{intent}"}
        key = f"m{self._turns:06}"
        self.tables["turn"].append(
            {
                "id": key,
                "bot": house.bot,
                "number": number,
                "account": "demo",
                "state": "finished",
                "worker": "demo",
                "attempts": 1,
                "started_at": at,
                "decided_at": at,
                "finished_at": at + timedelta(milliseconds=waited - 700),
                "outcome": "handed_off" if given else "replied",
                "reason": f"slot:{intent}:number" if asks else reasons.get(engine, engine),
                "tenant": house.tenant,
                "crew": house.channel,
                "function": function,
                "engine": engine,
                "config": "a1b2c3d4e5f6" if at < self._now - timedelta(days=16) else "7e57ab1e0c0d",
                "stage_ms": stages,
                "details": orjson.loads(orjson.dumps(details)),
            }
        )
        if engine == "compiled":
            self._calls(house, function, key, at, answer / 1000, chance)
        person = Author(AuthorKind.CUSTOMER, 5000 + number * 2 // 3, "Cliente")
        for part, author, words in ((0, person, heard), (1, Author(AuthorKind.BOT), said)):
            line = Line(self._turns * 10 + part + 900_000, author, words, at)
            self.tables["message"].append(
                {
                    "bot": house.bot,
                    "message_id": line.message_id,
                    "part": 0,
                    "number": number,
                    "episode": 1,
                    "private": False,
                    "deleted": False,
                    "line": line_to_json(line),
                }
            )

    def _calls(
        self,
        house: House,
        function: str,
        key: str,
        at: datetime,
        seconds: float,
        chance: random.Random,
    ) -> None:
        prompt, words = chance.randrange(6_000, 21_000), chance.randrange(90, 420)
        model = "gpt-4o-mini" if chance.random() < 0.93 else "gpt-4o"
        dear = 1.0 if model == "gpt-4o-mini" else 16.0
        self.tables["model_call"].append(
            {
                "turn_id": key,
                "tenant": house.tenant,
                "role": "attendant" if chance.random() < 0.8 else function,
                "model": model,
                "prompt_tokens": prompt,
                "completion_tokens": words,
                "cached_tokens": prompt // 2,
                "from_cache": chance.random() < 0.06,
                "seconds": seconds,
                "at": at,
                "cost": (prompt * 0.15 + words * 0.6) / 1e6 * dear,
            }
        )

    def _rates(self, house: House, number: int, at: datetime, stars: int) -> None:
        asked = 5_000_000 + number
        place = {"bot": house.bot, "number": number, "message_id": asked}
        line = line_to_json(Line(asked, Author(AuthorKind.TEMPLATE), "", at))
        kept = {"part": 0, "episode": 1, "private": False, "deleted": False, "line": line}
        self.tables["message"].append(place | kept)
        given: Mapping[str, Any] = {"tenant": house.tenant, "rating": stars, "feedback": ""}
        self.tables["rating"].append({**place, **given, "at": at.astimezone(UTC)})
