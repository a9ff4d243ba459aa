"""Tries a proposal before it is accepted: its test fails on the files as they are, passes after."""

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from chatcrew import tools
from chatcrew.database import Database
from chatcrew.proposals import Change, Plan, lay_over
from chatcrew.settings import Settings
from chatcrew.tenancy import Fault
from chatcrew.tenancy import check as check_files
from chatcrew.tenancy.conversations import Conversation, conversations_path, load_conversations
from chatcrew.testing.conversations import Played, play, temporary_databases

KEPT = "rehearsal"
"""Folder of the data folder, where there is one, in which the database of tests is kept."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of trying a proposal.

    Attributes:
        faults: what ``chatcrew check`` says of the files as they would be, and not as they are.
        before: how the new test went on the files as they are; None: not played.
        after: how every test of the business goes on the files as they would be.
        case: name of the new test.
    """

    case: str
    faults: Sequence[Fault] = ()
    before: Played | None = None
    after: Sequence[Played] = ()

    @property
    def proven(self) -> bool:
        """Whether the test fails before and everything passes after."""
        return (
            not self.faults
            and self.before is not None
            and not self.before.ok
            and all(one.ok for one in self.after)
        )


async def tried(plan: Plan, tenant: str, settings: Settings) -> Trial:
    """Try a plan on copies of the files; nothing of the admin's is touched.

    Raises:
        ConfigErrors: the files as they are have faults.
        StoreError: no database could be started.
    """
    config_dir = await asyncio.to_thread(settings.config_dir.absolute)
    tests = _absolute(plan.tests, settings.config_dir, config_dir)
    business = _absolute(plan.business, settings.config_dir, config_dir)
    async with _copy(config_dir) as old, _copy(config_dir) as new:
        for copy, change in ((old, tests), (new, tests), (new, business)):
            await asyncio.to_thread(lay_over, change, root=config_dir, copy=copy)
        faults = await asyncio.to_thread(_new_faults, settings, old, new)
        if faults:
            return Trial(plan.case, faults)
        path = conversations_path(new, tenant)
        cases = await asyncio.to_thread(load_conversations, path)
        case = [one for one in cases if one.name == plan.case]
        lasting = await asyncio.to_thread(settings.data_dir.is_dir)
        kept = settings.data_dir / KEPT if lasting else None
        async with temporary_databases(1, kept=kept) as databases:
            before = await _play(tenant, case, old, settings, databases, label="before")
            if before[0].ok:
                return Trial(plan.case, before=before[0])
            after = await _play(tenant, cases, new, settings, databases, label="after")
    return Trial(plan.case, before=before[0], after=after)


async def _play(
    tenant: str,
    cases: Sequence[Conversation],
    config_dir: Path,
    settings: Settings,
    databases: Sequence[Database],
    *,
    label: str,
) -> Sequence[Played]:
    (report,) = await play(
        {tenant: cases},
        config_dir=config_dir,
        crews_dir=settings.crews_dir,
        databases=databases,
        label=label,
    )
    return report.played


def _new_faults(settings: Settings, old: Path, new: Path) -> list[Fault]:
    def of(config_dir: Path) -> Sequence[Fault]:
        report = check_files(settings.mapping, config_dir, settings.crews_dir, tools=tools.names())
        return report.faults

    known = {(fault.code, fault.path) for fault in of(old)}
    return [fault for fault in of(new) if (fault.code, fault.path) not in known]


def _absolute(change: Change, given: Path, real: Path) -> Change:
    return Change(real / change.path.relative_to(given), change.before, change.after)


@contextlib.asynccontextmanager
async def _copy(folder: Path) -> AsyncIterator[Path]:
    made = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="chatcrew-proposal-"))
    try:
        yield Path(await asyncio.to_thread(shutil.copytree, folder, made / "config"))
    finally:
        await asyncio.to_thread(shutil.rmtree, made, ignore_errors=True)
