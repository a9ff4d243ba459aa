"""The page of costs, from exported files alone."""

from collections.abc import Sequence

from tests.contract.recount.facts import (
    Counted,
    Facts,
    Row,
    Value,
    at,
    grouped,
    known_usd,
    of_time,
    reais,
    share,
    total,
    unpriced,
)
from tests.contract.recount.savings import savings

SPENT = "money count count count count count count"


def money(facts: Facts) -> Counted:
    """Recompute the page."""
    page, calls = Counted(), facts["model_calls"]
    limits = shown_limits(facts, page)
    if not calls and not limits:
        return page
    if limits:
        page.sheets["limits"] = ("each", limits)
    of_time(facts, page)
    real = [row for row in calls if row["from_cache"] == "0"]
    cached = len(calls) - len(real)
    attended = [row for row in facts["sessions"] if row["ending"]]
    contained = sum(row["ending"] == "contained" for row in attended)
    cost = known_usd(calls)
    page.told |= {
        "cost_usd": (cost, "money"),
        "cost_session": (None if cost is None else share(cost, len(attended)), "money"),
        "cost_contained": (None if cost is None else share(cost, contained), "money"),
        "cost_calls": (len(real), "count"),
        "cost_cached": (share(cached, len(calls)), "share"),
        "cost_unpriced": (unpriced(calls), "count"),
    }
    reais(facts, page, cost)
    tokens = {"prompt": "prompt_tokens", "answer": "completion_tokens"}
    page.says("fig.cost_session.note", count=(len(attended), "count"))
    page.says("fig.cost_contained.note", count=(contained, "count"))
    page.says(
        "fig.cost_calls.note", **{one: (total(real, key), "count") for one, key in tokens.items()}
    )
    page.says("fig.cost_cached.note", count=(cached, "count"))
    days = grouped(calls, lambda row: facts.day(row, "at"))
    page.sheets["cost_days"] = ("day money", facts.by_day(days, lambda found: (known_usd(found),)))
    for name in ("role", "model", "tenant"):
        groups = grouped(calls, lambda row, name=name: row[name])
        found = [(one, *spent(rows)) for one, rows in groups.items()]
        page.sheets[f"cost_{name}s"] = (f"name {SPENT}", found)
    savings(facts, page)
    return page


def shown_limits(facts: Facts, page: Counted) -> list[tuple[tuple[Value, str], ...]]:
    """Return the limits of money that are shown beside the costs."""
    found: list[tuple[tuple[Value, str], ...]] = []
    for row in facts.of_ever["limits"]:
        bound = row["most"] != ""
        if row["kind"] != "money" or not (bound or (row["span"] == "month" and fig(row, "used"))):
            continue
        kind = {"BRL": "brl"}.get(row["currency"], "money")
        used = fig(row, "used") + fig(row, "reserved")
        if row["forecast"]:
            page.says("cost.forecast", sum=(fig(row, "forecast"), kind))
        if bound:
            most = fig(row, "most")
            found.append(((used, kind), (most, kind), (used / most, "percent")))
        else:
            found.append(((used, kind),))
    return found


def fig(row: Row, key: str) -> float:
    """Return a decimal; an empty cell is nothing."""
    return float(row[key] or 0)


def limits(facts: Facts) -> Counted:
    """Recompute the page of limits."""
    page, shares, refused = Counted(), [], 0
    rows: list[tuple[tuple[Value, str], ...]] = []
    for row in facts.of_ever["limits"]:
        kind = {"BRL": "brl"}.get(row["currency"], "money") if row["kind"] == "money" else "count"
        refused += int(row["refused"])
        used, most = fig(row, "used") + fig(row, "reserved"), fig(row, "most")
        if row["used"] == "":
            page.says("limits.unseen", most=(most, kind))
        elif row["most"] == "":
            page.says("limits.so_far", used=(used, kind))
        else:
            page.says("limits.of", used=(used, kind), most=(most, kind))
            page.says("limits.left", left=(max(0.0, most - used), kind))
            shares.append(used / most)
            rows.append(((used / most, "percent"),))
            if used >= most and row["until"]:
                page.says("limits.back", time=(at(row["until"]), "at"))
        if row["forecast"]:
            page.says("limits.forecast", sum=(fig(row, "forecast"), kind))
        if int(row["refused"]):
            page.says("limits.refusals", count=(int(row["refused"]), "count"))
    page.told |= {
        "full": (sum(one >= 1 for one in shares), "count"),
        "near": (sum(0.8 <= one < 1 for one in shares), "count"),
        "refused": (refused, "count"),
    }
    if rows:
        page.sheets["limits"] = ("each", rows)
    return page


def spent(calls: Sequence[Row]) -> tuple[Value, ...]:
    """Cost, calls, answers of our cache, failures, tokens, calls without a price."""
    real = [row for row in calls if row["from_cache"] == "0"]
    failed = sum(bool(row["error"]) for row in real)
    tokens = (total(real, "prompt_tokens"), total(real, "completion_tokens"))
    return (known_usd(calls), len(real), len(calls) - len(real), failed, *tokens, unpriced(calls))
