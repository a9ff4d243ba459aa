"""What it takes to load the files of many businesses, and to load them again after one change.

Run: python -m benchmarks.configuration   (--tenants 200 --rounds 5)
"""

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from benchmarks._figures import Report, machine, median, spread
from chatcrew import tools
from chatcrew.app.playing import ProcessPlayer
from chatcrew.app.rehearsal import Rehearsal
from chatcrew.app.reload import Files, Hooks, Reloader
from chatcrew.app.verdicts import MemoryVerdicts
from chatcrew.app.watching import stamp
from chatcrew.clock import SystemClock
from chatcrew.settings import Settings
from chatcrew.telemetry import Metrics
from chatcrew.tenancy import Directory, Memory, check, load

ROOT = Path(__file__).parents[1]
LOAD = 2.0
"""Seconds that a first load may take."""
RELOAD = 0.2
"""Seconds that a load after one changed file may take."""


def lay_out(folder: Path, tenants: int) -> tuple[Path, Path, Path]:
    """Write the shipped files and as many copies of the example clinic as there are tenants.

    Every copy is another business; each second one has crew settings of its own, so that its
    crews are resolved for it alone.
    """
    for name in ("config", "crews"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "chatwoot_mapping.yaml", folder)
    health = folder / "config" / "domains" / "health"
    text = (health / "varizemed.yaml").read_text("utf-8")
    for number in range(tenants - 1):
        own = f"{text}\n# {number}\n"
        if number % 2 and "\ncrew:" not in text:
            own += f"crew:\n  max_tokens: {300 + number}\n"
        (health / f"clinic-{number}.yaml").write_text(own, "utf-8")
    return folder / "chatwoot_mapping.yaml", folder / "config", folder / "crews"


def timed(call: Callable[[], object]) -> float:
    """Return the seconds of one call."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def main() -> int:
    """Print the figures; return 1 where a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tenants", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    report = Report()
    known = tools.names()
    with tempfile.TemporaryDirectory() as name:
        files = lay_out(Path(name), asked.tenants)
        size = sum(path.stat().st_size for path in Path(name).rglob("*.yaml"))
        report.title(f"{asked.tenants} tenants, {size / 1e6:.1f} MB of YAML")
        report.line("machine", machine(Path(name)))
        sources = [path.read_text("utf-8") for path in Path(name).rglob("*.yaml")]
        memory = Memory()
        first, bare, again, looks = [], [], [], []
        changing = files[1] / "domains" / "health" / "clinic-0.yaml"
        check(*files, tools=known, read_secrets=False, memory=memory)
        for number in range(asked.rounds):
            first.append(timed(lambda: load(*files, tools=known)))
            bare.append(timed(lambda: [yaml.load(one, Loader=yaml.CSafeLoader) for one in sources]))
            with changing.open("a", encoding="utf-8") as file:
                file.write(f"# edited {number}\n")
            again.append(
                timed(lambda: check(*files, tools=known, read_secrets=False, memory=memory))
            )
            looks.append(timed(lambda: stamp([files[0]], [files[1] / "domains", files[2]])))
    report.line("PyYAML alone, C loader (baseline)", f"{spread(bare, digits=2)} s")
    seconds = median(first)
    report.target(
        "first load, checked and resolved",
        f"{spread(first, digits=2)} s",
        met=seconds < LOAD,
        wanted=f"< {LOAD:g} s",
    )
    report.line("  as a ratio to the baseline", f"{seconds / median(bare):.2f}")
    report.target(
        "load after one changed file",
        f"{spread([one * 1e3 for one in again], digits=0)} ms",
        met=median(again) < RELOAD,
        wanted=f"< {RELOAD * 1e3:.0f} ms",
    )
    report.line("a look at files at rest", f"{spread([one * 1e3 for one in looks], digits=1)} ms")
    with tempfile.TemporaryDirectory() as name:
        # The play's PostgreSQL, which runs under an account of its own, has to reach its files
        Path(name).chmod(0o711)
        asyncio.run(rehearse(Path(name), report, rounds=min(asked.rounds, 3)))
    return report.close()


async def rehearse(folder: Path, report: Report, *, rounds: int) -> None:
    """Print what a reload takes from the look at the changed files to the swap."""
    os.environ.update(dict.fromkeys(("CHATCREW_DEMO_TOKEN", "CHATCREW_DEMO_SECRET"), "x"))
    files = lay_out(folder, 1)
    settings = Settings(
        mapping=files[0], config_dir=files[1], crews_dir=files[2], data_dir=folder / "data"
    )
    settings.data_dir.mkdir(mode=0o711)
    first = check(*files, tools=tools.names(), read_secrets=False).configuration
    if first is None:
        raise SystemExit("the shipped configuration has faults")
    clock = SystemClock()
    player = ProcessPlayer(settings)
    rehearsal = Rehearsal(settings, MemoryVerdicts(), clock=clock, player=player)
    reloader = Reloader(
        Directory(first),
        Files.of(settings),
        tools=tools.names(),
        metrics=Metrics(),
        clock=clock,
        hooks=Hooks(approve=rehearsal.approve),
        settle=0.01,
    )
    domains = files[1] / "domains"
    tenants = {f"{one.parent.name}/{one.name}": one for one in domains.glob("*/*.tests.yaml")}
    report.title(f"a reload with conversation tests of {len(tenants)} businesses")
    began = time.perf_counter()
    await reloader.look()
    report.line("all conversations, once after the start", f"{time.perf_counter() - began:.1f} s")

    async def seconds(path: Path, line: str) -> float:
        with path.open("a", encoding="utf-8") as file:
            file.write(line)
        begun = time.perf_counter()
        swapped = await reloader.look()
        assert swapped, reloader.status()
        return time.perf_counter() - begun

    plain = [await seconds(files[1] / "models.yaml", "# edited\n") for _ in range(rounds)]
    report.target(
        "no business touched, so nothing is played",
        f"{spread([one * 1e3 for one in plain], digits=0)} ms",
        met=median(plain) < RELOAD,
        wanted=f"< {RELOAD * 1e3:.0f} ms",
    )
    for tenant, path in sorted(tenants.items()):
        own = path.with_name(path.name.replace(".tests", ""))
        text = own.read_text("utf-8")
        took = []
        for number in range(rounds):
            own.write_text(text.replace("\n  style: ", f"\n  style: ({number}) ", 1), "utf-8")
            took.append(await seconds(own, f"# {number}\n"))
        report.line(f"  {tenant.removesuffix('.tests.yaml')}", f"{spread(took, digits=1)} s")


if __name__ == "__main__":
    sys.exit(main())
