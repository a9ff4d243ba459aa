"""Customers of a FakeChatwoot in a process of its own: they write whether or not they are answered.

Run by ``Customers``: it prints the address of the Chatwoot, then reads one JSON object of ``Visit``
per line and prints one of ``Visited`` for each.
"""

import asyncio
import itertools
import json
import random
import sys
from collections import Counter, deque
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field

import uvloop

from benchmarks import _questions
from benchmarks._installation import SECRET, SENDER, TOKEN
from benchmarks._processes import start
from chatcrew.testing import AgentBot, Conversation, FakeChatwoot, Inbox, Message

_IN_A_ROW = (1, 1, 1, 1, 1, 1, 1, 2, 2, 3)
"""Messages of a burst, one of these by chance."""
_BETWEEN = (0.15, 0.6)
"""Seconds between two messages of a burst: less than any quiet period that is shipped."""
_AGAIN = 0.5
"""Share of bursts written by a customer who was answered before, if there is one."""
_THOUGHT = 2.0
"""Seconds a customer reads before writing again."""
_LINE_LIMIT = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Visit:
    """A load.

    Attributes:
        url: where Chatwoot posts webhooks to.
        rate: bursts per second, at random times (a Poisson process), whatever the answers do.
        seconds: how long customers begin to write.
        seed: makes words and times repeatable.
        first: number of the first word; two visits share none.
        patience: seconds after the last message after which nobody waits any more.
    """

    url: str
    rate: float
    seconds: float
    seed: int
    first: int = 0
    patience: float = 40.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What one burst came to.

    Attributes:
        number: of its conversation.
        asked: when its last message was written, Unix seconds.
        ended: when the first message of the bot that answers it was written, None if none was.
        said: ``model``: the answer names the last message; ``other``: no model wrote it.
        messages: of the burst.
        early: answers to a part of the burst that came before.
        foreign: answers that belong to somebody else.
        again: messages of the bot after the one that answered, but for the rest of that reply.
        status: of the conversation in the end.
    """

    number: int
    asked: float
    ended: float | None
    said: str
    messages: int
    early: int
    foreign: int
    again: int
    status: str

    @property
    def seconds(self) -> float | None:
        """From the last message to the answer."""
        return None if self.ended is None else self.ended - self.asked


@dataclass(frozen=True, slots=True)
class Visited:
    """What a visit came to.

    Attributes:
        seen: every burst.
        deliveries: attempts to deliver a webhook, by status or error.
        calls: of Chatwoot's API, by endpoint.
    """

    seen: list[Seen]
    deliveries: dict[str, int]
    calls: dict[str, int]


@dataclass(slots=True)
class _Burst:
    """A burst under way."""

    talk: Conversation
    words: Sequence[str]
    begun_with: int
    written: list[Message] = field(default_factory=list)

    def look(self) -> Seen:
        """Return what came of it so far; messages that a later burst caused come after it."""
        last = self.written[-1]
        own = set(self.words)
        ended: Message | None = None
        said, early, foreign, again = "", 0, 0, 0
        for message in self.talk.messages[self.begun_with :]:
            if not (message.by_bot and message.to_customer) or _goes_on(message):
                continue
            word = _questions.answered(message.content or "")
            foreign += word is not None and word not in own
            early += word in own and word != self.words[-1]
            if message.id > last.id and word in (None, self.words[-1]):
                again += ended is not None
                if ended is None:
                    ended, said = message, "other" if word is None else "model"
        return Seen(
            number=self.talk.id,
            asked=last.created_at.timestamp(),
            ended=None if ended is None else ended.created_at.timestamp(),
            said=said,
            messages=len(self.words),
            early=early,
            foreign=foreign,
            again=again,
            status=self.talk.status,
        )

    def over(self, now: float) -> bool:
        """Return whether the customer has read the answer and may write again."""
        if len(self.written) < len(self.words):
            return False
        seen = self.look()
        return seen.ended is not None and now - seen.ended > _THOUGHT


def _goes_on(message: Message) -> bool:
    """Return whether it is a later one of the messages that one reply was cut into."""
    trace = message.content_attributes.get("chatcrew", {})
    return bool(trace.get("bubble", [1])[0] > 1)


class _Crowd:
    """Everybody who writes during one visit."""

    def __init__(self, chatwoot: FakeChatwoot, inbox: Inbox, visit: Visit) -> None:
        self._chatwoot = chatwoot
        self._inbox = inbox
        self._visit = visit
        self._next_word = visit.first
        self._open: deque[_Burst] = deque()
        self._done: list[Seen] = []

    async def write(self) -> list[Seen]:
        """Write everything, wait for the answers, and return what came of each burst."""
        loop = asyncio.get_running_loop()
        arrivals = random.Random(self._visit.seed)
        begun, due = loop.time(), 0.0
        async with asyncio.TaskGroup() as group:
            for number in itertools.count():
                due += arrivals.expovariate(self._visit.rate)
                if due >= self._visit.seconds:
                    break
                await asyncio.sleep(max(0.0, begun + due - loop.time()))
                # its own chance: what others do at the same time shifts nothing
                group.create_task(self._burst(random.Random(f"{self._visit.seed}:{number}")))
        until = loop.time() + self._visit.patience
        while any(one.look().ended is None for one in self._open) and loop.time() < until:  # noqa: ASYNC110 - a look at each change would cost the machine that is measured
            await asyncio.sleep(0.25)
        return [*self._done, *(one.look() for one in self._open)]

    async def _burst(self, chance: random.Random) -> None:
        words = [self._word() for _ in range(chance.choice(_IN_A_ROW))]
        texts = _questions.burst(chance, words)
        pauses = [0.0, *(chance.uniform(*_BETWEEN) for _ in words[1:])]
        talk = self._known() if chance.random() < _AGAIN else None
        begun_with = len(talk.messages) if talk is not None else 0
        burst: _Burst | None = None
        for text, pause in zip(texts, pauses, strict=True):
            await asyncio.sleep(pause)
            if talk is None:
                contact = self._chatwoot.accounts[SENDER.account_id].add_contact(
                    name="Ana Souza", phone_number=f"+55819{self._next_word:08d}"
                )
                talk = await self._chatwoot.customer_says(self._inbox, contact, text)
                message: Message | None = talk.messages[-1]
            else:
                message = await self._chatwoot.customer_replies(talk, text)
            assert message is not None, "nobody is blocked"
            if burst is None:
                burst = _Burst(talk, words, begun_with)
            burst.written.append(message)
        assert burst is not None, "a burst has a message"
        self._open.append(burst)

    def _known(self) -> Conversation | None:
        """Return somebody who was answered a while ago and still talks to the bot."""
        now = self._chatwoot.clock.now().timestamp()
        for _ in range(len(self._open)):
            oldest = self._open.popleft()
            if oldest.over(now):
                self._done.append(oldest.look())
                if oldest.talk.status == "pending":
                    return oldest.talk
            else:
                self._open.append(oldest)
        return None

    def _word(self) -> str:
        self._next_word += 1
        return _questions.word(self._next_word)


@dataclass(frozen=True, slots=True)
class Customers:
    """The process, run by a benchmark.

    Attributes:
        url: base URL of its Chatwoot.
        pid: its process.
    """

    url: str
    pid: int
    _process: asyncio.subprocess.Process

    @classmethod
    async def run(cls, stack: AsyncExitStack) -> "Customers":
        """Start it; it is ended with ``stack``."""
        words = ("-m", "benchmarks._customers")
        process = await start(words, stack, piped=True, fed=True, limit=_LINE_LIMIT)
        assert process.stdout is not None, "it is piped"
        return cls((await process.stdout.readline()).decode().strip(), process.pid, process)

    async def visit(self, visit: Visit) -> Visited:
        """Let them write; return what came of it.

        Raises:
            RuntimeError: the process ended.
        """
        assert self._process.stdin is not None, "it is fed"
        assert self._process.stdout is not None, "it is piped"
        self._process.stdin.write(json.dumps(asdict(visit)).encode() + b"\n")
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("the process of the customers ended")
        row = json.loads(line)
        return Visited([Seen(**one) for one in row["seen"]], row["deliveries"], row["calls"])


async def _main() -> None:
    loop = asyncio.get_running_loop()
    async with FakeChatwoot() as chatwoot:
        account = chatwoot.add_account(SENDER.account_id, "benchmark")
        inbox = account.add_inbox(SENDER.inbox_id, channel="Channel::Whatsapp")
        bot: AgentBot = account.add_bot(SENDER.bot_id, secret=SECRET, access_token=TOKEN)
        print(chatwoot.url, flush=True)
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            visit = Visit(**json.loads(line))
            bot.outgoing_url = visit.url
            sent, called = len(chatwoot.deliveries), Counter(chatwoot.calls)
            seen = await _Crowd(chatwoot, inbox, visit).write()
            fresh = chatwoot.deliveries[sent:]
            attempts = Counter(str(attempt) for one in fresh for attempt in one.attempts)
            visited = Visited(seen, dict(attempts), dict(chatwoot.calls - called))
            print(json.dumps(asdict(visited)), flush=True)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_main())
