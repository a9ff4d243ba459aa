"""From the records of a turn to its account; whatever a record holds, reading it never fails."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from chatcrew.errors import Refusal
from chatcrew.ledger import TurnFacts, TurnUsage
from chatcrew.messages import ConversationState, OwnerKind, Rung, StoredPart
from chatcrew.why._values import Account, Cite, IntentTold, PartTold, Spent, Standing, ToolTold

_OWNERS = {OwnerKind.PERSON: "person", OwnerKind.BOT: "bot", OwnerKind.OTHER_AI: "other_ai"}


def account(
    facts: TurnFacts,
    usage: TurnUsage,
    parts: Sequence[StoredPart],
    *,
    acted: Sequence[ToolTold] = (),
) -> Account:
    """Return the account of one turn.

    Args:
        facts: its row.
        usage: what its model calls used.
        parts: its part of the outbox.
        acted: its calls that act outside of Chatwoot.
    """
    told = Account(
        turn=facts.turn_id,
        conversation=str(facts.conversation),
        at=facts.started_at,
        decided_at=facts.decided_at,
        state=facts.state.value,
        attempts=facts.attempts,
        worker=facts.worker,
        parts=tuple(
            PartTold(one.kind.value, one.state.value, one.error, one.message_id) for one in parts
        ),
        spent=_spent(usage, {}),
        tools=tuple(acted),
    )
    record = facts.record
    if record is None:
        return told
    details = record.details
    return replace(
        told,
        tenant=record.tenant,
        outcome=record.outcome.value,
        reason=record.reason,
        crew=record.crew,
        function=record.function,
        engine=record.engine,
        language=_text(details.get("language")),
        config=record.config,
        intent=_intent(details),
        cites=tuple(_cites(details.get("cites"))),
        read=tuple(_cites(details.get("read"))),
        tools=_tools(details, acted),
        rungs=tuple(_rungs(details.get("rungs"))),
        stages={name: _rounded(ms) for name, ms in record.stage_ms.items()},
        waited_ms=_whole(details.get("waited_ms")),
        promise=_text(details.get("promise")) or None,
        spent=_spent(usage, details),
        roles=tuple(_texts(details.get("roles"))),
        burst=_whole(details.get("burst")) or 0,
        kinds=tuple(_texts(details.get("kinds"))),
        limit=_limit(details.get("limit")),
    )


def _limit(value: object) -> Refusal | None:
    """Return the limit that a record tells of; one that is written otherwise is none."""
    try:
        return Refusal(**value) if isinstance(value, dict) else None
    except TypeError:
        return None


def standing(state: ConversationState, *, quiet: str | None) -> Standing:
    """Return who answers now.

    Args:
        state: our row of the conversation.
        quiet: why the bot may not speak, by the gate.
    """
    owner = state.snapshot.owner
    nobody = "nobody" if state.snapshot.owner_known else "unknown"
    return Standing(
        conversation=str(state.id),
        tenant=state.tenant,
        channel=state.channel,
        status=state.snapshot.status,
        owner=nobody if owner is None else _OWNERS[owner.kind],
        owner_name=owner.name if owner is not None else None,
        quiet=quiet,
        since=state.silenced_at if state.silence is not None else None,
        until=state.silence_until if state.silence is not None else None,
        by=(state.silence_by or None) if state.silence is not None else None,
        function=state.function,
        waiting=state.due_at,
        parked_at=state.parked_at,
    )


def _intent(details: Mapping[str, Any]) -> IntentTold | None:
    """Return the intent that was taken, else the nearest one that was not sure enough."""
    name = _text(details.get("intent"))
    guess = details.get("guess")
    near, chance, runner_up = "", 0.0, ""
    if isinstance(guess, list) and len(guess) == 3:
        near, runner_up = _text(guess[0]), _text(guess[2])
        chance = float(guess[1]) if isinstance(guess[1], int | float) else 0.0
    if not name:
        return IntentTold(near, "near", "", chance, runner_up) if near else None
    matched = details.get("matched")
    if isinstance(matched, Mapping) and matched.get("how") != "guessed":
        return IntentTold(name, _text(matched.get("how")), _text(matched.get("phrase")))
    if near == name:
        return IntentTold(name, "guessed", "", chance, runner_up)
    return IntentTold(name, "")


def _cites(found: Any) -> Iterable[Cite]:
    for one in _maps(found):
        yield Cite(
            _text(one.get("kind")),
            _text(one.get("name")),
            places=tuple(_texts(one.get("places"))),
            key=_text(one.get("key")),
            same=tuple(_texts(one.get("same"))),
            known=False,
        )


def _tools(details: Mapping[str, Any], acted: Sequence[ToolTold]) -> tuple[ToolTold, ...]:
    """Return the tools that roles called, each once; of those that act, each call."""
    told: dict[str, ToolTold] = {name: ToolTold(name, "called") for name in _asked(details)}
    for run in details.get("tool_runs", ()) if isinstance(details.get("tool_runs"), list) else ():
        if not (isinstance(run, list) and len(run) == 3):
            continue
        name, ms = _text(run[0]), _rounded(run[2])
        before = told.get(name)
        known = before if before is not None and before.fate != "called" else None
        fate = "ok" if run[1] else "failed"
        told[name] = ToolTold(
            name,
            fate,
            calls=1 if known is None else known.calls + 1,
            ms=ms if known is None else (known.ms or 0.0) + ms,
        )
    own = {one.name for one in acted}
    return (*(one for name, one in told.items() if name not in own), *acted)


def _asked(details: Mapping[str, Any]) -> list[str]:
    return list(_texts(details.get("tools")))


def _rungs(found: Any) -> Iterable[Rung]:
    for one in _maps(found):
        yield Rung(_text(one.get("name")), _text(one.get("end")), _rounded(one.get("ms")))


def _spent(usage: TurnUsage, details: Mapping[str, Any]) -> Spent:
    model = _text(details.get("model"))
    return Spent(
        calls=usage.calls,
        failed=usage.failed,
        from_cache=usage.from_cache,
        prompt_tokens=usage.usage.prompt_tokens,
        completion_tokens=usage.usage.completion_tokens,
        cost=usage.cost,
        unpriced=usage.unpriced,
        models=(model,) if model else (),
    )


def _maps(found: Any) -> Iterable[Mapping[str, Any]]:
    return (one for one in found if isinstance(one, Mapping)) if isinstance(found, list) else ()


def _texts(found: Any) -> Iterable[str]:
    return (one for one in found if isinstance(one, str)) if isinstance(found, list | tuple) else ()


def _text(found: Any) -> str:
    return found if isinstance(found, str) else ""


def _whole(found: Any) -> int | None:
    return int(found) if isinstance(found, int | float) else None


def _rounded(found: Any) -> float:
    """Return milliseconds as whole ones, halves away from nothing: as files and figures do."""
    ms = float(found) if isinstance(found, int | float) else 0.0
    return math.floor(ms + 0.5)
