"""What became of a conversation's newest turns, in plain words and without what anybody said."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chatcrew.ledger import Ledger, TurnFacts, TurnUsage
from chatcrew.messages import ConversationState, OwnerKind, PartState, StoredPart
from chatcrew.outbox import Outbox
from chatcrew.provision.reasons import OUTCOMES, PARTS, RUNGS, STATUSES, WORDS, reason

NOT_ALLOWED = "not_allowed"
"""How the worker notes that it left an act out."""

NEWEST = 5
"""How many turns are told."""


@dataclass(frozen=True, slots=True)
class Told:
    """One turn with what it used and what was sent."""

    facts: TurnFacts
    usage: TurnUsage
    parts: tuple[StoredPart, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """A conversation and its newest turns, newest first; no customer text anywhere."""

    state: ConversationState
    turns: tuple[Told, ...]

    def facts(self) -> dict[str, Any]:
        """Return everything as JSON values."""
        state = self.state
        return {
            "conversation": str(state.id),
            "tenant": state.tenant,
            "channel": state.channel,
            "status": state.snapshot.status,
            "owner": _owner(state),
            "silence": state.silence.value if state.silence else None,
            "function": state.function,
            "waiting": state.due_at.isoformat() if state.due_at else None,
            "parked": state.parked_at.isoformat() if state.parked_at else None,
            "turns": [_turn(told) for told in self.turns],
        }

    def lines(self, language: str) -> Iterator[str]:
        """Yield the story in ``pt-BR`` or ``en``."""
        words = WORDS[language]
        state = self.state
        yield words["head"].format(
            conversation=str(state.id), tenant=state.tenant or "?", channel=state.channel or "?"
        )
        status = STATUSES[language].get(state.snapshot.status or "", state.snapshot.status or "?")
        yield "  " + words["state"].format(status=status, owner=words[f"owner_{_owner(state)}"])
        if state.silence is not None:
            yield "  " + words[f"silence_{state.silence.value}"]
        if state.parked_at is not None:
            yield "  " + words["parked"].format(at=f"{state.parked_at:%Y-%m-%d %H:%M:%S} UTC")
        if state.due_at is not None:
            yield "  " + words["waiting"]
        if not self.turns:
            yield "  " + words["no_turns"]
        for told in self.turns:
            yield from _lines(told, language)


async def story(ledger: Ledger, outbox: Outbox, state: ConversationState) -> Story:
    """Return what became of the newest turns.

    Raises:
        StoreError: the records are away.
    """
    turns = await ledger.turns(state.id, limit=NEWEST)
    told = [
        Told(one, await ledger.usage(one.turn_id), await outbox.parts(one.turn_id)) for one in turns
    ]
    return Story(state, tuple(told))


def _owner(state: ConversationState) -> str:
    owner = state.snapshot.owner
    if owner is None:
        return "nobody" if state.snapshot.owner_known else "unknown"
    return {OwnerKind.PERSON: "person", OwnerKind.BOT: "bot"}.get(owner.kind, "other_ai")


def _rungs(details: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = details.get("rungs")
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _turn(told: Told) -> dict[str, Any]:
    facts, record = told.facts, told.facts.record
    return {
        "turn": facts.turn_id,
        "started": facts.started_at.isoformat(),
        "state": facts.state.value,
        "attempts": facts.attempts,
        "worker": facts.worker,
        "outcome": record.outcome.value if record else None,
        "reason": record.reason if record else None,
        "function": record.function if record else None,
        "crew": record.crew if record else None,
        "engine": record.engine if record else None,
        "config": record.config if record else None,
        "rungs": [dict(one) for one in _rungs(record.details)] if record else [],
        "waited_ms": record.details.get("waited_ms") if record else None,
        "model_calls": told.usage.calls,
        "cost_usd": told.usage.cost,
        "parts": [
            {"kind": part.kind.value, "state": part.state.value, "error": part.error}
            for part in told.parts
        ],
    }


def _lines(told: Told, language: str) -> Iterator[str]:
    words, facts, record = WORDS[language], told.facts, told.facts.record
    at = f"{facts.started_at:%Y-%m-%d %H:%M:%S} UTC"
    if record is None:
        yield f"  {at}  " + words["undecided"].format(attempts=facts.attempts, worker=facts.worker)
        return
    outcome = OUTCOMES[language][record.outcome.value]
    yield f"  {at}  {outcome}: {reason(record.reason, language)}"
    by = [record.engine and words["engine"].format(engine=record.engine)]
    by.append(record.function and words["function"].format(function=record.function))
    waited = record.details.get("waited_ms")
    if isinstance(waited, int | float):
        by.append(words["waited"].format(seconds=waited / 1000))
    if told.usage.calls:
        cost = words["cost"].format(calls=told.usage.calls, cost=told.usage.cost)
        by.append(cost)
    shown = [one for one in by if one]
    if shown:
        yield "    " + ", ".join(shown)
    rungs = [_rung(one, language) for one in _rungs(record.details)]
    if rungs:
        yield "    " + words["rungs"].format(rungs=" → ".join(rungs))
    for part in told.parts:
        if part.state not in (PartState.SENT,):
            kind = PARTS[language].get(part.kind.value, part.kind.value)
            yield f"    {kind}: {_end(part, words)}"


def _end(part: StoredPart, words: Mapping[str, str]) -> str:
    """Return what became of a part that was not sent."""
    if part.error == NOT_ALLOWED:
        return words["part_not_allowed"]
    state = words.get(f"part_{part.state.value}", part.state.value)
    return f"{state} ({part.error})" if part.error else state


def _rung(rung: Mapping[str, Any], language: str) -> str:
    name, end = str(rung.get("name")), str(rung.get("end"))
    said = RUNGS[language].get(name, name)
    ms = rung.get("ms")
    took = f" {ms / 1000:.1f} s" if isinstance(ms, int | float) and ms >= 50 else ""
    return f"{said} ({reason(end, language)}{took})"
