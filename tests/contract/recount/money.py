"""The page of costs, from exported files alone."""

from collections.abc import Sequence

from tests.contract.recount.facts import (
    Counted,
    Facts,
    Row,
    Value,
    grouped,
    known_usd,
    of_time,
    reais,
    share,
    total,
    unpriced,
    usd,
)

SPENT = "money count count count count count count"


def money(facts: Facts) -> Counted:
    """Recompute the page."""
    page, calls = Counted(), facts["model_calls"]
    if not calls:
        return page
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
    page.sheets["cost_days"] = ("day money", facts.by_day(days, lambda found: (usd(found),)))
    for name in ("role", "model", "tenant"):
        groups = grouped(calls, lambda row, name=name: row[name])
        found = [(one, *spent(rows)) for one, rows in groups.items()]
        page.sheets[f"cost_{name}s"] = (f"name {SPENT}", found)
    return page


def spent(calls: Sequence[Row]) -> tuple[Value, ...]:
    """Cost, calls, answers of our cache, failures, tokens, calls without a price."""
    real = [row for row in calls if row["from_cache"] == "0"]
    failed = sum(bool(row["error"]) for row in real)
    tokens = (total(real, "prompt_tokens"), total(real, "completion_tokens"))
    return (usd(calls), len(real), len(calls) - len(real), failed, *tokens, unpriced(calls))
