"""Says what a run of chaos came to: what was struck, what never was and why, what did not hold."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from benchmarks._chaos_played import Played
from chatcrew.points import POINTS


def whole(played: Played, wanted: int) -> bool:
    """Whether every promise held and as many blows fell as were to."""
    return not played.found and len(played.fired) >= wanted


def report(played: Played, reached: set[str], starts: tuple[int, int]) -> Iterator[str]:
    """Yield the lines of a report.

    Args:
        played: the run.
        reached: points that any process passed.
        starts: of processes that had ended, and how many of them were cold.
    """
    trial, fell = played.trial, Counter(step.blow for step in played.fired)
    yield ""
    yield f"blows at points     {len(played.fired)}"
    for blow, times in sorted(fell.items()):
        yield f"  {blow:<40} {times}"
    others = Counter(step.kind for step in played.struck)
    yield f"other blows         {others.total()}"
    for kind, times in sorted(others.items()):
        yield f"  {kind:<40} {times}"
    wrong = Counter(fault[:2] for step in played.fired for fault in step.faults)
    yield f"faults beside them  {wrong.total()}"
    for (effect, where), times in sorted(wrong.items()):
        yield f"  {effect + ' ' + where:<40} {times}"
    yield from _coverage(played, reached)
    yield f"restarts            {starts[0]} ({starts[1]} cold)"
    yield f"messages            {trial.messages} in {len(trial.ended)} conversations"
    for how, times in sorted(trial.outcomes.items()):
        yield f"  {how:<52} {times}"
    late = f", the latest {max(trial.crossed):.1f} s after we were told" if trial.crossed else ""
    yield f"crossed with people {len(trial.crossed)}{late}"
    yield f"in doubt, told      {trial.doubts}"
    yield f"behind the fence    {len(played.known)} (docs/proof.md)"
    yield f"violations          {len(played.found)}"
    for violation, steps in played.found:
        yield f"  conversation {violation.conversation}: {violation.what} ({len(steps)} steps)"
    yield from _times(played)


def _coverage(played: Played, reached: set[str]) -> Iterator[str]:
    """Yield which points were struck, whom by, and why the others were not."""
    struck: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for step in played.fired:
        struck[step.point][f"{step.signal}{' ' + step.victim if step.victim else ''}"] += 1
    yield f"points passed       {len(reached & set(POINTS))} of {len(POINTS)}"
    yield f"points struck       {len(set(struck))} of {len(POINTS)}"
    why = {(step.point, step.blow): reason for step, reason in played.missed}
    for point in POINTS:
        blows = ", ".join(f"{blow} {times}" for blow, times in sorted(struck[point].items()))
        lost = [f"{blow}: {why[at, blow]}" for at, blow in sorted(why) if at == point]
        if blows or lost:
            yield f"  {point:<28} {'; '.join([blows or 'never struck', *lost])}"
    left = [point for point in POINTS if not struck[point] and point not in {at for at, _ in why}]
    if left:
        yield f"  no blow was drawn for {len(left)}: {', '.join(left)}"
    never = [point for point in POINTS if point not in reached]
    if never:
        yield f"  never passed: {', '.join(never)}"


def _times(played: Played) -> Iterator[str]:
    """Yield what the time went into."""
    steps = len(played.fired) + len(played.missed)
    yield f"seconds per blow    {played.spent['until blows fell'] / max(1, steps):.1f}"
    for what, seconds in sorted(played.spent.items(), key=lambda one: -one[1]):
        yield f"  {what:<40} {seconds:.0f} s"
    for seconds, step in played.slowest:
        yield f"  slow: {step}, {seconds:.1f} s"
    settled = max(played.settling, default=0.0)
    yield f"all ended within    {settled:.1f} s of a round's last blow"
    yield f"machine's own pause {played.lag:.2f} s"
