"""What operators rule on: carries out what they approve, and says what they read of it."""

from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

import orjson

from chatcrew.app import ruling_texts as texts
from chatcrew.hub.ports import Configurations, Ruling
from chatcrew.messages import (
    ActKind,
    Claim,
    ConversationState,
    PlannedPart,
    ToolResult,
)
from chatcrew.tenancy.model import Tenant
from chatcrew.tools import ApprovedEffects, CallRow, CallState, Effects, ToolCalls


class CarryOut(Protocol):
    """Calls a tool of a tenant with JSON arguments, through given effects."""

    def __call__(
        self, tenant: Tenant, state: ConversationState, *, tool: str, arguments: str, by: Effects
    ) -> Awaitable[ToolResult]:
        """Return what it answered."""
        ...


_RULED = {
    True: (CallState.APPROVED, CallState.ACTING, CallState.DONE, CallState.UNKNOWN),
    False: (CallState.DENIED,),
}
"""States that a call has once it was approved, or denied."""

_ZONE = "America/Sao_Paulo"


class ToolRulings:
    """Satisfies ``hub.ports.Rulings``.

    Args:
        calls: the record.
        configurations: whose tools there are now.
        carry_out: calls one.
    """

    def __init__(
        self, calls: ToolCalls, *, configurations: Configurations, carry_out: CarryOut
    ) -> None:
        self._calls = calls
        self._configurations = configurations
        self._carry_out = carry_out

    async def rule(
        self, claim: Claim, number: int, *, approve: bool, by: str, reason: str
    ) -> Ruling:
        """See ``Rulings.rule``."""
        asked = await self._calls.call(number)
        if asked is not None and asked.tenant != claim.state.tenant:
            # of the business that had this inbox before
            return Ruling(texts.NO_SUCH.format(number=number))
        row = await self._calls.rule(claim.key, number, approve=approve, by=by, reason=reason)
        if row is None:
            known = await self._calls.call(number)
            if known is None or known.conversation != claim.key.conversation:
                return Ruling(texts.NO_SUCH.format(number=number))
            if known.ruled_turn != claim.key.turn_id or known.state not in _RULED[approve]:
                return Ruling(texts.not_waiting(known))
            row = known
        if not approve:
            return Ruling(texts.denied(row), told=texts.told_denied(row))
        return await self._approved(claim, row)

    async def requests(self, claim: Claim) -> str:
        """See ``Rulings.requests``."""
        waiting = await self._calls.waiting(claim.key.conversation)
        rows = [row for row in waiting if row.tenant == claim.state.tenant]
        if not rows:
            return texts.NOTHING_WAITS
        asked = [texts.asked(row, until=self._until(row)) for row in rows]
        return "\n\n---\n\n".join(asked)

    async def expire(self, claim: Claim, number: int) -> Ruling | None:
        """See ``Rulings.expire``."""
        row = await self._calls.expire(claim.key, number)
        if row is None:
            return None
        return Ruling(texts.expired(row), told=texts.told_expired(row), to_people=True)

    async def duties(self, claim: Claim, *, told: bool) -> Sequence[PlannedPart]:
        """See ``Rulings.duties``."""
        parts: list[PlannedPart] = []
        for row in await self._calls.of_turn(claim.key.turn_id):
            if row.state is CallState.WAITING and row.expires_at is not None:
                parts += (
                    _note(texts.asked(row, until=self._until(row))),
                    _expiry(row, row.expires_at),
                )
            elif row.state in (CallState.ACTING, CallState.UNKNOWN):
                parts.append(_note(texts.in_doubt(row)))
            elif row.state is CallState.DONE and row.ok and not told:
                parts.append(_note(texts.done_unsaid(row)))
        return parts

    async def _approved(self, claim: Claim, row: CallRow) -> Ruling:
        """Carry the call out, once, and say what came of it."""
        tenant = self._configurations.current.tenants.get(row.tenant)
        if tenant is not None:
            arguments = orjson.dumps(dict(row.arguments)).decode()
            by = ApprovedEffects(self._calls, key=claim.key, number=row.id)
            result = await self._carry_out(
                tenant, claim.state, tool=row.tool, arguments=arguments, by=by
            )
        else:
            result = ToolResult(ok=False, text="")
        fresh = await self._calls.call(row.id) or row
        if fresh.state in (CallState.UNKNOWN, CallState.ACTING):
            return Ruling(texts.in_doubt(fresh), told=texts.told_in_doubt(fresh))
        if fresh.state is CallState.APPROVED:
            # The tool is gone, or takes other arguments by now: it was never called
            await self._calls.act(claim.key, row.id)
            await self._calls.end(row.id, CallState.FAILED, result=result)
        return Ruling(texts.carried_out(row, result), told=texts.told_carried_out(row, result))

    def _until(self, row: CallRow) -> datetime | None:
        if row.expires_at is None:
            return None
        tenant = self._configurations.current.tenants.get(row.tenant)
        return row.expires_at.astimezone(ZoneInfo(tenant.timezone if tenant else _ZONE))


def _note(words: str) -> PlannedPart:
    return PlannedPart(ActKind.NOTE, {"content": words}, gated=False)


def _expiry(row: CallRow, at: datetime) -> PlannedPart:
    payload = {"kind": "approval", "due_at": int(at.timestamp()) + 1, "key": f"approval:{row.id}"}
    return PlannedPart(ActKind.TIMER, {**payload, "payload": {"call": row.id}}, gated=False)
