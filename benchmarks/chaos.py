"""Ends and stops the real processes at every point of a message's way, and judges what came of it.

Run from the repository's root: ``python -m benchmarks.chaos --seeds 300``. See docs/proof.md.
"""

import argparse
import asyncio
import sys
import time
from pathlib import Path

import psutil

from benchmarks._chaos_run import Played, Run
from benchmarks._chaos_script import Step, draw, read, save
from benchmarks._chaos_world import world
from benchmarks._fence import window
from benchmarks._figures import machine, percentile
from chatcrew.points import POINTS


def main() -> int:
    """Run from the command line; return 1 where a promise did not hold."""
    options = _options()
    if options.fence:
        found = asyncio.run(window(2000))
        shown = ", ".join(
            f"p{share} {percentile(found, share / 100) * 1e3:.2f}" for share in (50, 99)
        )
        print(f"from the last look at the lease to the socket: {shown} ms of {len(found)} messages")
        return 0
    steps = (
        read(options.repeat) * options.times
        if options.repeat is not None
        else draw(options.seed, options.seeds, only=options.only, redis=options.redis)
    )
    return asyncio.run(_run(options, steps))


async def _run(options: argparse.Namespace, steps: list[Step]) -> int:
    print(machine(Path()))
    print(f"seed {options.seed}: {len(steps)} steps, {options.workers} workers")
    begun, used = time.time(), _cpu()
    async with world(
        seed=options.seed, workers=options.workers, redis=options.redis, speed=options.speed
    ) as made:
        print(f"up after {time.time() - begun:.0f} s", flush=True)
        run = Run(made, per_round=options.round, say=lambda text: print(text, flush=True))
        played = await run.play(steps, within=options.minutes * 60)
        if options.shrink and played.found:
            needed = await run.shrink(steps)
            save(options.scripts / "chaos-shrunk.json", needed, seed=options.seed)
            print(f"enough: {options.scripts / 'chaos-shrunk.json'} ({len(needed)} steps)")
        reached = made.house.sabotage.points()
        restarts = made.house.restarts
        if options.logs is not None:
            made.house.keep_logs(options.logs)
    _report(played, reached, restarts, cpu=_cpu() - used)
    for number, (violation, under_way) in enumerate(played.found, 1):
        path = options.scripts / f"chaos-{options.seed}-{number}.json"
        save(path, under_way, violation=violation.what)
        print(f"repeat it: python -m benchmarks.chaos --repeat {path} ({len(under_way)} steps)")
    return 1 if played.found else 0


def _report(played: Played, reached: set[str], restarts: int, *, cpu: float) -> None:
    trial = played.trial
    fired = {(step.point, step.signal) for step in played.fired}
    struck = sorted({step.kind for step in played.struck})
    print()
    print(f"blows at points     {len(played.fired)} ({len(fired)} different, point and signal)")
    print(f"not passed in time  {len(played.missed)}")
    print(f"other blows         {len(played.struck)}: {', '.join(struck) or 'none'}")
    print(f"points passed       {len(reached & set(POINTS))} of {len(POINTS)}")
    missing = sorted(set(POINTS) - reached)
    if missing:
        print(f"  never passed      {', '.join(missing)}")
    print(f"restarts            {restarts}")
    print(f"messages            {trial.messages}")
    for how, times in sorted(trial.outcomes.items()):
        print(f"  {how:<40} {times}")
    late = f", the latest {max(trial.crossed):.1f} s after the person" if trial.crossed else ""
    print(f"crossed with people {len(trial.crossed)}{late}")
    print(f"in doubt, told      {trial.doubts}")
    print(f"behind the fence    {len(played.known)} (docs/proof.md)")
    print(f"violations          {len(played.found)}")
    print(f"took                {played.seconds / 60:.1f} min, {cpu:.0f} CPU-s")


def _cpu() -> float:
    """Return the CPU seconds of this process and of all its children, the ended ones too."""
    times = psutil.Process().cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seeds", type=int, default=300, help="blows at points")
    parser.add_argument("--seed", type=int, default=1, help="of the run")
    parser.add_argument("--only", action="append", default=[], help="points that begin so")
    parser.add_argument("--repeat", type=Path, help="a script that a violation printed")
    parser.add_argument("--times", type=int, default=1, help="how often it is repeated")
    parser.add_argument("--shrink", action="store_true", help="leave out what it does not need")
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--minutes", type=float, default=60.0, help="no round begins later")
    parser.add_argument("--round", type=int, default=24, help="steps between two judgements")
    parser.add_argument("--speed", type=float, default=4.0, help="of Chatwoot's retries")
    parser.add_argument("--fence", action="store_true", help="only measure the unfenced moment")
    parser.add_argument("--redis", action="store_true", help="with a Redis, which is struck, too")
    parser.add_argument("--logs", type=Path, help="folder that keeps the processes' logs")
    parser.add_argument("--scripts", type=Path, default=Path(), help="folder for scripts")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
