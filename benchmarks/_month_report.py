"""What a simulated month came to, as lines and targets; the same month gives the same bytes."""

import re
from collections import Counter

from benchmarks._figures import Report, percentile
from benchmarks._month import Lived
from benchmarks.distribution import jain

LOW, HIGH = 0.75, 0.85
PROMISE = 3.0
"""Seconds from a customer's last word to the bot's first, at p95 (design §4)."""
FAIR = 0.98
OVER = 0.05
WORKED = range(5)
"""Days after a Monday on which people work the whole day."""
FEW, ENOUGH = 50, 300
"""Talks broken into, and handed over, from which on shares of them say something."""


def tell(report: Report, lived: Lived, *, days: int) -> None:
    """Print the month."""
    seen, books = lived.seen, lived.books
    report.title(f"{days} days, {seen.messages.total():,} messages, {seen.conversations:,} talks")
    report.line("messages by", _shares(seen.messages))
    report.line("turns", _shares(books.turns))
    report.line("most of them", _first(books.reasons, 5))
    report.line("calls to Chatwoot, webhooks", f"{lived.requests.total():,}, {lived.webhooks:,}")
    _answers(report, lived)
    _people(report, lived, days)
    _cost(report, lived)
    broken = books.broken.total()
    told = f"{broken}{f' ({_shares(books.broken)})' if broken else ''}"
    report.title("Promises")
    report.target("broken: silent, twice, out of order, over", told, met=not broken, wanted="0")


def _answers(report: Report, lived: Lived) -> None:
    seen, books = lived.seen, lived.books
    report.title("The bot")
    times = ", ".join(f"p{p} {percentile(seen.answers, p / 100):.2f}" for p in (50, 95, 99))
    report.target(
        f"seconds until it answered ({len(seen.answers):,} bursts)",
        times,
        met=percentile(seen.answers, 0.95) <= PROMISE,
        wanted=f"p95 <= {PROMISE:g}",
    )
    report.line("talks that ended without people", f"{seen.contained / seen.conversations:.1%}")
    depths = sorted(books.depths.elements())
    report.line(
        "conversations in the queue, every 5 min",
        f"p50 {percentile(depths, 0.5):.0f}, p99 {percentile(depths, 0.99):.0f}, "
        f"most {max(depths)}; the oldest had waited {books.oldest:.1f} s",
    )
    over = len(seen.late) / seen.asides if seen.asides else 0.0
    report.aim(
        f"talked over, of {seen.asides} talks a person broke into",
        f"{len(seen.late)} ({over:.1%})",
        met=over <= OVER,
        wanted=f"<= {OVER:.0%}" if seen.asides >= FEW else "",
    )
    counted = _metric(lived.metrics, "chatcrew_talkover_seconds_count")
    report.target(
        "the metric counted",
        f"{counted:.0f}",
        met=counted == len(seen.late),
        wanted=str(len(seen.late)),
    )


def _people(report: Report, lived: Lived, days: int) -> None:
    seen = lived.seen
    report.title("The people")
    report.line("talks handed over", f"{seen.handed:,} ({seen.handed / seen.conversations:.1%})")
    given = {one: count for one, count in sorted(seen.given.items()) if one}
    report.line("given, by person", " ".join(str(count) for count in given.values()))
    report.line("served, by person", " ".join(str(n) for _, n in sorted(seen.served.items())))
    rates = [given.get(one, 0) / (hours / 3600) for one, hours in sorted(seen.hours.items())]
    if given:
        report.aim(
            "index of fairness, by hour at work",
            f"{jain(rates):.4f}",
            met=jain(rates) >= FAIR,
            wanted=f">= {FAIR}" if sum(given.values()) >= ENOUGH else "",
        )
    report.line("most that waited for one person at once", str(seen.most))
    waits = [one.waited / 60 for one in lived.debts if one.waited is not None]
    shares = ", ".join(f"p{p} {percentile(waits, p / 100):.1f}" for p in (50, 90, 99))
    report.line("minutes at work until a person answered", shares if waits else "none")
    endings = Counter("open" if one.ending is None else one.ending.value for one in lived.debts)
    report.line("what was owed ended", _shares(endings))
    report.aim(
        "waits of which nobody knows an end, a day after the last customer",
        str(endings["open"]),
        met=not endings["open"],
        wanted="0" if days % 7 in WORKED else "",
    )
    forgotten = seen.handed - seen.served.total()
    report.target(
        "customers whom no person ever served", str(forgotten), met=forgotten <= 0, wanted="0"
    )
    found = lived.calibration
    if found is not None:
        report.aim(
            f"waits inside what was promised ({found.promises:,})",
            f"{found.within:.1%}",
            met=LOW <= found.within <= HIGH,
            wanted="80 ± 5 %" if found.promises >= ENOUGH else "",
        )


def _cost(report: Report, lived: Lived) -> None:
    books, usd = lived.books, lived.books.nanos / 1e9
    report.title("The money (gpt-4o-mini as priced, four characters a token)")
    tokens = ", ".join(f"{name} {count:,}" for name, count in sorted(books.tokens.items()))
    report.line("calls, tokens", f"{books.calls:,}, {tokens}")
    report.line("cost, of a talk", f"US$ {usd:.2f}, US$ {usd / lived.seen.conversations:.5f}")
    free = sum(
        count
        for reason, count in books.reasons.items()
        if reason.startswith(("replied: intent", "replied: cache", "handed_off: intent"))
    )
    answered = books.turns["replied"] + books.turns["handed_off"]
    report.line("answered without a call", f"{free / max(1, answered):.1%}")


def _shares(counted: Counter[str]) -> str:
    whole = max(1, counted.total())
    rows = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return ", ".join(f"{name} {count:,} ({count / whole:.0%})" for name, count in rows)


def _first(counted: Counter[str], most: int) -> str:
    rows = sorted(counted.items(), key=lambda one: (-one[1], one[0]))[:most]
    return "; ".join(f"{name} {count:,}" for name, count in rows)


def _metric(page: str, name: str) -> float:
    rows = (re.fullmatch(rf"{name}(?:{{.*}})? (\S+)", row) for row in page.splitlines())
    return sum(float(one[1]) for one in rows if one)
