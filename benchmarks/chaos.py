"""Ends and stops the real processes at every point of a message's way, and judges what came of it.

Run from the repository's root: ``python -m benchmarks.chaos --seeds 300``. See docs/proof.md.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import psutil

from benchmarks._chaos_report import report, whole
from benchmarks._chaos_run import Run
from benchmarks._chaos_script import Step, draw, numbered, read, save, stream
from benchmarks._chaos_world import world
from benchmarks._fence import window
from benchmarks._figures import machine, percentile


def main() -> int:
    """Run from the command line; return 1 where a promise did not hold, or too few blows fell."""
    options = _options()
    if options.fence:
        found = asyncio.run(window(2000))
        shown = ", ".join(
            f"p{share} {percentile(found, share / 100) * 1e3:.2f}" for share in (50, 99)
        )
        print(f"from the last look at the lease to the socket: {shown} ms of {len(found)} messages")
        return 0
    about = {"seed": options.seed, "workers": options.workers, "redis": options.redis}
    if options.repeat is not None:
        steps, said = read(options.repeat)
        about |= {key: said[key] for key in about if key in said}
        steps *= options.times
        more = None
    else:
        chosen = {"only": options.only, "redis": options.redis}
        steps = draw(options.seed, options.seeds, first=options.first, **chosen)
        more = islice(stream(options.seed, **chosen), options.first + len(steps), None)
    return asyncio.run(_run(options, [*numbered(steps)], more, about))


async def _run(
    options: argparse.Namespace,
    steps: list[Step],
    more: Iterator[Step] | None,
    about: dict[str, Any],
) -> int:
    print(machine(Path()))
    blows = sum(step.kind == "point" for step in steps)
    rest = len(steps) - blows
    print(f"seed {about['seed']}: {blows} blows, {rest} others, {about['workers']} workers")
    begun, used = time.time(), _cpu()
    async with world(**about, speed=options.speed) as made:
        print(f"up after {time.time() - begun:.0f} s", flush=True)
        run = Run(
            made,
            per_round=options.round,
            strict=options.strict,
            say=lambda text: print(f"{time.time() - begun:6.0f} {text}", flush=True),
        )
        played = await run.play(steps, more=more, within=options.minutes * 60)
        if options.shrink and played.found:
            needed = await run.shrink(steps)
            save(options.scripts / "chaos-shrunk.json", needed, **about)
            print(f"enough: {options.scripts / 'chaos-shrunk.json'} ({len(needed)} steps)")
        reached = made.house.sabotage.points()
        starts = (made.house.restarts, made.house.cradle.cold)
        if options.logs is not None:
            made.house.keep_logs(options.logs)
    for line in report(played, reached, starts):
        print(line)
    print(f"took                {played.seconds / 60:.1f} min, {_cpu() - used:.0f} CPU-s")
    # What one conversation suffered has one script, however many promises it broke
    scripts = {violation.conversation: steps for violation, steps in reversed(played.found)}
    for conversation, under_way in sorted(scripts.items()):
        path = options.scripts / f"chaos-{about['seed']}-{conversation}.json"
        words = [one.what for one, _ in played.found if one.conversation == conversation]
        save(path, under_way, **about, violations=words)
        print(f"repeat it: python -m benchmarks.chaos --repeat {path} ({len(under_way)} steps)")
    return 0 if whole(played, blows) else 1


def _cpu() -> float:
    """Return the CPU seconds of this process and of all its children, the ended ones too."""
    times = psutil.Process().cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seeds", type=int, default=300, help="blows that fall at points")
    parser.add_argument("--seed", type=int, default=1, help="of the run")
    parser.add_argument("--first", type=int, default=0, help="blows of the seed left out before")
    parser.add_argument("--only", action="append", default=[], help="points that begin so")
    parser.add_argument("--repeat", type=Path, help="a script that a violation printed")
    parser.add_argument("--times", type=int, default=1, help="how often it is repeated")
    parser.add_argument("--shrink", action="store_true", help="leave out what it does not need")
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--minutes", type=float, default=60.0, help="no round begins later")
    parser.add_argument("--round", type=int, default=24, help="steps between two judgements")
    parser.add_argument("--speed", type=float, default=4.0, help="of Chatwoot's retries")
    parser.add_argument("--strict", action="store_true", help="no pardon for stops at the fence")
    parser.add_argument("--fence", action="store_true", help="only measure the unfenced moment")
    parser.add_argument("--redis", action="store_true", help="with a Redis, which is struck, too")
    parser.add_argument("--logs", type=Path, help="folder that keeps the processes' logs")
    parser.add_argument("--scripts", type=Path, default=Path(), help="folder for scripts")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
