"""Plays a tenant's conversation tests through a whole bot, with a model that says what they say."""

import asyncio
import contextlib
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from chatcrew.crews import CrewPool
from chatcrew.database import Database
from chatcrew.intents import Classifiers
from chatcrew.tenancy.content import content
from chatcrew.tenancy.conversations import Conversation, conversations_path, load_conversations
from chatcrew.testing._conversations.databases import temporary_databases
from chatcrew.testing._conversations.stage import PATIENCE, Stage, open_stage, wants_crewai
from chatcrew.testing._conversations.verdict import Failure, Played, Report
from chatcrew.testing.bot import LEARNED

__all__ = [
    "EACH",
    "LANES",
    "PATIENCE",
    "Failure",
    "Played",
    "Report",
    "chosen",
    "play",
    "run_conversations",
    "temporary_databases",
]

LANES = 3
"""Conversations that are well played at once: one waits for the database, the others do not."""
EACH = 4
"""Conversations that are worth a lane more: to set one up takes as long as to play two."""
_FEW = 64
"""Businesses whose phrases are learned once in a process; so many more get room of their own."""


async def run_conversations(
    tenant: str,
    *,
    config_dir: Path,
    crews_dir: Path,
    database: Database,
    channel: str | None = None,
    name: str = "",
    told: Callable[[Played], None] = lambda _: None,
) -> Report:
    """Play the conversation tests of ``domain/tenant`` and say how each went; none, if none fits.

    Args:
        tenant: whose.
        config_dir: folder of domains, as it is on disk now.
        crews_dir: folder of crews.
        database: migrated; what is written into it disturbs no other run.
        channel: only conversations of this channel.
        name: only those with this in their name, in capitals or not.
        told: told of each as soon as it is over.

    Raises:
        ConfigErrors: a file the admin edits is at fault, or there is no such tenant.
        StoreError: the database is away.
    """
    found = await asyncio.to_thread(load_conversations, conversations_path(config_dir, tenant))
    wanted = chosen(found, channel=channel, name=name)
    if not wanted:
        return Report(tenant, "", ())
    (report,) = await play(
        {tenant: wanted},
        config_dir=config_dir,
        crews_dir=crews_dir,
        databases=[database],
        told=lambda _, played: told(played),
        label=f"test-{secrets.token_hex(4)}",
    )
    return report


async def play(
    wanted: Mapping[str, Sequence[Conversation]],
    *,
    config_dir: Path,
    crews_dir: Path,
    databases: Sequence[Database],
    told: Callable[[str, Played], None] = lambda _, __: None,
    ended: Callable[[Report], None] = lambda _: None,
    label: str = "test",
) -> list[Report]:
    """Play conversations of tenants, as many at once as there are databases.

    The pipeline is the real one; only Chatwoot and the model are played. Nobody waits for a quiet
    customer or asks a second model because the first is slow.

    Args:
        wanted: the conversations, by tenant; each has one at least.
        config_dir: folder of domains, as it is on disk now.
        crews_dir: folder of crews.
        databases: migrated; what is written into them disturbs no other run.
        told: told of each, and whose it was, in their order, once all before it are over.
        ended: told of each tenant as soon as all before it are through.
        label: keeps runs in the same databases apart; the same one gives the same replies.

    Raises:
        ConfigErrors: a file the admin edits is at fault, or there is no such tenant.
        StoreError: a database is away.
    """
    places = {(tenant, one.channel) for tenant, each in wanted.items() for one in each}
    async with contextlib.AsyncExitStack() as stack:
        pool = CrewPool(size=1)
        stack.push_async_callback(pool.close)
        few = len(wanted) <= _FEW
        classifiers = LEARNED if few else Classifiers(most=2 * len(wanted) + 1)
        stages = [
            await stack.enter_async_context(
                open_stage(
                    places,
                    config_dir=config_dir,
                    crews_dir=crews_dir,
                    database=one,
                    pool=pool,
                    classifiers=classifiers,
                    label=label,
                )
            )
            for one in databases
        ]
        found = stages[0].found
        contents = {one: await asyncio.to_thread(content, found, one, config_dir) for one in wanted}
        reports: list[Report] = []
        heard: list[Played] = []

        def tell(tenant: str, played: Played) -> None:
            told(tenant, played)
            heard.append(played)
            if len(heard) == len(wanted[tenant]):
                played_all = tuple(heard)
                heard.clear()
                version, depended = found.version, contents[tenant] or ""
                reports.append(Report(tenant, version, played_all, content=depended))
                ended(reports[-1])

        everything = [(tenant, one) for tenant in wanted for one in wanted[tenant]]
        late = [wants_crewai(found, tenant, one) for tenant, one in everything]
        if any(late):
            # It takes seconds to import: what does without is played meanwhile
            pool.start()
        order = sorted(range(len(everything)), key=late.__getitem__)
        await _play(everything, order, stages, tell)
    return reports


async def _play(
    wanted: Sequence[tuple[str, Conversation]],
    order: Sequence[int],
    stages: Sequence[Stage],
    tell: Callable[[str, Played], None],
) -> None:
    """Play each on whichever stage is free, in an ``order``; tell of them as they are wanted."""
    left = deque(order)
    over: dict[int, Played] = {}
    told = 0

    async def lane(stage: Stage) -> None:
        nonlocal told
        while left:
            number = left.popleft()
            tenant, one = wanted[number]
            over[number] = await stage.play(number, tenant, one)
            while told in over:
                tell(wanted[told][0], over[told])
                told += 1

    lanes = [asyncio.create_task(lane(stage)) for stage in stages]
    try:
        await asyncio.gather(*lanes)
    finally:
        for one in lanes:
            one.cancel()
        await asyncio.gather(*lanes, return_exceptions=True)


def chosen(
    found: Iterable[Conversation], *, channel: str | None, name: str
) -> tuple[Conversation, ...]:
    """Return those of a channel (None: any) that have ``name`` in theirs, in capitals or not."""
    return tuple(
        one
        for one in found
        if channel in (None, one.channel) and name.casefold() in one.name.casefold()
    )
