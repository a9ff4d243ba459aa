"""The overview, from exported files alone."""

from collections import Counter
from datetime import timedelta

from tests.contract.recount.facts import (
    Counted,
    Facts,
    at,
    durable,
    grouped,
    known_usd,
    numbers,
    of_time,
    percentile,
    reais,
    share,
    total,
    unpriced,
)
from tests.contract.recount.operations import standing, waited

ENDINGS = ("contained", "handed_off", "taken_over", "abandoned", "going_on")
ASKED = 5


def overview(facts: Facts) -> Counted:
    """Recompute the page."""
    page = Counted()
    _needs(facts, page)
    if facts["sessions"] or facts["turns"] or facts["model_calls"]:
        of_time(facts, page)
        _tiles(facts, page)
        _sheets(facts, page)
    return page


def _needs(facts: Facts, page: Counted) -> None:
    owed, parked = len(standing(facts)), sum(bool(r["parked_at"]) for r in facts.of_ever["queue"])
    longest = waited(facts, free=True)
    if owed > 1:
        page.says("overview.owed", count=(owed, "count"))
    if parked > 1:
        page.says("overview.parked", count=(parked, "count"))
    if longest is not None and longest > 60:
        page.says("overview.longest", time=(longest, "s"))


def _tiles(facts: Facts, page: Counted) -> None:
    sessions, turns, calls = facts["sessions"], facts["turns"], facts["model_calls"]
    ends = Counter(row["ending"] for row in sessions)
    ended = sum(ends.values()) - ends[""] - ends["going_on"]
    kept, matured = durable(sessions, facts.now)
    users = {(row["account"], row["contact"]) for row in sessions if row["contact"]}
    lately = facts.now - timedelta(minutes=30)
    active = sum(
        not r["closed_at"] and at(r["last_at"]) > lately for r in facts.of_ever["sessions"]
    )
    answers, firsts = numbers(turns, "waited_ms"), numbers(sessions, "first_reply_ms")
    promised = Counter(row["promise"] for row in turns)
    promises = promised["kept"] + promised["missed"]
    stars = numbers(sessions, "rating")
    satisfied = share(sum(one >= 4 for one in stars), len(stars))
    cost = known_usd(calls)
    solved = None if cost is None else share(cost, ends["contained"])
    page.told |= {
        "containment": (share(ends["contained"], ended), "share"),
        "durability": (share(kept, matured), "share"),
        "sessions": (len(sessions), "count"),
        "answer_p50": (percentile(answers, 50), "ms"),
        "first_reply_p50": (percentile(firsts, 50), "ms"),
        "promise": (share(promised["kept"], promises), "share"),
        "satisfaction": (share(sum(stars), len(stars)), "score"),
        "usd": (cost, "money"),
        "usd_contained": (solved, "money"),
    }
    said = page.says
    said("fig.containment.note", part=(ends["contained"], "count"), whole=(ended, "count"))
    if matured:
        said("fig.durability.note", part=(kept, "count"), whole=(matured, "count"))
    said("fig.sessions.note", users=(len(users), "count"), active=(active, "count"))
    for name, times in (("answer_p50", answers), ("first_reply_p50", firsts)):
        if (most := percentile(times, 95)) is not None:
            said(f"fig.{name}.note", p95=(most / 1000, "s"))
    said("fig.promise.note", part=(promised["kept"], "count"), whole=(promises, "count"))
    if stars:
        said("fig.satisfaction.note", count=(len(stars), "count"), share=(satisfied, "percent"))
    reais(facts, page, cost)
    if unpriced(calls):
        said("figures.unpriced", count=(unpriced(calls), "count"))


def _sheets(facts: Facts, page: Counted) -> None:
    turns = grouped(facts["turns"], lambda row: facts.day(row, "finished_at"))
    calls = grouped(facts["model_calls"], lambda row: facts.day(row, "at"))
    every = {one: turns.get(one, []) for one in {*turns, *calls}}
    attended = [row for row in facts["sessions"] if row["ending"]]
    ends = Counter(row["ending"] for row in attended)
    reasons = Counter(row["reason"] for row in attended if int(row["handed"]))
    gaps = sorted((-int(r["count"]), r["tenant"], r["question"]) for r in facts["gaps"])[:ASKED]
    page.sheets |= {
        "turns": (
            "day count count",
            facts.by_day(
                every,
                lambda found: tuple(
                    sum(row["outcome"] == one for row in found) for one in ("replied", "handed_off")
                ),
            ),
        ),
        "messages": (
            "day count count",
            facts.by_day(every, lambda found: (total(found, "heard"), total(found, "said"))),
        ),
        "spend": (
            "day money",
            facts.by_day(
                {one: calls.get(one, []) for one in {*turns, *calls}},
                lambda rows: (known_usd(rows),),
            ),
        ),
        "endings": (
            "name count share",
            [(one, ends[one], ends[one] / len(attended)) for one in ENDINGS if attended],
        ),
        "reasons": ("name count", list(reasons.items())),
    }
    if gaps:
        page.sheets["gaps"] = ("text times", [(question, -n) for n, _, question in gaps])
