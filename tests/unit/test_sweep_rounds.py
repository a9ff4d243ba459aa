"""How much the sweep asks of Chatwoot: pages, pace, several workers, several bots (design §3)."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from chatcrew.app.clients import BotClients
from chatcrew.app.secrets import SecretBox
from chatcrew.chatwoot import Pacing, Transport, open_session
from chatcrew.database.rows import MemoryTables
from chatcrew.ids import ConversationId
from chatcrew.mailbox import MemoryMailbox
from chatcrew.telemetry import Metrics
from chatcrew.tenancy import Directory, load
from chatcrew.testing import Account, Conversation, FakeChatwoot, Inbox, ManualClock, write_mapping
from chatcrew.tools import names
from chatcrew.worker import SweepPolicy
from chatcrew.worker.sweep_list import ListSweep

ROOT = Path(__file__).parents[2]
TOOLS = names()
"""Read here: the first look at what is installed reads from disk."""
EACH_TIME = SweepPolicy(grace=0.0, every=0.0)


@dataclass
class Bench:
    """A Chatwoot that tells nobody anything, and sweeps that ask it."""

    clock: ManualClock
    chatwoot: FakeChatwoot
    account: Account
    inbox: Inbox
    mailbox: MemoryMailbox
    make: Callable[[], ListSweep]
    metrics: Metrics = field(default_factory=Metrics)

    async def people_write(self, count: int) -> list[Conversation]:
        """Let ``count`` customers write, a second apart."""
        found = []
        for number in range(count):
            contact = self.account.add_contact(name=f"Cliente {number}")
            found.append(await self.chatwoot.customer_says(self.inbox, contact, f"dúvida {number}"))
            await self.clock.advance(1.0)
        return found

    async def known(self, conversations: list[Conversation], *, bot: str = "bot-a") -> int:
        """Return how many of them are in the mailbox."""
        ids = [ConversationId("demo", bot, one.id) for one in conversations]
        states = [await self.mailbox.state(one) for one in ids]
        return sum(state is not None and state.due_at is not None for state in states)

    @property
    def listed(self) -> int:
        """How many pages were asked for."""
        return self.chatwoot.calls["list_conversations"]


@pytest.fixture
def bench(tmp_path: Path) -> Callable[..., contextlib.AbstractAsyncContextManager[Bench]]:
    """Return a context manager that sets everything up; ``bots`` share one account."""

    @contextlib.asynccontextmanager
    async def run(*, bots: int = 1, release: str = "4.16.2") -> AsyncIterator[Bench]:
        clock = ManualClock()
        mailbox, metrics = MemoryMailbox(MemoryTables(), clock), Metrics()
        async with (
            FakeChatwoot(clock=clock, release=release) as chatwoot,
            open_session() as session,
        ):
            account = chatwoot.add_account(1, "Clínica")
            inbox = account.add_inbox(21, channel="Channel::Whatsapp")
            made = {f"bot-{'abc'[number]}": account.add_bot(7 + number) for number in range(bots)}
            inbox.bot = made["bot-a"]
            mapping = await asyncio.to_thread(
                write_mapping,
                tmp_path,
                base_url=chatwoot.url,
                bots=made,
                inboxes={21: "whatsapp"},
                tenant="health/varizemed",
                user_token=account.add_agent(12, "Patrícia").access_token,
            )
            configuration = await asyncio.to_thread(
                load, mapping, ROOT / "config", ROOT / "crews", tools=TOOLS
            )
            directory = Directory(configuration)
            transport = Transport(lambda: session, pacing=Pacing(clock), clock=clock)
            clients = BotClients(directory, transport=transport, secrets=SecretBox(clock))

            def make() -> ListSweep:
                return ListSweep(
                    mailbox,
                    configurations=directory,
                    clients=clients,
                    metrics=metrics,
                    clock=clock,
                )

            yield Bench(clock, chatwoot, account, inbox, mailbox, make, metrics)

    return run


async def test_a_long_list_is_read_over_several_rounds_and_then_only_its_news(bench) -> None:
    """At most N pages of each list a round; what is left comes later, what was read does not."""
    policy = SweepPolicy(grace=0.0, every=0.0, pages=2)
    async with bench() as b:
        waiting = await b.people_write(80)
        await b.clock.advance(300.0)
        sweep = b.make()
        rounds = []
        for _ in range(4):
            before = b.listed
            await sweep.run(policy)
            rounds.append((b.listed - before, await b.known(waiting)))
            await b.clock.advance(300.0)

        # two pages of pending and the empty list of open ones; at the end one page of each
        assert rounds == [(3, 50), (3, 75), (3, 80), (2, 80)]


async def test_news_are_read_first_while_old_pages_are_still_to_come(bench) -> None:
    """Somebody who writes during a long catch-up does not wait behind it."""
    policy = SweepPolicy(grace=0.0, every=0.0, pages=2)
    async with bench() as b:
        await b.people_write(120)
        sweep = b.make()
        await sweep.run(policy)
        fresh = await b.people_write(1)
        await sweep.run(policy)

        assert await b.known(fresh) == 1


async def test_a_rate_limit_ends_the_round_and_pauses_the_next(bench) -> None:
    """After a 429 nothing is asked until Chatwoot counts anew; then the customer is found."""
    async with bench() as b:
        waiting = await b.people_write(1)
        b.chatwoot.faults.fail(429, endpoint="list_conversations")
        sweep = b.make()
        await sweep.run(EACH_TIME)
        await sweep.run(EACH_TIME)
        asked = b.listed
        await b.clock.advance(62.0)
        await sweep.run(EACH_TIME)

        assert asked == 1
        assert await b.known(waiting) == 1
        assert b'action="list_failed"} 2.0' in b.metrics.exposition({})


async def test_of_several_workers_one_reads_the_list_each_minute(bench) -> None:
    """The mailbox decides which; a worker more costs Chatwoot nothing."""
    async with bench() as b:
        await b.people_write(1)
        policy, workers = SweepPolicy(grace=0.0), [b.make() for _ in range(3)]
        counts = []
        for _ in range(3):
            before = b.chatwoot.calls["list_conversations"]
            await asyncio.gather(*(worker.run(policy) for worker in workers))
            counts.append(b.listed - before)
            await b.clock.advance(60.0)

        assert counts == [2, 2, 2]


async def test_a_conversation_goes_to_the_bot_that_owns_it(bench) -> None:
    """Two bots share an account: the list is read once, and its owner tells whose each one is."""
    async with bench(bots=2) as b:
        first, second = await b.people_write(2)
        await b.chatwoot.assign(second, b.account.bots[8])
        await b.make().run(EACH_TIME)

        assert (await b.known([first]), await b.known([first], bot="bot-b")) == (1, 0)
        assert (await b.known([second]), await b.known([second], bot="bot-b")) == (0, 1)
        assert b.listed == 2


async def test_without_owners_an_unknown_conversation_of_two_bots_is_nobodys(bench) -> None:
    """Chatwoot 4.16.1 names no bot as owner: guessing would answer for the wrong one."""
    async with bench(bots=2, release="4.16.1") as b:
        waiting = await b.people_write(1)

        assert await b.make().run(EACH_TIME) == 0
        assert await b.known(waiting) == 0


async def test_without_owners_the_only_bot_answers_in_its_inbox(bench) -> None:
    """Chatwoot 4.16.1, one bot, and the mapping names the inbox."""
    async with bench(release="4.16.1") as b:
        waiting = await b.people_write(1)

        assert await b.make().run(EACH_TIME) == 1
        assert await b.known(waiting) == 1


async def test_one_dead_chatwoot_is_asked_once_a_round(bench) -> None:
    """Refused connections end the round; nothing hangs, and the next round finds everybody."""
    async with bench() as b:
        waiting = await b.people_write(1)
        sweep = b.make()
        await b.chatwoot.refuse_connections()
        assert await sweep.run(EACH_TIME) == 0
        await b.chatwoot.accept_connections()
        await sweep.run(EACH_TIME)

        assert await b.known(waiting) == 1


async def test_a_page_of_long_mails_is_read_too(bench) -> None:
    """Chatwoot lists each conversation with its newest message whole, up to 150,000 characters."""
    async with bench() as b:
        waiting = []
        for number in range(12):
            contact = b.account.add_contact(name=f"Cliente {number}")
            mail = f"dúvida {number} " * 8000
            waiting.append(await b.chatwoot.customer_says(b.inbox, contact, mail))

        assert await b.make().run(EACH_TIME) == 12
        assert await b.known(waiting) == 12
