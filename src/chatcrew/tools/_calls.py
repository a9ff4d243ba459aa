"""The record of calls that act: what was begun, what came of it, what waits for an operator."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

import orjson

from chatcrew.ids import ConversationId
from chatcrew.messages import ToolResult, TurnKey, clean_json
from chatcrew.tools._effects import EffectCall

LONGEST_RESULT = 8000
"""Characters kept of what a tool answered."""


class CallState(StrEnum):
    """Life of a call."""

    WAITING = "waiting"
    """For an operator."""
    APPROVED = "approved"
    """An operator agreed; it is about to act."""
    ACTING = "acting"
    """Begun. Whoever finds it so after a crash knows only that it may have been done."""
    DONE = "done"
    UNKNOWN = "unknown"
    """Begun, and nobody knows whether it was done: it is never begun again."""
    FAILED = "failed"
    """Certainly not done; the same may be tried again."""
    DENIED = "denied"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call that acts outside of Chatwoot.

    Attributes:
        id: what operators write in ``/bot aprovar 12``.
        tenant: tenant key.
        conversation: where it was called.
        turn_id: in which turn.
        run: in which asking of the crew.
        tool: name.
        digest: of the arguments.
        arguments: as they were checked.
        state: where it stands.
        ok: whether the tool said that it worked.
        result: what it answered.
        made_at: when it was called.
        expires_at: until when an operator may approve; None where nobody has to.
        ruled_by: who approved or denied.
        ruled_turn: in which turn.
        reason: why it was denied.
    """

    id: int
    tenant: str
    conversation: ConversationId
    turn_id: str
    run: str
    tool: str
    digest: str
    arguments: Mapping[str, Any]
    state: CallState
    made_at: datetime
    ok: bool | None = None
    result: str | None = None
    expires_at: datetime | None = None
    ruled_by: str | None = None
    ruled_turn: str | None = None
    reason: str | None = None

    @property
    def answer(self) -> ToolResult:
        """What the tool answered then."""
        return ToolResult(ok=bool(self.ok), text=self.result or "")


@dataclass(frozen=True, slots=True)
class Begun:
    """What became of asking to begin a call.

    Attributes:
        row: the call, maybe one that was begun before.
        mine: the caller is to act now; nobody else ever will.
    """

    row: CallRow
    mine: bool


class ToolCalls(Protocol):
    """The calls of all conversations; every method raises ``StoreError`` while storage is away.

    Methods that take a ``TurnKey`` or an ``EffectCall`` are checked against the fencing number: who
    has lost the conversation begins nothing more (``LeaseLost``).
    """

    async def begin(
        self, call: EffectCall, *, run: str, expires_at: datetime | None = None
    ) -> Begun:
        """Write down that a call begins, or find the call that it is.

        A call of an earlier attempt of the turn stands for the first one of the same tool, with the
        same arguments before any other: a model that is asked again may word them differently.

        Args:
            call: what is to be done; with ``approval`` it waits instead.
            run: which asking of the crew.
            expires_at: until when somebody may approve it.

        Raises:
            LeaseLost: another worker has the conversation.
        """
        ...

    async def end(self, number: int, state: CallState, *, result: ToolResult | None = None) -> None:
        """Write down what came of a call that acted; a fact, so it needs no lease."""
        ...

    async def call(self, number: int) -> CallRow | None:
        """Return one call, or None."""
        ...

    async def rule(
        self, key: TurnKey, number: int, *, approve: bool, by: str, reason: str = ""
    ) -> CallRow | None:
        """Approve or deny a call that waits in this conversation and has not expired.

        Returns:
            The call as it is now; None where it did not wait (``call`` says what it is).

        Raises:
            LeaseLost: another worker has the conversation.
        """
        ...

    async def act(self, key: TurnKey, number: int) -> Begun:
        """Begin a call that was approved in this turn; not ours where it was begun before.

        Raises:
            LeaseLost: another worker has the conversation.
        """
        ...

    async def expire(self, key: TurnKey, number: int) -> CallRow | None:
        """Let a call expire that still waits; None where it does not, but for this very turn.

        Raises:
            LeaseLost: another worker has the conversation.
        """
        ...

    async def of_turn(self, turn_id: str) -> Sequence[CallRow]:
        """Return the calls of a turn in the order in which they were made."""
        ...

    async def waiting(self, conversation: ConversationId) -> Sequence[CallRow]:
        """Return what waits for an operator in a conversation, the oldest first."""
        ...

    async def purge(self, before: datetime) -> int:
        """Forget calls made before that nobody waits for; return how many."""
        ...


def digest_of(arguments: Mapping[str, Any]) -> str:
    """Return what two calls with the same arguments have in common."""
    text = orjson.dumps(clean_json(dict(arguments)), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()


def stands_for(
    rows: Sequence[CallRow], *, tool: str, digest: str, run: str, turn_id: str
) -> CallRow | None:
    """Return the call that a new one already is, or None where it is really new.

    Args:
        rows: calls of the turn, and what waits in the conversation, oldest first.
        tool: name.
        digest: of the arguments.
        run: which asking of the crew.
        turn_id: which turn.
    """
    found = [row for row in rows if row.tool == tool and row.state is not CallState.FAILED]
    same = [row for row in found if row.digest == digest]
    here = [row for row in same if row.turn_id == turn_id]
    if here or same:
        return (here or same)[0]
    earlier = [row for row in found if row.turn_id == turn_id and row.run != run]
    return earlier[0] if earlier else None


def kept(result: ToolResult | None) -> str | None:
    """Return what is kept of an answer."""
    return None if result is None else result.text[:LONGEST_RESULT]
