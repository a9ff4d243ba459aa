"""The lines of an account are those of the turn's own version, or said to be today's (N9)."""

import asyncio
import shutil
from datetime import UTC, datetime
from pathlib import Path

from chatcrew.tenancy.lines import lines_now
from chatcrew.tenancy.snapshot import snapshot
from chatcrew.testing import ManualClock
from chatcrew.why import Account, Cite, Citing, MemoryVersions

ROOT = Path(__file__).parents[2]
CLINIC = "config/domains/health/varizemed.yaml"


def account(version: str, *cites: Cite) -> Account:
    """Return an account of the shipped clinic."""
    at = datetime(2026, 11, 22, tzinfo=UTC)
    return Account("t", "c", at, tenant="health/varizemed", config=version, cites=cites)


async def test_lines_are_looked_up_in_the_version_that_the_turn_ran_with(tmp_path: Path) -> None:
    """Also after the file was edited; a version that nobody kept is told by today's lines."""
    for name in ("config", "crews"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("*.pdf"))
    mapping = shutil.copy(ROOT / "chatwoot_mapping.yaml", tmp_path / "chatwoot_mapping.yaml")
    files = (Path(mapping), tmp_path / "config", tmp_path / "crews")
    versions = MemoryVersions(ManualClock())
    before, raw = await asyncio.to_thread(snapshot, *files)
    await versions.keep(before, raw)
    cites = (
        Cite("fact", "teleconsulta", key="facts.teleconsulta", same=("facts.site",)),
        Cite("fact", "gone", key="facts.gone"),
        Cite("knowledge", "x", (f"{CLINIC}:99999",)),
    )
    citing = Citing(versions, lambda: lines_now(*files))
    old = (await citing.located(account(before, *cites))).cites

    clinic = tmp_path / CLINIC
    clinic.write_text("# one line more\n" + clinic.read_text("utf-8"), "utf-8")
    again = (await citing.located(account(before, *cites))).cites
    other = (await citing.located(account("forgotten", *cites))).cites

    assert again == old
    assert [one.known for one in old] == [True, False, False]
    assert old[1].places == old[2].places == ()
    numbers = [int(place.rpartition(":")[2]) for place in old[0].places]
    assert [int(place.rpartition(":")[2]) for place in other[0].places] == [n + 1 for n in numbers]
    assert not other[0].known


async def test_an_account_without_a_version_keeps_its_names() -> None:
    """No files at all: nothing is made up and nothing fails."""
    citing = Citing(MemoryVersions(ManualClock()))
    cite = Cite("fact", "teleconsulta", key="facts.teleconsulta", known=False)
    assert (await citing.located(account("v", cite))).cites == (cite,)
