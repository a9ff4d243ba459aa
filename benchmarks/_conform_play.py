"""Plays the stories in one mode: what came of it, and how long a turn took when Redis died."""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from benchmarks._conform_modes import Bot, Mode, copy_data
from benchmarks._conform_stories import Teller, play
from benchmarks._conform_town import Town, town
from benchmarks._conform_transcript import transcript
from chatcrew.testing import RedisForTests
from chatcrew.testing.external_postgres import ExternalPostgres

Blow = Callable[[], Awaitable[None]]


class Runs(Protocol):
    """Runs a bot in a town; see ``in_process`` and ``as_processes``."""

    def __call__(
        self, town: Town, mode: Mode, *, data_dir: Path, database_url: str | None,
        redis_url: str | None,
    ) -> contextlib.AbstractAsyncContextManager[Bot]: ...  # fmt: skip


@dataclass
class Outcome:
    """What came of a mode.

    Attributes:
        lines: the transcript.
        seconds: that the stories took.
        replies: that customers read.
        shared: keys that Redis holds in the end; without a Redis none.
        turns: seconds from a question to its answer, by what happened to Redis meanwhile.
        answers: how often each question of these was answered.
    """

    lines: list[str]
    seconds: float
    replies: int
    shared: int = 0
    turns: dict[str, list[float]] = field(default_factory=dict)
    answers: list[int] = field(default_factory=list)


async def play_mode(
    mode: Mode,
    *,
    runs: Runs,
    empty: Path | None,
    external: ExternalPostgres | None,
    database_url: str | None = None,
    failovers: int = 0,
) -> Outcome:
    """Play the stories in a mode.

    Args:
        mode: how the bot is run.
        runs: what runs it.
        empty: a data folder with an empty database, to be copied; None makes a new one.
        external: the server of external databases.
        database_url: an embedded database with our tables that runs already.
        failovers: so often Redis is killed, and stopped, in the middle of one more turn each.
    """
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chatcrew-mode-")))
        await asyncio.to_thread(folder.chmod, 0o711)
        data_dir = folder / "data"
        url = database_url
        if mode.database == "external":
            assert external is not None, "an external database has a server"
            url = await stack.enter_async_context(external.fresh())
        elif url is None and empty is not None:
            await copy_data(empty, data_dir)
        redis = await stack.enter_async_context(_redis(folder, mode))
        made = await stack.enter_async_context(town(folder))
        bot = await stack.enter_async_context(
            runs(
                made,
                mode,
                data_dir=data_dir,
                database_url=url,
                redis_url=redis.url if redis is not None else None,
            )
        )
        begun = time.monotonic()
        between = _Blows(made, redis).strike if mode.redis == "dies" and redis else None
        await play(made, settled=bot.settled, reload=bot.reload, between=between)
        seconds = time.monotonic() - begun
        lines = transcript(made)
        replies = sum(len(talk.public_bot_replies) for talk in made.talks.values())
        outcome = Outcome(lines, seconds, replies)
        if redis is not None:
            size = await asyncio.to_thread(redis.command, "DBSIZE")
            outcome.shared = int(size.decode().strip().removeprefix(":"))
        if failovers and redis is not None:
            await _fail_over(bot, redis, outcome, times=failovers)
        return outcome


@contextlib.asynccontextmanager
async def _redis(folder: Path, mode: Mode) -> AsyncIterator[RedisForTests | None]:
    if mode.redis == "none":
        yield None
        return
    home = folder / "redis"
    await asyncio.to_thread(home.mkdir)
    server = RedisForTests(home)
    await asyncio.to_thread(server.start)
    try:
        yield server
    finally:
        await asyncio.to_thread(server.kill)


class _Blows:
    """What happens to a Redis that dies: killed in the middle of a turn, back, hanging, back."""

    def __init__(self, made: Town, redis: RedisForTests) -> None:
        self._town = made
        self._by_beat: dict[int, Blow] = {
            1: self._kill,
            2: lambda: asyncio.to_thread(redis.start),
            3: lambda: asyncio.to_thread(redis.pause),
            4: lambda: asyncio.to_thread(redis.resume),
        }
        self._redis = redis

    async def strike(self, beat: int) -> None:
        """Do what belongs to this beat."""
        if beat in self._by_beat:
            await self._by_beat[beat]()

    async def _kill(self) -> None:
        async with asyncio.timeout(30):
            await self._town.models.busy.wait()
        await asyncio.to_thread(self._redis.kill)


async def _fail_over(bot: Bot, redis: RedisForTests, outcome: Outcome, *, times: int) -> None:
    """Measure turns during which nothing happens to Redis, it is killed, and it is stopped."""

    async def nothing() -> None:
        pass

    blows: dict[str, tuple[Blow, Blow]] = {
        "alive": (nothing, nothing),
        "killed": (
            lambda: asyncio.to_thread(redis.kill),
            lambda: asyncio.to_thread(redis.start),
        ),
        "stopped": (
            lambda: asyncio.to_thread(redis.pause),
            lambda: asyncio.to_thread(redis.resume),
        ),
    }
    for number in range(times):
        for what, (strike, mend) in blows.items():
            await bot.settled()
            teller = Teller(bot.town, f"failover {what} {number}", 100 + number, nothing)
            bot.town.models.latency = 0.1
            begun = time.monotonic()
            talk = await teller.says(f"Sinto um formigamento, e agora? (protocolo {what}{number})")
            async with asyncio.timeout(30):
                await bot.town.models.busy.wait()
            await strike()
            await bot.town.chatwoot.wait_for(
                lambda talk=talk: bool(talk.public_bot_replies), timeout=60.0
            )
            outcome.turns.setdefault(what, []).append(time.monotonic() - begun)
            await bot.settled()
            outcome.answers.append(len(talk.public_bot_replies))
            await mend()
