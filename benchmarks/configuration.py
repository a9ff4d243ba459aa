"""What it takes to load the files of many businesses, and to load them again after one change.

Run: python -m benchmarks.configuration   (--tenants 200 --rounds 5)
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from benchmarks._figures import Report, machine, median, spread
from chatcrew import tools
from chatcrew.app.watching import stamp
from chatcrew.tenancy import Memory, check, load

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
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
