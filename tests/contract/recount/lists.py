"""Lists of the pages of figures, from exported files alone: questions, conversations."""

from collections.abc import Callable

from tests.contract.recount.facts import Counted, Facts, Row, at, known_of

GAPS, SESSIONS = 100, 50


def gaps(facts: Facts, page: int = 0) -> Counted:
    """Recompute a page of questions that nothing answered."""
    found = [
        (
            row["question"],
            row["tenant"],
            int(row["count"]),
            at(row["first_at"]),
            at(row["last_at"]),
        )
        for row in facts["gaps"]
    ]
    found.sort(key=lambda row: (-row[2], row[1], row[0]))
    return Counted(sheets={"gaps": ("text name count at at", found[page * GAPS :][:GAPS])})


def conversations(keep: Callable[[Row], bool] = lambda _: True) -> Callable[..., Counted]:
    """Return what recomputes the list of sessions that are kept, the newest first."""

    def recount(facts: Facts, page: int = 0) -> Counted:
        chosen = [row for row in facts["sessions"] if keep(row)]
        chosen.sort(key=lambda row: (at(row["began_at"]), row["bot"], int(row["number"])))
        found = [
            (
                "/".join((row["account"], row["number"], row["episode"])),
                at(row["began_at"]),
                row["tenant"],
                row["ending"],
                row["intent"],
                int(row["turns"]),
                int(row["mood"]) / 1000 if row["mood"] else None,
                int(row["rating"]) if row["rating"] else None,
                known_of([row]) if int(row["calls"]) else None,
            )
            for row in [*reversed(chosen)][page * SESSIONS :][:SESSIONS]
        ]
        kinds = "text at name name name count tenth count money"
        return Counted(sheets={"sessions": (kinds, found)})

    return recount


def unhappy(row: Row) -> bool:
    """Return whether a customer was."""
    return bool(row["mood"] and int(row["mood"]) <= -300) or (row["rating"] in ("1", "2"))
