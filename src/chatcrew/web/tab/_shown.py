"""How times, sums and names are shown in the tab; pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from chatcrew.intents import plain
from chatcrew.messages import Fact
from chatcrew.why import STAGES, Account, Standing, done, engine, function, reason, stage


def state_of(standing: Standing) -> str:
    """Return who answers, for the head of the tab: ``bot``, ``person``, ``quiet`` and so on."""
    if standing.status in ("resolved", "snoozed"):
        return standing.status
    if standing.owner in ("person", "other_ai"):
        return standing.owner
    if (standing.quiet or "").startswith("silenced_by_"):
        return "quiet"
    if standing.quiet is None:
        return "bot"
    return "team" if standing.status == "open" else "quiet"


def replied(turn: Account) -> bool:
    """Return whether the customer read something of this turn, which may be judged."""
    return any(one.kind == "message" and one.state in ("sent", "unknown") for one in turn.parts)


def newest_reply(turns: Sequence[Account]) -> str:
    """Return the newest turn of which the customer read something, or "": it can be corrected."""
    return next((one.turn for one in turns if replied(one)), "")


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """Return a time of day."""
    return f"{moment.astimezone(zone):%H:%M}"


def day(moment: datetime, zone: ZoneInfo) -> str:
    """Return a date with its time of day."""
    return f"{moment.astimezone(zone):%d/%m %H:%M}"


def seconds(ms: float | None, language: str) -> str:
    """Return a length of time as people read it: 850 ms, 1,3 s."""
    if ms is None:
        return ""
    if ms < 1000:
        return f"{ms:.0f} ms"
    text = f"{ms / 1000:.1f}"
    return f"{text if language == 'en' else text.replace('.', ',')} s"


def cost(dollars: float, language: str) -> str:
    """Return a cost with as many digits as it takes to be none of zeros."""
    text = f"{dollars:.4f}" if dollars < 0.1 else f"{dollars:.2f}"
    return f"US$ {text if language == 'en' else text.replace('.', ',')}"


def percent(share: float) -> str:
    """Return a share of 1 in percent."""
    return f"{share * 100:.0f} %"


def named(name: str | None, words: Mapping[str, str], prefix: str) -> str:
    """Return the word for a short stable name; one that has none is shown readably itself."""
    if not name:
        return ""
    return words.get(f"{prefix}.{name}") or name.replace("_", " ").replace(":", ": ")


def editable(fact: Fact) -> bool:
    """Return whether a fact is a sentence about the customer, and no mark of ours."""
    return not (fact.about or "").startswith("untold:")


def stages(turn: Account) -> list[tuple[str, float]]:
    """Return the stages that took a millisecond or more, in the order in which a turn walks."""
    order = {name: place for place, name in enumerate(STAGES)}
    known = sorted(turn.stages.items(), key=lambda one: order.get(one[0], len(order)))
    return [(name, ms) for name, ms in known if ms >= 1]


def share(ms: float, stages: Mapping[str, float]) -> int:
    """Return which twentieth of the longest stage this one took, for its bar."""
    longest = max(stages.values(), default=0.0)
    return max(1, round(20 * ms / longest)) if longest > 0 else 1


FILTERS: Mapping[str, Callable[..., Any]] = {
    "clock": clock,
    "cost": cost,
    "day": day,
    "done": done,
    "editable": editable,
    "engine": engine,
    "function": function,
    "named": named,
    "newest_reply": newest_reply,
    "percent": percent,
    "plain": plain,
    "replied": replied,
    "seconds": seconds,
    "reason": reason,
    "share": share,
    "stage": stage,
    "stages": stages,
    "state_of": state_of,
}
