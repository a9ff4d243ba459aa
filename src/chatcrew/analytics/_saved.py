"""What was not spent: turns and calls that would have asked a model, at what asking costs (N6)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

SAVERS = ("shortcut", "knowledge", "kept", "completions", "bursts")
"""What saves: intents, the knowledge word for word, answers given again, completions given again,
several messages answered at once."""

LEAST = 30
"""Turns from which on the length of their prompts tells anything of what they cost."""


@dataclass(frozen=True, slots=True)
class Told:
    """Turns or calls of one business that are alike, added up.

    Attributes:
        tenant: whose.
        part: what they have in common beside: a function, or a role with its model.
        kind: ``asked`` (a model was), or one of ``SAVERS``.
        count: how many; of ``bursts`` the messages beyond the first of each turn.
        nanos: billionths of a dollar that they cost; of ``kept`` and ``completions`` what they were
            spared.
        unknown: of ``count``, of which nobody knows that.
        chars: as in ``Sample``, added up; None where one did not count them.
    """

    tenant: str
    part: str
    kind: str
    count: int
    nanos: int = 0
    unknown: int = 0
    chars: int | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """What turns cost that asked a model, by how much of it was their own: ``hub.sparing``.

    Turns whose calls or whole answer were given again are among them, with what that was spared.

    Attributes:
        tenant: whose.
        part: their function.
        count: how many.
        chars: characters that they alone had read and written, added up.
        nanos: billionths of a dollar, added up.
        squares: of characters, added up.
        products: of characters and billionths of a dollar, added up.
    """

    tenant: str
    part: str
    count: int
    chars: float
    nanos: float
    squares: float
    products: float

    def cost(self, count: int, chars: float) -> float:
        """Return what ``count`` turns with ``chars`` in all would have cost: least squares."""
        mean = self.nanos / self.count
        spread = self.squares - self.chars**2 / self.count
        if self.count < LEAST or spread <= 0:
            return mean * count
        slope = max(0.0, (self.products - self.chars * self.nanos / self.count) / spread)
        return max(0.0, count * mean + slope * (chars - count * self.chars / self.count))


@dataclass(frozen=True, slots=True)
class Saving:
    """What one of ``SAVERS`` saved.

    Attributes:
        count: turns, calls or messages that did not ask a model.
        nanos: billionths of a dollar.
        unknown: of ``count``, of which nobody knows what they would have cost: not nothing,
            unknown.
        measured: the sum was measured where it arose; else it is an estimate by means.
    """

    count: int = 0
    nanos: int = 0
    unknown: int = 0
    measured: bool = False

    @property
    def usd(self) -> float:
        """US dollars, as far as they are known."""
        return self.nanos / 1_000_000_000


@dataclass(frozen=True, slots=True)
class Savings:
    """What a time cost, and what it would have cost without what saves.

    Attributes:
        spent: billionths of a dollar, of turns that count, as far as prices are known.
        unpriced: turns that cost an unknown sum beside it.
        by: what each of ``SAVERS`` saved.
    """

    spent: int = 0
    unpriced: int = 0
    by: Mapping[str, Saving] = field(default_factory=dict)

    @property
    def saved(self) -> int:
        """Billionths of a dollar."""
        return sum(one.nanos for one in self.by.values())

    @property
    def without(self) -> int:
        """Billionths of a dollar that the same would have cost without all of them."""
        return self.spent + self.saved


def savings(
    turns: Iterable[Told], calls: Iterable[Told], samples: Iterable[Sample] = ()
) -> Savings:
    """Return what was saved.

    A turn that asked no model would have cost what those that did cost with a prompt as long, of
    the same business and function; else the mean of the function, else of the business; less what
    it cost all the same. A call that was given again
    would have cost what it did the first time; where nobody wrote that down, the mean of its
    business's, role's and model's.

    Args:
        turns: by business and function.
        calls: by business, and role and model; those asked and those given again.
        samples: of turns, by business and function.
    """
    fits = {(one.tenant, one.part): one for one in samples if one.count}
    turns, calls = list(turns), list(calls)
    means = _means(one for one in turns if one.kind == "asked")
    call_means = _means(one for one in calls if one.kind == "asked")
    by: dict[str, Saving] = {}
    for kind in SAVERS:
        among, known = (calls, call_means) if kind == "completions" else (turns, means)
        rows = [one for one in among if one.kind == kind and one.count]
        if rows:
            by[kind] = _sum(kind, [_one(one, known, fits) for one in rows])
    own = [one for one in turns if one.kind not in ("kept", "bursts")]
    return Savings(
        spent=sum(one.nanos for one in own),
        unpriced=sum(one.unknown for one in own),
        by=by,
    )


def _one(
    row: Told, means: Mapping[tuple[str, str], float], fits: Mapping[tuple[str, str], Sample]
) -> Saving:
    if row.kind == "kept":
        return Saving(row.count, row.nanos, row.unknown, measured=True)
    mean = means.get((row.tenant, row.part), means.get((row.tenant, "")))
    if row.kind == "completions":
        guessed = None if mean is None else round(mean * row.unknown)
        return Saving(
            row.count,
            row.nanos + (guessed or 0),
            row.unknown if guessed is None else 0,
            measured=not row.unknown,
        )
    fit = fits.get((row.tenant, row.part))
    if fit is not None:
        usual = row.count * fit.chars / fit.count
        cost = fit.cost(row.count, usual if row.chars is None else row.chars)
        return Saving(row.count, max(0, round(cost) - row.nanos))
    if mean is None:
        return Saving(row.count, 0, row.count)
    return Saving(row.count, max(0, round(mean * row.count) - row.nanos))


def _sum(kind: str, rows: list[Saving]) -> Saving:
    return Saving(
        sum(one.count for one in rows),
        sum(one.nanos for one in rows),
        sum(one.unknown for one in rows),
        measured=all(one.measured for one in rows),
    )


def _means(rows: Iterable[Told]) -> dict[tuple[str, str], float]:
    """Return the mean by business and part, and under "" that of the business."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for one in rows:
        for key in {(one.tenant, one.part), (one.tenant, "")}:
            sums[key][0] += one.nanos
            sums[key][1] += one.count - one.unknown
    return {key: nanos / count for key, (nanos, count) in sums.items() if count}
