"""A drill: a house and one business are kept and brought back by command, and compared to the row.

Run from the repository's root: ``python -m benchmarks.backup`` (``--conversations N``). See
benchmarks/README.md.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson

from benchmarks import _backup_sql as house
from benchmarks._figures import Report, machine
from benchmarks._installation import install
from benchmarks._million_sql import BY_CONVERSATION
from benchmarks._processes import MB, start
from chatcrew.backups import HOUSE
from chatcrew.database import Database, attach_or_own, migrate

TENANT: Final = "shop/t3"
"""One business of ten, with a tenth of everything."""
_OWN: Final = frozenset({"audit_entry", "audit_head", "private_file"})
"""Where both commands put themselves on record."""
TABLES: Final = tuple(name for name in HOUSE if name not in _OWN)

Digests = Mapping[str, tuple[int, int]]


def unlike(before: Digests, after: Digests) -> list[str]:
    """Return the tables whose rows or contents are not the same."""
    return [name for name in before if before[name] != after.get(name)]


async def command(environment: Mapping[str, str], *words: str) -> tuple[float, dict[str, Any]]:
    """Run ``chatcrew`` to its end; return seconds, its start with them, and what it said.

    Raises:
        RuntimeError: it failed.
    """
    async with AsyncExitStack() as stack:
        begun = time.perf_counter()
        process = await start(
            ("-m", "chatcrew", *words, "--json"), stack, environment=environment, piped=True
        )
        said, _ = await process.communicate()
        if process.returncode:
            raise RuntimeError(f"chatcrew {words[0]} ended with {process.returncode}")
        return time.perf_counter() - begun, orjson.loads(said)


async def _opened(folder: Path, stack: AsyncExitStack) -> Database:
    attached = await attach_or_own(folder, may_own=True)
    stack.push_async_callback(attached.close)
    return await stack.enter_async_context(
        await Database.open(attached.url, name="benchmark", pool_size=1, command_seconds=None)
    )


async def run(*, conversations: int) -> int:
    """Keep, damage, bring back, compare; return the exit code: 1 where anything differs."""
    report = Report()
    async with AsyncExitStack() as stack:
        place = install(stack, chatwoot="http://127.0.0.1:9")
        kept, new = place.folder / "kept", place.folder / "new"
        report.title(machine(place.folder))
        database = await _opened(place.data_dir, stack)
        await migrate(database)
        await house.fill(database, conversations=conversations, until=datetime.now(UTC))
        messages = 2 * BY_CONVERSATION * conversations
        what = f"{conversations:,} and {messages:,}, {await house.size(database) / MB:,.0f} MB"
        report.line("conversations and messages, on disk", what)

        report.title(
            "one business comes back into the house it lives in, the house on a new machine"
        )
        before = await _keep(report, place.environment, database, kept, tenant=TENANT)
        await house.damage(database, TENANT)
        hurt = unlike(before, await house.digests(database, TABLES))
        report.target("business: damaged", ", ".join(hurt), met=len(hurt) > 1, wanted="> 1 table")
        await _bring_back(report, place.environment, kept, "--tenant", TENANT)
        _compare(report, "business", before, await house.digests(database, TABLES))

        before = await _keep(report, place.environment, database, kept)
        machine_of_its_own = await _opened(new, stack)
        environment = place.environment | {"CHATCREW_DATA_DIR": str(new)}
        unpacked = str(place.folder / "files")
        await _bring_back(report, environment, kept, "--files", unpacked)
        _compare(report, "house", before, await house.digests(machine_of_its_own, TABLES))
    return report.close()


async def _keep(
    report: Report,
    environment: Mapping[str, str],
    database: Database,
    folder: Path,
    *,
    tenant: str | None = None,
) -> Digests:
    whose = () if tenant is None else ("--tenant", tenant)
    spent, said = await command(environment, "backup", "--to", str(folder), *whose)
    rows = said["rows"]
    told = f"{spent:.1f} s, {rows:,} rows, {rows / spent:,.0f}/s, {said['bytes'] / MB:.1f} MB"
    report.line(f"{'house' if tenant is None else 'business'}: kept", told)
    return await house.digests(database, TABLES)


async def _bring_back(
    report: Report, environment: Mapping[str, str], kept: Path, *words: str
) -> None:
    name, whose = ("business", TENANT) if "--tenant" in words else ("house", "house")
    pattern = f"chatcrew-{whose.replace('/', '--')}-*.zip"
    path = max(await asyncio.to_thread(lambda: list(kept.glob(pattern))))
    spent, said = await command(environment, "restore", str(path), "--yes", *words)
    rows = said["rows"]
    report.line(f"{name}: brought back", f"{spent:.1f} s, {rows:,} rows, {rows / spent:,.0f}/s")


def _compare(report: Report, whose: str, before: Digests, after: Digests) -> None:
    strange = unlike(before, after)
    rows = sum(count for count, _ in after.values())
    filled = sum(1 for count, _ in after.values() if count)
    told = ", ".join(strange) if strange else f"0 ({rows:,} rows of {filled} tables compared)"
    report.target(f"{whose}: tables that differ", told, met=not strange, wanted="0")


def main() -> int:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--conversations", type=int, default=10_000)
    return asyncio.run(run(conversations=parser.parse_args().conversations))


if __name__ == "__main__":
    sys.exit(main())
