"""The page of one conversation, from exported files alone: its sessions, and each of its turns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.contract.recount.facts import Facts, Row, at, known_of, total, unpriced, usd
from tests.contract.recount.shown import number, shown, span

NEWEST, SLOWEST, LEAST_MS = 100, 3, 50
"""Turns that are told; stages told in words, and from when on a time is told in words."""


@dataclass
class Told:
    """What one turn has to show: figures of each row in words, and the bars below them."""

    turn: str
    rows: dict[str, list[str]] = field(default_factory=dict)
    bars: list[tuple[float, float, str]] = field(default_factory=list)


def sessions_of(facts: Facts, place: Row, *, lang: str) -> list[list[str]]:
    """Recompute the figures of each session of a conversation, newest first."""
    found = [row for row in facts.of_ever["sessions"] if _there(row, place)]
    found.sort(key=lambda row: -int(row["episode"]))
    return [[*_session(row, lang, facts.zone)] for row in found]


def turns_of(facts: Facts, place: Row, *, lang: str) -> list[Told]:
    """Recompute the figures of the newest turns of a conversation, newest first."""
    found = [row for row in facts.of_ever["turns"] if _there(row, place)]
    found.sort(key=lambda row: (at(row["started_at"]), row["id"]))
    return [_turn(facts, row, lang) for row in [*reversed(found)][:NEWEST]]


def _there(row: Row, place: Row) -> bool:
    return all(row[key] == place[key] for key in ("account", "bot", "number"))


def _session(row: Row, lang: str, zone: str) -> Iterator[str]:
    yield row["episode"]
    for moment in (row["began_at"], row["last_at"]):
        yield str(shown(at(moment), "at", lang=lang, zone=zone))
    if row["rating"]:
        yield row["rating"]
    if int(row["calls"]):
        yield str(shown(known_of([row]), "money", lang=lang, zone=zone))


def _turn(facts: Facts, row: Row, lang: str) -> Told:
    told = Told(row["id"], {"turn": [row["id"]], "version": [row["config"]]})
    told.rows["moment"] = [str(shown(at(row["started_at"]), "at", lang=lang, zone=facts.zone))]
    calls = [one for one in facts.of_ever["model_calls"] if one["turn"] == row["id"]]
    told.rows["cost"] = _cost(row, calls, lang)
    stages = [(name, int(ms)) for name, ms in _listed(row["stages"])]
    waited = [f"{_figure(int(row['waited_ms']) / 1000, 1, lang)} s"] if row["waited_ms"] else []
    slowest = sorted((ms for _, ms in stages), reverse=True)[:SLOWEST]
    told.rows["time"] = [*waited, *(_took(ms, lang) for ms in slowest if ms >= LEAST_MS)]
    rungs = [int(ms) for _, ms in _listed(row["rungs"])]
    told.rows["rungs"] = [f"{_figure(ms / 1000, 1, lang)} s" for ms in rungs if ms >= LEAST_MS]
    told.rows["tools"] = _tools(row["tools"], lang)
    guess, _, percent = row["guess"].rpartition("=")
    shows = guess and row["intent"] in ("", guess)
    told.rows["intent"] = [f"{percent} %"] if shows else []
    longest = float(max((ms for _, ms in stages), default=0))
    told.bars = [(longest, float(ms), span(ms / 1000, lang)) for _, ms in stages if ms >= 1]
    return told


def _cost(row: Row, calls: Sequence[Row], lang: str) -> list[str]:
    asked = [one for one in calls if one["from_cache"] == "0"]
    kept = len(calls) - len(asked)
    if not asked:
        return [str(kept)] if kept and row["outcome"] in ("replied", "handed_off") else []
    tokens = total(asked, "prompt_tokens") + total(asked, "completion_tokens")
    found = [f"{len(asked)}x", f"{number(tokens, lang)} tokens"]
    dear = usd(asked)
    if dear or not unpriced(asked):
        found.append(f"US$ {_figure(dear, 4, lang)}")
    return [*found, str(unpriced(asked))] if unpriced(asked) else found


def _tools(listed: str, lang: str) -> list[str]:
    times: dict[str, list[int]] = {}
    for name, ms in _listed(listed):
        times.setdefault(name, []).append(int(ms))
    found = []
    for runs in times.values():
        found += [f"{len(runs)}x"] if len(runs) > 1 else []
        found.append(_took(sum(runs), lang))
    return found


def _listed(text: str) -> list[tuple[str, str]]:
    parts = [one.rpartition("=") for one in text.split()]
    return [(name, value) for name, _, value in parts]


def _took(ms: int, lang: str) -> str:
    return f"{ms} ms" if ms < 1000 else f"{_figure(ms / 1000, 1, lang)} s"


def _figure(value: float, digits: int, lang: str) -> str:
    text = f"{value:.{digits}f}"
    return text if lang == "en" else text.replace(".", ",")
