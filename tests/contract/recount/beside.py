"""Sessions beside each other, from exported files alone: what they share, and experiments."""

import math
from collections import Counter
from collections.abc import Callable, Sequence

from tests.contract.recount.facts import (
    Counted,
    Facts,
    Row,
    Value,
    durable,
    grouped,
    known_of,
    numbers,
    share,
    total,
)

COMPARED = "count share share share score ms score count money money"
Z = 1.959963984540054
ENOUGH = 30


def compared_by(column: str) -> Callable[[Facts], Counted]:
    """Return what recomputes the page that compares by a column."""

    def page(facts: Facts) -> Counted:
        attended = [row for row in facts["sessions"] if row["ending"]]
        groups = grouped(attended, lambda row: row[column])
        found = [(one, *compared(rows, facts)) for one, rows in groups.items()]
        return Counted(sheets={"cohorts": (f"name {COMPARED}", found)} if found else {})

    return page


def experiments(facts: Facts) -> Counted:
    """Recompute the page of experiments."""
    arms: dict[tuple[str, str], dict[str, list[Row]]] = {}
    for row in facts["sessions"]:
        name, _, variant = row["variant"].rpartition("/")
        if row["ending"] and name and variant in ("a", "b"):
            arms.setdefault((name, row["tenant"]), {"a": [], "b": []})[variant].append(row)
    if not arms:
        return Counted()
    variants = [
        (*which, variant, *(compared(rows, facts) if rows else NOTHING))
        for which, pair in arms.items()
        for variant, rows in pair.items()
    ]
    apart = [
        (*which, measure, *differs(pair, facts, measure))
        for which, pair in arms.items()
        for measure in ("containment", "escalation", "durability", "satisfied")
    ]
    return Counted(
        sheets={
            "variants": (f"name name name {COMPARED}", variants),
            "differences": (f"name name name name {' '.join(['share'] * 6)} points", apart),
        }
    )


NOTHING = (0, None, None, None, None, None, None, 0, 0, None)
"""What is known of no session."""


def compared(found: Sequence[Row], facts: Facts) -> tuple[Value, ...]:
    """Sessions, shares of their ends, depth, time, stars, cost."""
    ends = Counter(row["ending"] for row in found)
    stars, dollars = numbers(found, "rating"), known_of(found)
    return (
        len(found),
        share(ends["contained"], len(found) - ends["going_on"]),
        share(ends["handed_off"], len(found)),
        share(*durable(found, facts.now)),
        (total(found, "replied") + total(found, "handed")) / len(found),
        share(total(found, "answered_ms"), total(found, "answers")),
        share(sum(stars), len(stars)),
        len(stars),
        dollars,
        None if dollars is None else dollars / len(found),
    )


def differs(pair: dict[str, list[Row]], facts: Facts, measure: str) -> tuple[Value, ...]:
    """Return verdict, share and interval of both, and how far they are apart."""
    a, b = (hits(pair[one], facts, measure) for one in ("a", "b"))
    (pa, la, ha), (pb, lb, hb) = wilson(*a), wilson(*b)
    if pa is None or pb is None:
        return ("not_enough_data", pa, la, ha, pb, lb, hb, None)
    # Newcombe's hybrid score, his method 10
    low = pb - pa - math.sqrt((pb - lb) ** 2 + (ha - pa) ** 2)
    high = pb - pa + math.sqrt((hb - pb) ** 2 + (pa - la) ** 2)
    verdict = "not_enough_data"
    if min(a[1], b[1]) >= ENOUGH:
        more_is_b = (pb > pa) != (measure == "escalation")
        verdict = "no_difference" if low <= 0 <= high else "b" if more_is_b else "a"
    return (verdict, pa, la, ha, pb, lb, hb, pb - pa)


def hits(found: Sequence[Row], facts: Facts, measure: str) -> tuple[int, int]:
    """Return how many, of how many."""
    ends, stars = Counter(row["ending"] for row in found), numbers(found, "rating")
    return {
        "containment": (ends["contained"], len(found) - ends["going_on"]),
        "escalation": (ends["handed_off"], len(found)),
        "durability": durable(found, facts.now),
        "satisfied": (sum(one >= 4 for one in stars), len(stars)),
    }[measure]


def wilson(part: int, whole: int) -> tuple[float | None, float, float]:
    """Return a share with Wilson's score interval: the roots of (p - x)² = z² x (1 - x) / n."""
    if not whole:
        return None, 0.0, 1.0
    p, k = part / whole, Z * Z / whole
    root = math.sqrt((2 * p + k) ** 2 - 4 * (1 + k) * p * p)
    low, high = (2 * p + k - root) / (2 * (1 + k)), (2 * p + k + root) / (2 * (1 + k))
    return p, low if part else 0.0, high if part < whole else 1.0
