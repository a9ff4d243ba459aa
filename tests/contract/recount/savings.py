"""What was not spent, from exported files alone: ``docs/analytics.md`` has the formulas."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from tests.contract.recount.facts import Counted, Facts, Row, Value, grouped, total

DOLLAR = 1_000_000_000
SAVERS = ("shortcut", "knowledge", "kept", "completions", "bursts")
LEAST = 30
Place = tuple[str, str]


def savings(facts: Facts, page: Counted) -> None:
    """Recompute the sheet of what was not spent, and its sum."""
    of_turn = grouped(facts.of_ever["model_calls"], lambda row: row["turn"])
    spoke = [row for row in facts["turns"] if row["outcome"] in ("replied", "handed_off")]
    turns = [(row, kind_of(row, of_turn.get(row["id"], []))) for row in spoke]
    own = {row["id"]: total(asked(of_turn.get(row["id"], [])), "nanos") for row in spoke}
    found: dict[str, list[tuple[int, int, int, bool]]] = defaultdict(list)
    costs = Costs(turns, own, of_turn)
    for place, rows in grouped(spoke, where).items():
        for kind in ("shortcut", "knowledge"):
            those = [row for row, known in turns if known == kind and where(row) == place]
            if those:
                spent = sum(own[row["id"]] for row in those)
                found[kind].append(costs.spared(place, len(those), weight(those, "weight"), spent))
        many = [row for row in rows if int(row["heard"]) > 1]
        if many:
            # what is alike is looked at together: by how it was answered
            for kind in sorted({known for _, known in turns}):
                those = [row for row, known in turns if known == kind and where(row) == place]
                more = sum(max(0, int(row["heard"]) - 1) for row in those)
                if more:
                    burst = [row for row in those if int(row["heard"]) > 1]
                    lengths = weight(burst, "more_weight")
                    found["bursts"].append(costs.spared(place, more, lengths, 0))
        again = [row for row in rows if row["kept"] == "1"]
        if again:
            unknown = sum(not row["kept_nanos"] for row in again)
            found["kept"].append((len(again), total(again, "kept_nanos"), unknown, True))
    found["completions"] = completions(facts["model_calls"])
    cells: list[tuple[Value, ...]] = []
    saved = known = 0
    for kind in SAVERS:
        if found[kind]:
            count, nanos, unknown = (sum(one[at] for one in found[kind]) for at in range(3))
            measured = all(one[3] for one in found[kind])
            usd = nanos / DOLLAR if nanos or not unknown else None
            cells.append((kind, count, usd, unknown, "measured" if measured else "estimated"))
            saved, known = saved + nanos, known + (usd is not None)
    page.sheets["cost_savings"] = ("name count money count name", cells)
    page.told["cost_saved"] = (saved / DOLLAR if known else None, "money")
    if known:
        without = (sum(own.values()) + saved) / DOLLAR
        page.says("fig.cost_saved.note", sum=(without, "money"))


class Costs:
    """What turns that asked a model cost.

    Args:
        turns: with how each was answered.
        own: what each cost.
        of_turn: the calls of each.
    """

    def __init__(
        self,
        turns: Sequence[tuple[Row, str]],
        own: Mapping[str, int],
        of_turn: Mapping[str, Sequence[Row]],
    ) -> None:
        self._means: dict[Place, list[int]] = defaultdict(lambda: [0, 0])
        self._samples: dict[Place, list[tuple[int, int]]] = defaultdict(list)
        for row, kind in turns:
            calls = of_turn.get(row["id"], [])
            priced = all(call["nanos"] for call in asked(calls))
            if kind == "asked":
                for place in {where(row), (row["tenant"], "")}:
                    self._means[place][0] += own[row["id"]]
                    self._means[place][1] += priced
            if row["engine"] == "intent" or not row["weight"]:
                continue
            worth = worth_of(row, calls)
            if worth is not None:
                self._samples[where(row)].append((int(row["weight"]), worth))

    def spared(
        self, place: Place, count: int, lengths: int | None, spent: int
    ) -> tuple[int, int, int, bool]:
        """Return what so many turns would have cost beyond what they did."""
        sample = self._samples.get(place)
        if sample:
            chars = sum(one for one, _ in sample)
            usual = count * chars / len(sample)
            cost = line(sample, count, usual if lengths is None else lengths)
            return (count, max(0, round(cost) - spent), 0, False)
        nanos, many = self._means.get(place) or self._means.get((place[0], "")) or (0, 0)
        if not many:
            nanos, many = self._means.get((place[0], "")) or (0, 0)
        if not many:
            return (count, 0, count, False)
        return (count, max(0, round(nanos / many * count) - spent), 0, False)


def line(sample: Sequence[tuple[int, int]], count: int, chars: float) -> float:
    """Return what so many turns of such length cost, by least squares."""
    many = len(sample)
    length, nanos = (sum(one[at] for one in sample) for at in (0, 1))
    squares, products = (sum(one[0] * one[at] for one in sample) for at in (0, 1))
    spread = squares - length**2 / many
    if many < LEAST or spread <= 0:
        return nanos / many * count
    slope = max(0.0, (products - length * nanos / many) / spread)
    return max(0.0, count * (nanos / many) + slope * (chars - count * length / many))


def completions(calls: Iterable[Row]) -> list[tuple[int, int, int, bool]]:
    """Return what calls that were given again would have cost, by business, role and model."""
    right = [row for row in calls if not row["error"]]
    first = [row for row in right if row["from_cache"] == "0"]
    found = []
    again = [row for row in right if row["from_cache"] == "1"]
    for (tenant, role, model), rows in grouped(again, named).items():
        unknown = sum(not row["spared_nanos"] for row in rows)
        alike = [row for row in first if named(row) == (tenant, role, model) and row["nanos"]]
        alike = alike or [row for row in first if row["tenant"] == tenant and row["nanos"]]
        guess = round(total(alike, "nanos") / len(alike) * unknown) if alike else 0
        nanos = total(rows, "spared_nanos") + guess
        found.append((len(rows), nanos, 0 if alike else unknown, not unknown))
    return found


def kind_of(row: Row, calls: Sequence[Row]) -> str:
    """Return how a turn was answered."""
    if row["kept"] == "1":
        return "own"
    if row["engine"] == "intent":
        return "shortcut"
    if asked(calls):
        return "asked"
    return "knowledge" if row["engine"] == "faq" else "own"


def worth_of(row: Row, calls: Sequence[Row]) -> int | None:
    """Return what a turn would have cost had nothing been given again; None: nobody knows."""
    if row["kept"] == "1":
        return int(row["kept_nanos"]) if row["kept_nanos"] else None
    again = [call for call in calls if call["from_cache"] == "1"]
    known = all(call["spared_nanos"] for call in again)
    if not calls or not known or not all(call["nanos"] for call in asked(calls)):
        return None
    return total(asked(calls), "nanos") + total(calls, "spared_nanos")


def asked(calls: Sequence[Row]) -> list[Row]:
    """Return the calls that reached a model."""
    return [call for call in calls if call["from_cache"] == "0"]


def weight(rows: Sequence[Row], column: str) -> int | None:
    """Return how much a model would have read and written; None where one did not count it."""
    return total(rows, column) if all(row[column] for row in rows) else None


def where(row: Row) -> Place:
    """Return business and function."""
    return row["tenant"], row["function"]


def named(row: Row) -> tuple[str, str, str]:
    """Return business, role and model."""
    return row["tenant"], row["role"], row["model"]
