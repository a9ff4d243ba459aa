"""A clinic answered by the real process tree, a crowd that writes to it, and a strict judge."""

import asyncio
import contextlib
import logging
import random
import shutil
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from chatcrew import tools
from chatcrew.clock import SystemClock
from chatcrew.database import Database, attach_or_own
from chatcrew.mailbox import PostgresMailbox
from chatcrew.messages import PartState
from chatcrew.outbox import PostgresOutbox
from chatcrew.tenancy import load
from chatcrew.testing import (
    Account,
    AgentBot,
    Conversation,
    FakeChatwoot,
    FakeModelServer,
    Inbox,
    write_mapping,
)
from chatcrew.testing.crowd import Crowd
from chatcrew.testing.judge import Verdict, judge, read_heard
from chatcrew.testing.processes import Program, free_port
from chatcrew.testing.stopped import stopped_server

ROOT = Path(__file__).parents[3]
TENANT = "health/varizemed"
BOT = "clinic-bot"

_log = logging.getLogger("processes")


_COMMANDS = (
    "test_attachments.py",
    "test_kills_while_acting.py",
    "test_quarantine.py",
    "test_reload_processes.py",
    "test_sandbox_commands.py",
    "test_showcase.py",
    "test_starting.py",
)
"""Files without a crowd, in which what happens waits for what was seen, however long it takes."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One after the other: each of these tests runs a dozen processes and measures time.

    Two go side by side: one with a crowd, and one of ``_COMMANDS``.
    """
    here = Path(__file__).parent
    for item in items:
        if item.path.parent == here:
            group = "process-commands" if item.path.name in _COMMANDS else "processes"
            item.add_marker(pytest.mark.xdist_group(group))
            # Each wait in them has a limit of its own; all together need more on a busy machine
            item.add_marker(pytest.mark.timeout(300))


@dataclass
class House:
    """A Chatwoot with one inbox, and the environment of a chatcrew that answers it."""

    chatwoot: FakeChatwoot
    account: Account
    inbox: Inbox
    bot: AgentBot
    environment: dict[str, str]
    log: Path
    questions: tuple[str, ...]

    def program(self, *words: str, **changes: str) -> Program:
        """Return a command that is not started yet."""
        return Program(*words, environment={**self.environment, **changes}, log=self.log)

    @property
    def data_dir(self) -> Path:
        """Where the program keeps its data."""
        return Path(self.environment["CHATCREW_DATA_DIR"])

    @contextlib.asynccontextmanager
    async def database(self) -> AsyncIterator[Database]:
        """Look into the database that the program runs."""
        attached = await attach_or_own(self.data_dir, may_own=False)
        async with await Database.open(attached.url, name="judge", pool_size=2) as database:
            yield database

    async def settled(self, *, within: float = 60.0) -> None:
        """Wait until Chatwoot delivered everything and nothing waits in mailbox and outbox.

        Raises:
            TimeoutError: something still does after ``within`` seconds.
        """
        async with asyncio.timeout(within), self.database() as database:
            mailbox = PostgresMailbox(database, SystemClock())
            outbox = PostgresOutbox(database, SystemClock())
            calm = 0
            while calm < 3:
                await self.chatwoot.idle()
                parts = await outbox.undelivered()
                waits = (await mailbox.depth()).waiting
                waits += parts[PartState.PLANNED] + parts[PartState.SENDING]
                calm = 0 if waits else calm + 1
                await asyncio.sleep(0.1)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stopped_database() -> AsyncIterator[Path]:
    """A data folder with an empty database of an earlier run, to be copied."""
    async with stopped_server(migrated=True) as made:
        yield made


@pytest.fixture
def second_start(stopped_database: Path, data_dir: Path) -> None:
    """The program was started before: making the database is no part of the test."""
    subprocess.run(["cp", "-a", str(stopped_database), str(data_dir)], check=True)


@pytest.fixture
def house(
    data_dir: Path, tmp_path: Path, lean_config: Callable[[str], Path]
) -> Callable[..., contextlib.AbstractAsyncContextManager[House]]:
    """Return a context manager that furnishes a house."""
    config = lean_config(TENANT)

    @contextlib.asynccontextmanager
    async def furnish(
        *, user_token: bool = False, environment: dict[str, str] | None = None, **options: Any
    ) -> AsyncIterator[House]:
        port = free_port()
        async with FakeChatwoot(**options) as chatwoot:
            account = chatwoot.add_account(1, "Clínica")
            inbox = account.add_inbox(21, channel="Channel::Whatsapp")
            url = f"http://127.0.0.1:{port}/webhooks/chatwoot/{BOT}"
            bot = account.add_bot(7, outgoing_url=url)
            agent = account.add_agent(12)
            mapping = await asyncio.to_thread(
                write_mapping,
                tmp_path,
                base_url=chatwoot.url,
                bots={BOT: bot},
                inboxes={21: "whatsapp"},
                tenant=TENANT,
                user_token=agent.access_token if user_token else None,
            )
            offered = await asyncio.to_thread(tools.names)
            known = await asyncio.to_thread(load, mapping, config, ROOT / "crews", tools=offered)
            own = {
                "CHATCREW_MAPPING": str(mapping),
                "CHATCREW_CONFIG_DIR": str(config),
                "CHATCREW_CREWS_DIR": str(ROOT / "crews"),
                "CHATCREW_DATA_DIR": str(data_dir),
                "CHATCREW_HOST": "127.0.0.1",
                "CHATCREW_PORT": str(port),
                "CHATCREW_ADMIN_PORT": str(free_port()),
                "CHATCREW_LOG_LEVEL": "info",
                "CHATCREW_LOG_FORMAT": "json",
                **(environment or {}),
            }
            asked = tuple(entry.question for entry in known.tenants[TENANT].faq)
            yield House(chatwoot, account, inbox, bot, own, tmp_path / "chatcrew.log", asked)

    return furnish


@pytest.fixture
def by_crewai(tmp_path: Path) -> dict[str, str]:
    """Return what makes every crew run in CrewAI: a copy of the crews that says so."""
    copied = Path(shutil.copytree(ROOT / "crews", tmp_path / "crews"))
    base = copied / "_default" / "crew.yaml"
    text = base.read_text("utf-8")
    assert "engine: auto" in text
    base.write_text(text.replace("engine: auto", "engine: crewai"), "utf-8")
    return {"CHATCREW_CREWS_DIR": str(copied)}


@pytest.fixture
def without_crewai(tmp_path: Path) -> dict[str, str]:
    """Return what makes no crew need CrewAI, which takes seconds of a processor to come up."""
    copied = Path(shutil.copytree(ROOT / "crews", tmp_path / "crews"))
    functions = copied / "functions"
    shutil.copy(functions / "support.yaml", functions / "scheduling.yaml")
    return {"CHATCREW_CREWS_DIR": str(copied)}


@pytest.fixture
async def model_server() -> AsyncIterator[FakeModelServer]:
    """Give a model on loopback."""
    async with FakeModelServer() as server:
        yield server


@pytest.fixture
def crowd() -> Callable[..., Crowd]:
    """Return how the crowd of a house is made."""

    def gather(house: House, **options: Any) -> Crowd:
        return Crowd(house.chatwoot, house.inbox, house.questions, **options)

    return gather


@pytest.fixture
def kill() -> Callable[..., Awaitable[list[str]]]:
    """Return what kills processes of the given kinds in a random order at random moments."""

    async def kill(program: Program, kinds: Sequence[str], *, seed: int, over: float) -> list[str]:
        chance, loop, killed = random.Random(seed), asyncio.get_running_loop(), []
        began = loop.time()
        moments = sorted(chance.uniform(0.5, over) for _ in kinds)
        for kind, moment in zip(chance.sample(kinds, len(kinds)), moments, strict=True):
            await asyncio.sleep(max(0.0, began + moment - loop.time()))
            await program.kill(kind)
            killed.append(f"{kind} at {loop.time() - began:.1f} s")
        return killed

    return kill


@pytest.fixture
def judged(record_property: Callable[[str, object], None]) -> Callable[..., Awaitable[Verdict]]:
    """Return the judge; what it found is kept in the test's report."""

    async def judged(
        house: House, conversations: Sequence[Conversation], *, killed: Sequence[str] = ()
    ) -> Verdict:
        async with house.database() as database:
            heard = await read_heard(database)
        verdict = judge(conversations, heard, house.chatwoot.deliveries)
        record_property("killed", list(killed))
        record_property("outcomes", dict(verdict.outcomes))
        _log.info("killed: %s; outcomes: %s", ", ".join(killed), dict(verdict.outcomes))
        return verdict

    return judged
