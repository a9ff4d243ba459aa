"""Reports as tables of plain values: what a terminal, a file and a digest show alike."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from chatcrew.analytics import (
    SAVERS,
    Costs,
    Overview,
    Savings,
    Session,
    Spend,
    Trial,
)
from chatcrew.tenancy.model import Exchange

Cell = str | int | float | None

DOLLAR = 1_000_000_000
_TIMES = ("p50", "p95", "p99")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table.

    Attributes:
        name: which.
        columns: their keys; ``docs/reports.md`` says what each is.
        rows: a value for each column; None: nobody knows, or there is nothing to reckon with.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...] = ()

    def records(self) -> list[dict[str, Cell]]:
        """Return the rows by their columns' keys."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def brl(nanos: int, exchange: Exchange | None) -> float | None:
    """Return reais for billionths of a dollar; None where nobody says what a dollar is."""
    return None if exchange is None else round(nanos / DOLLAR * exchange.brl, 6)


def summary(seen: Overview, saved: Savings, exchange: Exchange | None) -> Sheet:
    """Return what an owner looks at first, a row for each figure."""
    ends, rated, spend = seen.outcomes, seen.satisfaction, seen.spend
    rows: list[tuple[str, Cell]] = [
        *((name, getattr(seen, name)) for name in ("users", "conversations", "sessions")),
        *((name, getattr(seen, name)) for name in ("heard", "said")),
        ("turns", sum(seen.turns.values())),
        *(
            (name, getattr(ends, name))
            for name in ("containment", "escalation", "durability", "depth")
        ),
        *((f"answer_ms_{name}", getattr(seen.answer, name)) for name in _TIMES),
        ("promise_kept", _part(seen.kept, seen.kept + seen.missed)),
        ("satisfaction", rated.mean),
        ("satisfied", rated.share),
        ("cost_usd", spend.known_usd),
        ("cost_brl", _spent_brl(spend, exchange)),
        ("unpriced_calls", spend.unpriced),
        ("cost_usd_session", _part(spend.known_usd, ends.attended)),
        ("cost_usd_contained", _part(spend.known_usd, ends.contained)),
        ("saved_usd", saved.saved / DOLLAR),
        ("saved_brl", brl(saved.saved, exchange)),
    ]
    return Sheet("summary", ("figure", "value"), tuple(rows))


_SPENT = ("calls", "failed", "prompt_tokens", "completion_tokens", "cached_tokens")


def costs(name: str, found: Mapping[str, Spend], exchange: Exchange | None) -> Sheet:
    """Return a row for each role, model, tenant or day.

    Args:
        name: ``roles``, ``models``, ``tenants`` or ``days``.
        found: what each used.
        exchange: what a dollar is.
    """
    columns = (name.removesuffix("s"), *_SPENT, "cost_usd", "cost_brl", "unpriced_calls")
    rows = (
        (
            key,
            *(getattr(one, field) for field in _SPENT),
            one.known_usd,
            _spent_brl(one, exchange),
            one.unpriced,
        )
        for key, one in found.items()
    )
    return Sheet(name, columns, tuple(rows))


def days(found: Costs, exchange: Exchange | None) -> Sheet:
    """Return a row for each day."""
    return costs("days", {one.day.isoformat(): one.spend for one in found.days}, exchange)


_OF_SESSION: Mapping[str, Callable[[Session], Cell]] = {
    "tenant": lambda one: one.tenant,
    "bot": lambda one: one.bot,
    "conversation": lambda one: one.number,
    "session": lambda one: one.episode,
    "began_at": lambda one: one.began_at.isoformat(timespec="seconds"),
    "ending": lambda one: one.ending,
    "reason": lambda one: one.reason,
    "turns": lambda one: one.turns,
    "intent": lambda one: one.intent,
    "mood": lambda one: one.mood,
    "rating": lambda one: one.rating,
    "variant": lambda one: one.variant,
    "tokens": lambda one: one.spend.tokens,
    "cost_usd": lambda one: one.spend.known_usd,
    "unpriced_calls": lambda one: one.spend.unpriced,
}


def conversations(found: Iterable[Session]) -> Sheet:
    """Return a row for each session of a conversation; no customer's word and no name."""
    rows = (tuple(of(one) for of in _OF_SESSION.values()) for one in found)
    return Sheet("conversations", tuple(_OF_SESSION), tuple(rows))


def saved(found: Savings, exchange: Exchange | None) -> Sheet:
    """Return a row for each thing that saves, and what all would have cost without (N6)."""
    rows: list[tuple[Cell, ...]] = []
    for kind in SAVERS:
        if kind in found.by:
            one = found.by[kind]
            how = "measured" if one.measured else "estimated"
            told = (one.usd, brl(one.nanos, exchange), one.unknown, how)
            rows.append((kind, one.count, *told))
    for kind, nanos in (("spent", found.spent), ("without", found.without)):
        told = (nanos / DOLLAR, brl(nanos, exchange), found.unpriced, "")
        rows.append((kind, None, *told))
    return Sheet("savings", ("saver", "count", "usd", "brl", "unknown", "how"), tuple(rows))


def experiments(tenant: str, found: Sequence[Trial]) -> list[tuple[Cell, ...]]:
    """Return a row for each measure of each experiment of a tenant; see ``EXPERIMENT``."""
    rows: list[tuple[Cell, ...]] = []
    for trial in found:
        for measure, pair in trial.shares.items():
            told = trial.differences[measure]
            values = (pair[name] for name in ("a", "b"))
            arms = [cell for one in values for cell in (one.count, one.value, one.low, one.high)]
            value = told.value
            rows.append((tenant, trial.name, measure, *arms, value, told.low, told.high))
            rows[-1] += (told.verdict,)
    return rows


EXPERIMENT = (
    *("tenant", "experiment", "measure"),
    *(f"{arm}_{what}" for arm in ("a", "b") for what in ("count", "share", "low", "high")),
    *("difference", "difference_low", "difference_high", "verdict"),
)
"""Columns of experiments."""


def narrow(sheet: Sheet) -> Sheet:
    """Return experiments as a terminal has room for them: each variant in one cell, in percent."""
    if sheet.name != "experiments":
        return sheet
    rows = tuple(
        (*row[:3], _arm(*row[3:7]), _arm(*row[7:11]), _arm(None, *row[11:14]), row[14])
        for row in sheet.rows
    )
    return Sheet(sheet.name, (*EXPERIMENT[:3], "arm_a", "arm_b", "difference", "verdict"), rows)


def _arm(count: Cell, value: Cell, low: Cell, high: Cell) -> str | None:
    if not isinstance(value, float) or not isinstance(low, float) or not isinstance(high, float):
        return None
    of = "" if count is None else f" n={count}"
    return f"{value:.0%} ({low:.0%}…{high:.0%}){of}"


def _part(value: float | None, count: int) -> float | None:
    return value / count if count and value is not None else None


def _spent_brl(spend: Spend, exchange: Exchange | None) -> float | None:
    """Return reais; None where no call has a known price, or nobody says what a dollar is."""
    return None if spend.known_usd is None else brl(spend.nanos, exchange)
