"""Whether every line that an account cites is there, and whether the reply hangs on it (N9).

Run from the repository's root: ``python -m benchmarks.why`` (``--replies N``, default 500;
``--show`` prints each cite whose deletion changed nothing). Each cited line is deleted from a copy
of the files, with what else the cite says the same stands in; the files are loaded anew and the
same customer asks the same. The model is one that only reads its prompt.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a file, not as a module

from benchmarks._figures import Report
from benchmarks._why_deleting import delete
from benchmarks._why_turns import Business, Said
from chatcrew.errors import ConfigErrors
from chatcrew.tenancy.lines import Lines

TENANTS = ("health/varizemed", "cosmetics/bella", "jobs/sophie", "sales/timmy")


@dataclass(frozen=True, slots=True)
class Asked:
    """One simulated reply of a business."""

    number: int
    text: str
    model: bool
    said: Said


@dataclass(frozen=True, slots=True)
class Cited:
    """One cite of a reply, with its lines."""

    asked: Asked
    kind: str
    name: str
    places: tuple[str, ...]


def questions(business: Business) -> Iterator[str]:
    """Yield what customers of a business may ask, in an order that never changes."""
    tenant = business.configuration.tenants[business.tenant]
    for entry in tenant.faq:
        yield entry.question
        yield from entry.also
    for name in tenant.facts:
        yield f"me fala sobre {name}?"
        yield f"queria saber: {name}"
    for intent in tenant.intents:
        yield from intent.phrases[:6]
    for what in ("aluguel de bicicleta", "visto para o Japão", "conserto de geladeira"):
        yield f"vocês trabalham com {what}?"


def cites(asked: Asked, business: Business, lines: Lines) -> Iterator[Cited]:
    """Yield the cites of a reply with the lines that its account shows."""
    record = asked.said.record
    for one in record.details.get("cites", ()):
        keys = [key for key in (one.get("key"), *one.get("same", ())) if key]
        looked = [
            lines.place(business.tenant, key, crew=record.crew, function=record.function)
            for key in keys
            if not (one["kind"] == "intent" and one.get("places"))
        ]
        places = dict.fromkeys((*one.get("places", ()), *(place for place in looked if place)))
        yield Cited(asked, str(one["kind"]), str(one.get("name", "")), tuple(places))


async def measure(replies: int, *, show: bool) -> int:
    """Answer, look up, delete, answer again; print the figures."""
    begun = time.monotonic()
    said, cited, uncited = 0, 0, 0
    absent, kept, refused = list[str](), list[Cited](), 0
    kinds, engines = Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory(prefix="chatcrew-why-") as folder:
        for place, key in enumerate(TENANTS):
            business = Business.shipped(key, Path(folder) / key.replace("/", "-"))
            await business.load()
            lines = business.lines()
            found = await _answered(business, replies // len(TENANTS), first=place * 10_000)
            said += len(found)
            groups: dict[tuple[str, ...], list[Cited]] = {}
            for asked in found:
                engines[asked.said.record.engine or "?"] += 1
                own = list(cites(asked, business, lines))
                uncited += not own
                for one in own:
                    cited += 1
                    kinds[one.kind] += 1
                    there = [spot for spot in one.places if _there(business, lines, spot)]
                    absent += [spot for spot in one.places if spot not in there]
                    if not one.places:
                        absent.append(f"{one.kind} {one.name}")
                    groups.setdefault(one.places, []).append(one)
            for places, ones in groups.items():
                changed = await _without(business, places)
                if changed is None:
                    refused += len(ones)
                    continue
                for one in ones:
                    asked = one.asked
                    again = await changed.turn(asked.number, asked.text, model=asked.model)
                    if again.text == asked.said.text:
                        kept.append(one)
                shutil.rmtree(changed.folder)
    report = Report()
    report.title("Accounts of replies")
    report.target("replies", str(said), met=said >= replies * 0.95, wanted=f"{replies}")
    report.line("by engine", ", ".join(f"{name} {n}" for name, n in engines.most_common()))
    report.line("cites", f"{cited}; of kinds " + ", ".join(f"{k} {n}" for k, n in kinds.items()))
    report.line("replies that cite nothing", f"{uncited} ({uncited / max(said, 1):.1%})")
    report.target("cited lines that are not there", str(len(absent)), met=not absent, wanted="0")
    report.target(
        "cites whose deletion changes nothing",
        f"{len(kept)} ({len(kept) / max(cited, 1):.2%})",
        met=not kept,
        wanted="0",
    )
    report.line("of the others, files that are refused without the line", str(refused))
    report.line("took", f"{time.monotonic() - begun:.0f} s")
    if show:
        for one in kept:
            asked, record = one.asked, one.asked.said.record
            print(f"- {asked.text!r} {record.reason}: {one.kind} {one.name!r} {one.places}")
            print(f"    {asked.said.text!r}")
        print(*absent, sep="\n")
    return report.close()


async def _answered(business: Business, wanted: int, *, first: int) -> list[Asked]:
    """Return so many replies: evenly over what can be asked, a fifth of them without a model."""
    known = list(dict.fromkeys(questions(business)))
    step = max(1.0, len(known) / wanted)
    chosen = [known[int(place * step) % len(known)] for place in range(wanted)]
    found = []
    for place, text in enumerate(chosen):
        number, model = first + place, place % 5 != 0
        said = await business.turn(number, text, model=model)
        found.append(Asked(number, text, model, said))
    return found


def _there(business: Business, lines: Lines, place: str) -> bool:
    """Return whether a line is there, in the version and in the file."""
    name, _, line = place.rpartition(":")
    path = business.folder / name
    if not lines.holds(place) or not path.is_file() or not line.isdecimal():
        return False
    rows = path.read_text("utf-8").splitlines()
    return 0 < int(line) <= len(rows) and bool(rows[int(line) - 1].strip())


async def _without(business: Business, places: tuple[str, ...]) -> Business | None:
    """Return the business without some lines; None where its files are refused without them."""
    folder = business.folder.with_name(f"{business.folder.name}-without")
    shutil.copytree(business.folder, folder)
    # From the last line up: what is deleted moves only what stands below it
    for place in sorted(places, key=lambda one: -int(one.rpartition(":")[2])):
        delete(folder, place)
    other = Business(business.tenant, folder)
    try:
        await other.load()
    except ConfigErrors:
        shutil.rmtree(folder)
        return None
    return other


def main() -> int:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replies", type=int, default=500)
    parser.add_argument("--show", action="store_true", help="print what changed nothing")
    options = parser.parse_args()
    return asyncio.run(measure(options.replies, show=options.show))


if __name__ == "__main__":
    sys.exit(main())
