"""Every figure once more, out of exported CSV files alone: knows nothing of chatcrew.

Nothing but the standard library is imported, and every formula is written here a second time, from
``docs/analytics.md``. ``python tests/contract/analytics_recomputed.py FOLDER NOW`` prints the
figures of a folder with ``turns.csv``, ``model_calls.csv``, ``moves.csv``, ``ratings.csv`` and
``sessions.csv``.
"""

import csv
import json
import sys
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

E24 = (10, 11, 12, 13, 15, 16, 18, 20, 22, 24, 27, 30)
E24 += (33, 36, 39, 43, 47, 51, 56, 62, 68, 75, 82, 91)
WEEK, DAY = timedelta(days=7), timedelta(days=1)
SPENT = ("calls", "failed", "from_cache", "prompt_tokens", "completion_tokens", "cached_tokens")
SPENT += ("nanos", "unpriced", "estimated")


def read(folder: Path, name: str) -> list[dict[str, str]]:
    """Return the rows of an exported file."""
    with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return [
            {key: value.removeprefix("'") for key, value in row.items()}
            for row in csv.DictReader(file)
        ]


def moment(text: str) -> datetime:
    """Return a moment."""
    return datetime.fromisoformat(text)


def on_scale(ms: int) -> int:
    """Return the step of the scale that is no shorter."""
    if ms <= 0:
        return 0
    if ms < 10:
        return ms
    scale = 1
    while True:
        for step in E24:
            if step * scale >= ms:
                return step * scale
        scale *= 10


def times(measured: list[int]) -> list[float]:
    """Return count, mean, p50, p95, p99."""
    if not measured:
        return [0, 0.0, 0, 0, 0]
    steps = sorted(on_scale(one) for one in measured)
    ranks = [steps[-(-len(steps) * share // 100) - 1] for share in (50, 95, 99)]
    return [len(steps), sum(measured) / len(measured), *ranks]


def pairs(text: str) -> list[tuple[str, int]]:
    """Return the names and milliseconds of ``admit=3 answer=900``."""
    found = (one.rpartition("=") for one in text.split())
    return [(name, int(ms)) for name, _, ms in found]


def spend(calls: list[dict[str, str]]) -> dict[str, int]:
    """Return what calls used."""
    total = dict.fromkeys(SPENT, 0)
    for call in calls:
        if call["from_cache"] == "1":
            total["from_cache"] += 1
            continue
        total["calls"] += 1
        total["failed"] += call["error"] != ""
        for name in ("prompt_tokens", "completion_tokens", "cached_tokens"):
            total[name] += int(call[name])
        total["nanos"] += int(call["nanos"] or 0)
        total["unpriced"] += call["nanos"] == ""
        total["estimated"] += call["estimated"] == "1"
    return total


def sessions(turns, moves, ratings, calls, now) -> dict[tuple[str, str, str], dict]:
    """Return each session with its ending, out of turns, moves, ratings and calls."""
    found = defaultdict(list)
    for turn in turns:
        found[(turn["bot"], turn["number"], turn["episode"])].append(turn)
    moved = defaultdict(list)
    for move in moves:
        moved[(move["bot"], move["number"])].append(move)
    of_turn = defaultdict(list)
    for call in calls:
        of_turn[call["turn"]].append(call)
    rated = {}
    for one in sorted(ratings, key=lambda row: (moment(row["at"]), int(row["message_id"]))):
        rated[(one["bot"], one["number"], one["episode"])] = int(one["rating"])
    made = {}
    for key, mine in found.items():
        mine.sort(key=lambda turn: (moment(turn["finished_at"]), turn["id"]))
        spoke = [one for one in mine if one["outcome"] in ("replied", "handed_off")]
        handed = [one for one in mine if one["outcome"] in ("handed_off", "parked")]
        story = sorted(moved[key[:2]], key=lambda move: int(move["id"]))
        here = [one for one in story if one["episode"] == key[2] and one["kind"] != "spoke"]
        closed = back = None
        if here and here[-1]["kind"] == "resolved":
            closed = moment(here[-1]["at"])
            later = [
                one
                for one in story
                if int(one["id"]) > int(here[-1]["id"])
                and int(one["episode"]) > int(key[2])
                and one["kind"] not in ("spoke", "resolved")
            ]
            back = moment(later[0]["at"]) if later else None
        waits = [int(one["waited_ms"]) for one in spoke if one["waited_ms"]]
        last = max(moment(one["finished_at"]) for one in mine)
        made[key] = one = {
            "tenant": mine[-1]["tenant"],
            "began": min(moment(one["started_at"]) for one in mine),
            "attended": bool(spoke or handed),
            "handed": bool(handed),
            "reason": handed[0]["handoff"] if handed else "",
            "taken": any(move["kind"] == "spoke" and move["episode"] == key[2] for move in story),
            "over": closed is not None or last <= now - DAY,
            "waits": bool(spoke) and spoke[-1]["reason"].startswith("slot:"),
            "closed": closed,
            "back": closed is not None and back is not None and back - closed < WEEK,
            "replies": sum(one["outcome"] in ("replied", "handed_off", "parked") for one in mine),
            "first_reply": waits[0] if waits else None,
            "waited": waits,
            "rating": rated.get(key),
            "config": spoke[-1]["config"] if spoke else "",
            "function": spoke[-1]["function"] if spoke else "",
            "spend": spend([call for turn in mine for call in of_turn[turn["id"]]]),
        }
        one["ending"] = ending(one)
    return made


def ending(one: dict) -> str | None:
    """Return the one way in which a session ended."""
    if not one["attended"]:
        return None
    if one["handed"]:
        return "handed_off"
    if one["taken"]:
        return "taken_over"
    if not one["over"]:
        return "going_on"
    return "abandoned" if one["waits"] else "contained"


def outcomes(chosen: list[dict], now: datetime) -> dict[str, object]:
    """Return how sessions ended."""
    attended = [one for one in chosen if one["attended"]]
    contained = [one for one in attended if one["ending"] == "contained"]
    matured = [
        one
        for one in contained
        if one["closed"] is not None and (one["closed"] <= now - WEEK or one["back"])
    ]
    count = Counter(one["ending"] for one in attended)
    return {
        "sessions": len(chosen),
        "attended": len(attended),
        **{
            name: count[name]
            for name in ("contained", "abandoned", "handed_off", "taken_over", "going_on")
        },
        "reasons": dict(Counter(one["reason"] for one in chosen if one["handed"])),
        "closed": sum(one["closed"] is not None for one in attended),
        "reopened": sum(one["back"] for one in attended),
        "matured": len(matured),
        "durable": sum(not one["back"] for one in matured),
        "replies": sum(one["replies"] for one in chosen),
    }


def satisfaction(chosen: list[dict]) -> list[int]:
    """Return count, sum, and how many gave four or five."""
    stars = [one["rating"] for one in chosen if one["rating"] is not None]
    return [len(stars), sum(stars), sum(one >= 4 for one in stars)]


def figures(folder: Path, now: datetime, *, zones: dict[str, str]) -> dict[str, object]:
    """Return every figure."""
    turns, calls = read(folder, "turns"), read(folder, "model_calls")
    made = sessions(turns, read(folder, "moves"), read(folder, "ratings"), calls, now)
    chosen = list(made.values())
    spoke = [one for one in turns if one["outcome"] in ("replied", "handed_off")]
    waited = [int(one["waited_ms"]) for one in turns if one["waited_ms"]]

    def day(row: dict[str, str], column: str) -> str:
        zone = ZoneInfo(zones.get(row["tenant"], "UTC"))
        return str(moment(row[column]).astimezone(zone).date())

    days: dict[str, Counter[str]] = defaultdict(Counter)
    for turn in turns:
        here = days[day(turn, "finished_at")]
        here["turns"] += 1
        here[turn["outcome"]] += 1
        here["heard"] += int(turn["heard"])
        here["said"] += int(turn["said"])
    by: dict[str, dict[str, list]] = {name: defaultdict(list) for name in ("day", "role", "model")}
    by["tenant"] = defaultdict(list)
    for call in calls:
        by["day"][day(call, "at")].append(call)
        for name in ("role", "model", "tenant"):
            by[name][call[name]].append(call)
    stages, rungs, engines = defaultdict(list), defaultdict(list), defaultdict(list)
    for turn in turns:
        for name, ms in pairs(turn["stages"]):
            stages[name].append(ms)
        for name, ms in pairs(turn["rungs"]):
            rungs[name].append(ms)
        if turn["waited_ms"]:
            engines[turn["engine"]].append(int(turn["waited_ms"]))
    moods = [int(one["mood"]) for one in turns if one["mood"]]
    intents = defaultdict(list)
    for turn in spoke:
        intents[turn["intent"]].append(turn)
    people = {(one["account"], one["contact"]) for one in read(folder, "sessions")} - {("acme", "")}
    first_replies = [one["first_reply"] for one in chosen if one["first_reply"] is not None]
    cost = {
        name: {key: spend(rows) for key, rows in divided.items()} for name, divided in by.items()
    }
    return {
        "outcomes": outcomes(chosen, now),
        "satisfaction": satisfaction(chosen),
        "users": len(people),
        "conversations": len({key[:2] for key in made}),
        "turns": dict(Counter(one["outcome"] for one in turns)),
        "heard": sum(int(one["heard"]) for one in turns),
        "said": sum(int(one["said"]) for one in turns),
        "promise": [sum(one["promise"] == name for one in turns) for name in ("kept", "missed")],
        "answer": times(waited),
        "first_reply": times(first_replies),
        "days": {name: dict(one) for name, one in sorted(days.items())},
        "spend": spend(calls),
        "cost": cost,
        "stages": {name: times(one) for name, one in stages.items()},
        "rungs": {name: times(one) for name, one in rungs.items()},
        "engines": {name: times(one) for name, one in engines.items()},
        "intents": {
            name: [len(rows), sum(one["outcome"] == "handed_off" for one in rows)]
            for name, rows in intents.items()
        },
        "moods": [
            sum(one <= -300 for one in moods),
            sum(-300 < one < 300 for one in moods),
            sum(one >= 300 for one in moods),
            sum(moods),
        ],
        "signals": dict(Counter(name for one in turns for name in one["signals"].split())),
        "cohorts": {
            by_what: {
                name: {
                    "outcomes": outcomes(mine, now),
                    "satisfaction": satisfaction(mine),
                    "nanos": sum(one["spend"]["nanos"] for one in mine),
                    "waited": [
                        sum(len(one["waited"]) for one in mine),
                        sum(sum(one["waited"]) for one in mine),
                    ],
                }
                for name in sorted({one[by_what] for one in chosen if one["attended"]})
                for mine in [[one for one in chosen if one["attended"] and one[by_what] == name]]
            }
            for by_what in ("config", "function", "tenant")
        },
    }


if __name__ == "__main__":
    found = figures(Path(sys.argv[1]), moment(sys.argv[2]), zones={})
    sys.stdout.write(json.dumps(found, indent=1))
