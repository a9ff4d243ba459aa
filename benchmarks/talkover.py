"""How often the bot still speaks after a person has, and whether the metric says so (N4).

Run from the repository's root: ``python -m benchmarks.talkover``. See benchmarks/README.md.
"""

import argparse
import asyncio
import random
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import _virtual
from benchmarks._figures import Report, milliseconds, percentile
from benchmarks._installation import SENDER
from benchmarks._race import Network, Race, Said, late
from benchmarks._shipped import Shipped, load_shipped
from chatcrew.conversations import MemoryHistory
from chatcrew.database.rows import MemoryTables
from chatcrew.hub import Hub
from chatcrew.hub.answers_port import NothingKept
from chatcrew.ids import ConversationId
from chatcrew.intents import Classifiers
from chatcrew.knowledge import MemoryKnowledge
from chatcrew.mailbox import MemoryMailbox
from chatcrew.messages import Answer, Ask, AuthorKind, Effect
from chatcrew.outbox import MemoryOutbox
from chatcrew.telemetry import Metrics
from chatcrew.telemetry.logs import configure
from chatcrew.tenancy import Directory
from chatcrew.tenancy.model import Crew, Tenant
from chatcrew.testing.responders import NobodyResponds
from chatcrew.worker import Courier, Leases, StoredTurns, Typing, Worker
from chatcrew.worker.history import EpisodeHistory

QUESTION = "tenho uma dúvida sobre o exame da minha mãe"
CHANNELS = ("Channel::Whatsapp", "Channel::WebWidget")
BOUND = 0.05
"""Most of the turns in which a person answers within ``SPAN`` that may be talked over."""
SPAN = 6.0
"""Seconds after the customer's word within which the person answers, at any moment alike."""
ON_TIME = 0.5
"""Seconds within which a talk-over is to be taken back or told, at the median."""
EXACT = 0.05
"""Seconds by which the metric may be off for each: until our echo comes, our own clock tells."""
_AFTER = 12.0
"""Seconds after which even a webhook's retry has come."""


class _Thinks(NobodyResponds):
    """A crew that thinks as long as models do, in virtual time."""

    available = True

    def __init__(self, clock: _virtual.VirtualClock, chance: random.Random) -> None:
        self._clock = clock
        self._chance = chance

    async def respond(self, crew: Crew, tenant: Tenant, ask: Ask, *, config: str) -> Answer:
        """Answer after 0.3 to 2.5 s."""
        await self._clock.sleep(self._chance.uniform(0.3, 2.5))
        return Answer("Claro, eu vejo isso com você.", engine="compiled")


@dataclass(slots=True)
class Seen:
    """What became of all turns.

    Attributes:
        ends: turns by what the customer saw.
        late: each word of the bot after a person's, with channel and when it was dealt with.
        blind: talk-overs although the person had been heard before our last look: 0 wanted.
        shown: seconds for which such a word stood there alone.
    """

    ends: Counter[str] = field(default_factory=Counter)
    late: list[tuple[Said, Said]] = field(default_factory=list)
    blind: int = 0
    shown: dict[str, list[float]] = field(default_factory=dict)

    def add(self, race: Race) -> None:
        """Add one conversation that has ended."""
        crossed = late(race.said)
        answered = any(one.by is AuthorKind.BOT for one in race.said)
        first = "bot first, then the person" if answered else "person first, bot silent"
        self.ends["talked over" if crossed else first] += 1
        self.late += crossed
        for person, own in crossed:
            self.blind += person.heard is not None and person.heard < race.posted[own.id]
            done = own.gone or (race.noted[0] if race.noted else None)
            if done is not None:
                took = (done - own.at).total_seconds()
                self.shown.setdefault(race.channel, []).append(took)

    @property
    def offsets(self) -> list[float]:
        """The truth, in seconds."""
        return [(own.at - person.at).total_seconds() for person, own in self.late]


async def _play(
    shipped: Shipped,
    number: int,
    *,
    chance: random.Random,
    metrics: Metrics,
    classifiers: Classifiers,
    knowledge: MemoryKnowledge,
) -> Race:
    """Play one conversation with the whole hub, courier and loop, over stores in memory."""
    clock, tables = _virtual.VirtualClock(), MemoryTables()
    mailbox, outbox = MemoryMailbox(tables, clock), MemoryOutbox(tables, clock)
    bot = next(iter(shipped.configuration.bots.values()))
    race = Race(
        ConversationId(bot.account, bot.name, number),
        CHANNELS[number % len(CHANNELS)],
        shipped.tenant.key,
        SENDER.inbox_id,
        bot.agent_bot_id,
        shipped.crew.timing,
        clock,
        Network(chance),
        mailbox,
    )
    leases = Leases(clock)
    courier = Courier(
        outbox,
        mailbox=mailbox,
        clients=race,  # type: ignore[arg-type]  # has the methods the courier calls
        leases=leases,
        metrics=metrics,
        clock=clock,
    )
    hub = Hub(
        Directory(shipped.configuration),
        history=EpisodeHistory(MemoryHistory(tables)),
        knowledge=knowledge,
        responder=_Thinks(clock, chance),
        kept=NothingKept(),
        turns=StoredTurns(mailbox, outbox=outbox, courier=courier),
        metrics=metrics,
        clock=clock,
        classifiers=classifiers,
    )
    worker = Worker(
        "w",
        mailbox=mailbox,
        hub=hub,
        leases=leases,
        typing=Typing(race),  # type: ignore[arg-type]  # shows none
        metrics=metrics,
        clock=clock,
    )
    working = asyncio.create_task(worker.run())
    race.take(Effect.INPUT, QUESTION)
    await clock.sleep(chance.uniform(0.0, SPAN))
    race.take(Effect.PERSON_SPOKE, "Oi Maria, deixa comigo")
    await clock.sleep(_AFTER)
    await asyncio.gather(*race.on_their_way)
    worker.stop()
    await working
    return race


async def _all(shipped: Shipped, turns: int, seed: int) -> tuple[Seen, Metrics]:
    chance, metrics, seen = random.Random(seed), Metrics(), Seen()
    classifiers, knowledge = Classifiers(), MemoryKnowledge()
    for number in range(1, turns + 1):
        seen.add(
            await _play(
                shipped,
                number,
                chance=chance,
                metrics=metrics,
                classifiers=classifiers,
                knowledge=knowledge,
            )
        )
    return seen, metrics


def _metric(metrics: Metrics, name: str) -> float:
    rows = metrics.exposition({}).decode().splitlines()
    found = (re.fullmatch(rf"{name}(?:{{.*}})? (\S+)", row) for row in rows)
    return sum(float(one[1]) for one in found if one)


def tell(report: Report, seen: Seen, metrics: Metrics) -> None:
    """Print what was seen, and mark what misses its target."""
    turns, offsets = seen.ends.total(), seen.offsets
    for what, count in seen.ends.most_common():
        report.line(what, f"{count:,} of {turns:,} turns ({count / turns:.2%})")
    over = seen.ends["talked over"] / turns
    report.target("talked over", f"{over:.2%}", met=over <= BOUND, wanted=f"<= {BOUND:.0%}")
    report.target(
        "though the person had been heard", str(seen.blind), met=not seen.blind, wanted="0"
    )
    if not offsets:
        return
    report.line("ours after the person's word", milliseconds(offsets))
    for channel, took in seen.shown.items():
        what = "deleted" if channel == CHANNELS[1] else "noted"
        report.target(
            f"{what} after ({channel})",
            milliseconds(took),
            met=percentile(took, 0.5) <= ON_TIME,
            wanted=f"p50 <= {ON_TIME * 1e3:.0f} ms",
        )
    dealt = sum(map(len, seen.shown.values()))
    report.target(
        "dealt with", f"{dealt} of {len(offsets)}", met=dealt == len(offsets), wanted="all"
    )
    count = _metric(metrics, "chatcrew_talkover_seconds_count")
    total = _metric(metrics, "chatcrew_talkover_seconds_sum")
    same = count == len(offsets) and abs(total - sum(offsets)) <= EXACT * len(offsets)
    report.target(
        "the metric",
        f"{count:.0f}, {total:.3f} s",
        met=same,
        wanted=f"{len(offsets)}, {sum(offsets):.3f} s",
    )


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    if not Path("chatwoot_mapping.yaml").exists():
        parser.error("run it from the repository's root")
    options = parser.parse_args()
    configure("critical")
    report = Report()
    report.title("People and the bot speak at the same time")
    seen, metrics = _virtual.run(_all(load_shipped(), options.turns, options.seed))
    tell(report, seen, metrics)
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
