"""The hub's way to keep what operators think of replies."""

from chatcrew.messages import Claim
from chatcrew.why import Account, Judgement, Judgements, Why

_LOOKED_AT = 20
"""Newest turns among which the last reply is looked for."""


class StoredJudging:
    """Satisfies ``hub.judging_port.Judging``."""

    def __init__(self, judgements: Judgements, *, why: Why) -> None:
        self._judgements = judgements
        self._why = why

    async def judge(self, claim: Claim, turn: str | None, *, user_id: int, good: bool) -> bool:
        """Keep a word on a reply that this conversation has had, as its tenant's."""
        tenant, where = claim.state.tenant, claim.key.conversation
        if tenant is None:
            return False
        if turn is None:
            turns = await self._why.turns(where, tenant=tenant, limit=_LOOKED_AT)
            turn = next((one.turn for one in turns if _said(one)), None)
        elif await self._why.turn(where, turn, tenant=tenant) is None:
            turn = None
        if turn is None:
            return False
        await self._judgements.keep(Judgement(turn, where, tenant, user_id, good))
        return True


def _said(turn: Account) -> bool:
    return any(one.kind == "message" and one.state != "skipped" for one in turn.parts)
