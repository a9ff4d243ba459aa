"""A thousand users of a lean Chatwoot in a process of its own: they write when they are due.

Run by ``Users``: it prints the address of the Chatwoot, then reads one JSON object of ``Mix`` per
line and prints one of ``Told`` for each. Who was not answered yet writes nothing meanwhile, and
waits for ever in the percentiles.
"""

import asyncio
import itertools
import json
import random
import sys
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

import uvloop
import yaml

from benchmarks import _questions
from benchmarks._lean import LeanChatwoot, Talk
from benchmarks._processes import start
from benchmarks._scenes import record

KINDS = ("faq", "model", "people")
_SHIPPED = Path("config/domains/health/varizemed.yaml")
_PEOPLE = ("Quero falar com um atendente", "Preciso falar com uma pessoa", "Quero um humano")
_AGAIN = 0.5
_ZIPF = 1.1
_THOUGHT = 2.5
"""Seconds a user reads before writing again: later than the receipts of what is read."""
_LINE_LIMIT = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Mix:
    """A load.

    Attributes:
        url: where webhooks go.
        rate: messages of customers per second at full load, at random times (Poisson).
        seconds: how long.
        ramp: seconds of them in which the rate grows from nothing.
        shares: of questions of the FAQ, questions for a model, wishes for a person.
        seed: makes words and times repeatable.
        first: number of the first word; two loads share none.
        burst: that many customers write at once, before anything else.
        fresh: every message begins a conversation.
        patience: seconds after the last message after which nobody waits any more.
    """

    url: str
    rate: float
    seconds: float
    ramp: float = 0.0
    shares: Sequence[float] = (0.7, 0.2, 0.1)
    seed: int = 7
    first: int = 0
    burst: int = 0
    fresh: bool = False
    patience: float = 60.0


@dataclass(frozen=True, slots=True)
class Told:
    """What became of it.

    Attributes:
        acks: seconds from when a webhook was due to its acknowledgement.
        statuses: of webhooks.
        answers: seconds from when a message was due to the answer, by kind.
        silent: messages never answered, by kind.
        peoples: messages that the bot left to people, who have that conversation.
        stray: messages of the bot to customers who had asked nothing.
        wrong: answers to a question that another customer waits with.
        calls: of the API, by act.
        unknown: calls that the lean Chatwoot does not know.
        span: seconds from the first message to the last answer.
    """

    acks: list[float]
    statuses: dict[str, int]
    answers: dict[str, list[float]]
    silent: dict[str, int]
    peoples: int
    stray: int
    wrong: int
    calls: dict[str, int]
    unknown: dict[str, int]
    span: float


def arrivals(chance: random.Random, *, rate: float, seconds: float, ramp: float) -> Iterator[float]:
    """Yield moments of a Poisson process whose rate grows over ``ramp`` seconds, then stays."""
    now = 0.0
    while (now := now + chance.expovariate(rate)) < seconds:
        if now >= ramp or chance.random() < now / ramp:
            yield now


def zipf(count: int) -> list[float]:
    """Return weights of the first, second … of ``count`` questions."""
    return [1 / (rank + 1) ** _ZIPF for rank in range(count)]


class _Load:
    """One load under way."""

    def __init__(self, chatwoot: LeanChatwoot, mix: Mix) -> None:
        self._chatwoot = chatwoot
        self._mix = mix
        self._chance = random.Random(mix.seed)
        self._faq = [one["question"] for one in yaml.safe_load(_SHIPPED.read_text("utf-8"))["faq"]]
        self._weights = zipf(len(self._faq))
        self._words = itertools.count(mix.first)
        self._asked: dict[int, tuple[str, str]] = {}
        self._rested: deque[tuple[float, Talk]] = deque()
        self.answers: dict[str, list[float]] = {kind: [] for kind in KINDS}
        self.stray = self.wrong = 0
        self.last = 0.0

    def said(self, talk: Talk, text: str, now: float) -> None:
        """Take a public message of the bot."""
        asked = self._asked.pop(talk.number, None)
        if asked is None or not talk.asked:
            self.stray += 1
            return
        kind, _ = asked
        told = _questions.answered(text)
        # a kept answer may bear the word of somebody who was answered long ago
        self.wrong += told is not None and any(told == one for _, one in self._asked.values())
        self.answers[kind].append(now - talk.asked.popleft())
        self.last = now
        if talk.status == "pending" and kind != "people":
            self._rested.append((now, talk))

    async def run(self) -> Told:
        """Write everything, wait for the answers."""
        mix = self._mix
        heard = self._chatwoot.heard
        before = len(heard.acks), Counter(heard.statuses), Counter(heard.calls), heard.unknown
        begun = time.perf_counter()
        for _ in range(mix.burst):
            self._write(begun)
        due = arrivals(self._chance, rate=mix.rate, seconds=mix.seconds, ramp=mix.ramp)
        for moment in due if mix.rate else ():
            ahead = begun + moment - time.perf_counter()
            if ahead > 0:
                await asyncio.sleep(ahead)
            self._write(begun + moment)
        until = time.perf_counter() + mix.patience
        while self._waiting() and time.perf_counter() < until:  # noqa: ASYNC110 - a look at each answer would cost the machine that is measured
            await asyncio.sleep(0.05)
        ended = self.last or time.perf_counter()
        await asyncio.sleep(2.0)  # the last receipts
        left = [number for number in self._asked if self._chatwoot.talks[number].status == "open"]
        peoples = [self._asked.pop(number) for number in left]
        silent = Counter(kind for kind, _ in self._asked.values())
        return Told(
            acks=heard.acks[before[0] :],
            statuses=dict(heard.statuses - before[1]),
            answers=self.answers,
            silent=dict(silent),
            peoples=len(peoples),
            stray=self.stray,
            wrong=self.wrong,
            calls=dict(heard.calls - before[2]),
            unknown=dict(heard.unknown),
            span=ended - begun,
        )

    def _write(self, due: float) -> None:
        chance = self._chance
        kind = chance.choices(KINDS, self._mix.shares)[0]
        word = _questions.word(next(self._words))
        if kind == "faq":
            text = chance.choices(self._faq, self._weights)[0]
        elif kind == "model":
            text = _questions.burst(chance, [word])[0]
        else:
            text = chance.choice(_PEOPLE)
        again = not self._mix.fresh and chance.random() < _AGAIN
        talk = self._known(due) if again else None
        talk = self._chatwoot.customer_writes(talk, text, due)
        self._asked[talk.number] = (kind, word)

    def _waiting(self) -> bool:
        return any(self._chatwoot.talks[one].status == "pending" for one in self._asked)

    def _known(self, now: float) -> Talk | None:
        """Return somebody who was answered a while ago and still talks to the bot."""
        while self._rested and now - self._rested[0][0] > _THOUGHT:
            _, talk = self._rested.popleft()
            if talk.status == "pending" and talk.number not in self._asked:
                return talk
        return None


@dataclass(frozen=True, slots=True)
class Users:
    """The process, run by a benchmark.

    Attributes:
        url: base URL of its Chatwoot.
        pid: its process.
    """

    url: str
    pid: int
    _process: asyncio.subprocess.Process

    @classmethod
    async def run(
        cls, stack: AsyncExitStack, *, threads: int = 32, keep_alive: bool = False
    ) -> "Users":
        """Start it; it is ended with ``stack``."""
        words = ("-m", "benchmarks._users", str(threads), str(int(keep_alive)))
        process = await start(words, stack, piped=True, fed=True, limit=_LINE_LIMIT)
        assert process.stdout is not None, "it is piped"
        return cls((await process.stdout.readline()).decode().strip(), process.pid, process)

    async def write(self, mix: Mix) -> Told:
        """Let them write; return what came of it.

        Raises:
            RuntimeError: the process ended.
        """
        assert self._process.stdin is not None, "it is fed"
        assert self._process.stdout is not None, "it is piped"
        self._process.stdin.write(json.dumps(asdict(mix)).encode() + b"\n")
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("the process of the users ended")
        return Told(**json.loads(line))


async def _main(threads: int, keep_alive: int) -> None:
    loop = asyncio.get_running_loop()
    chatwoot = LeanChatwoot(await record(), threads=threads, keep_alive=bool(keep_alive))
    await chatwoot.start()
    print(chatwoot.url, flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        mix = Mix(**json.loads(line))
        chatwoot.aim(mix.url)
        load = _Load(chatwoot, mix)
        chatwoot.said = load.said
        print(json.dumps(asdict(await load.run())), flush=True)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_main(*map(int, sys.argv[1:3])))
