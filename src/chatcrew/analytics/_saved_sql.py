"""What was not spent, out of what turns and calls of a time add up to."""

from collections import defaultdict

from chatcrew.analytics._reading_sql import Reading
from chatcrew.analytics._saved import Sample, Savings, Told, savings


async def saved(look: Reading) -> Savings:
    """Return what was saved in the time."""
    turns: list[Told] = []
    calls: list[Told] = []
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * 5)
    for row in await look.savings():
        place = row.tenant, row.part
        counted = int(row.n), int(row.nanos), int(row.unknown)
        if row.source == "call":
            calls.append(Told(*place, row.kind, *counted))
            continue
        chars = None if row.uncounted else int(row.chars)
        more = None if row.more_uncounted else int(row.more_chars)
        turns.append(Told(*place, row.kind, *counted, chars))
        turns.append(Told(*place, "bursts", int(row.more), chars=more))
        if row.kept_n:
            kept = int(row.kept_n), int(row.kept), int(row.kept_unknown)
            turns.append(Told(*place, "kept", *kept))
        sampled = (row.s_count, row.s_chars, row.s_nanos, row.s_squares, row.s_products)
        sums[place] = [one + int(other) for one, other in zip(sums[place], sampled, strict=True)]
    samples = [Sample(*place, *found) for place, found in sorted(sums.items())]
    return savings(turns, calls, samples)
