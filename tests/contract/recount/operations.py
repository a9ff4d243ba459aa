"""What waits for the bot and for people, from exported files alone."""

from tests.contract.recount.facts import Counted, Facts, Row, at

SHOWN, MOST_OWED, NEWEST = 100, 200, 50


def standing(facts: Facts) -> list[Row]:
    """Return what people owe, the oldest first; that a talk is to be finished is no answer."""
    found = [
        row for row in facts.of_ever["debts"] if not row["ended_at"] and row["kind"] != "resolution"
    ]
    return sorted(found, key=lambda row: (at(row["opened_at"]), int(row["id"])))


def waited(facts: Facts, *, free: bool = False) -> float | None:
    """Return seconds of the longest wait in the queue.

    Args:
        facts: the files.
        free: of what no worker has.
    """
    due = [row for row in facts.of_ever["queue"] if row["due_at"]]
    some = [row for row in due if row["since"] and not (free and row["running"] == "1")]
    if not some:
        return None
    return max((facts.now - at(row["since"])).total_seconds() for row in some)


def owed(facts: Facts) -> Counted:
    """Recompute the page of customers who wait for a person."""
    page, found = Counted(), standing(facts)
    late = sum(bool(row["next_at"]) and at(row["next_at"]) <= facts.now for row in found)
    longest = (facts.now - at(found[0]["opened_at"])).total_seconds() if found else None
    page.told |= {"owed": (len(found), "count"), "longest": (longest, "s"), "late": (late, "count")}
    rows = [
        (
            f"{row['account']}/{row['number']}",
            row["tenant"],
            row["reason"],
            (facts.now - at(row["opened_at"])).total_seconds(),
            int(row["promised_ms"]) / 1000 if row["promised_ms"] else None,
            int(row["steps"]),
            at(row["next_at"]) if row["next_at"] else None,
        )
        for row in found[:MOST_OWED]
    ]
    if rows:
        page.sheets["owed"] = ("text name name s s count next", rows)
    if len(found) > MOST_OWED:
        page.says("debts.first", count=(MOST_OWED, "count"))
    return page


def mailbox(facts: Facts) -> Counted:
    """Recompute the page of what waits and what is stuck."""
    page, queue = Counted(), facts.of_ever["queue"]
    due = [row for row in queue if row["due_at"]]
    stuck = [row for row in queue if row["parked_at"]]
    unknown = sum(int(row["unknown"]) for row in queue)
    page.told |= {
        "parked": (len(stuck), "count"),
        "waiting": (len(due), "count"),
        "oldest": (waited(facts), "s"),
        "running": (sum(row["running"] == "1" for row in due), "count"),
        "unsent": (sum(int(row["unsent"]) for row in queue), "count"),
    }
    if unknown:
        page.says("mailbox.unknown.note", count=(unknown, "count"))
    stuck.sort(key=lambda row: at(row["parked_at"]), reverse=True)
    if stuck:
        page.sheets["stuck"] = (
            "text name name at",
            [
                (_where(row), row["tenant"], row["parked_reason"], at(row["parked_at"]))
                for row in stuck[:SHOWN]
            ],
        )
    due.sort(key=lambda row: at(row["since"]) if row["since"] else facts.now)
    if due:
        page.sheets["queue"] = (
            "text name name at count state",
            [
                (
                    *(_where(row), row["tenant"], row["channel"]),
                    at(row["since"]) if row["since"] else None,
                    int(row["attempts"]),
                    "running" if row["running"] == "1" else at(row["due_at"]),
                )
                for row in due[:SHOWN]
            ],
        )
    return page


def live(facts: Facts) -> Counted:
    """Recompute the page of turns that have just ended."""
    found = sorted(facts.of_ever["turns"], key=lambda row: at(row["finished_at"]), reverse=True)
    rows = [
        (
            at(row["finished_at"]),
            _where(row),
            int(row["waited_ms"]) / 1000 if row["waited_ms"] else None,
        )
        for row in found[:NEWEST]
    ]
    return Counted(sheets={"live": ("clock text blank", rows)} if rows else {})


def businesses(facts: Facts) -> Counted:
    """Recompute of the page of businesses what is of our records: whose they are, the last turn."""
    page, rows = Counted(), []
    for one in facts.of_ever["tenants"]:
        mine = [row for row in facts.of_ever["turns"] if row["tenant"] == one["tenant"]]
        last = max(mine, key=lambda row: at(row["finished_at"]), default=None)
        began = at(last["started_at"]) if last else None
        rows.append((one["tenant"], one["zone"], began))
    page.told["tenants"] = (len(rows), "count")
    page.sheets["tenants"] = ("text text last", rows)
    return page


def _where(row: Row) -> str:
    return "/".join((row["account"], row["bot"], row["number"]))
