"""Follow: say what was promised for now, or ask a silent customer, or close (S3-72)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chatcrew.clock import Clock
from chatcrew.hub import grounding, idle, window
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.hub.due import INACTIVITY
from chatcrew.hub.shaping import literal
from chatcrew.hub.signals import DropTurn, FinishTurn
from chatcrew.messages import AuthorKind

_PEOPLE = (AuthorKind.PERSON, AuthorKind.PHONE)
_UNFOUNDED = (
    "⏰ **O retorno combinado não foi enviado**: o texto tinha dados que não estão nas informações "
    "da empresa.\n\n> {text}\n\n(The follow-up was not sent: it could not be verified.)"
)
_OPTED_OUT = (
    "🔕 **O retorno combinado não foi enviado**: o cliente pediu para não receber mensagens."
    "\n\n> {text}\n\n(The follow-up was not sent: the customer opted out.)"
)


@dataclass(frozen=True, slots=True)
class Follow:
    """Render what came due; where it may not be sent, people are told."""

    clock: Clock
    name: str = "follow"

    async def __call__(self, ctx: TurnContext) -> None:
        """Answer with the follow-up, the nudge or the goodbye, if the turn has one.

        Raises:
            FinishTurn: it is said now.
            DropTurn: a person has spoken since, the customer wants no messages, people are not at
                work, or its text cannot be verified.
        """
        due = ctx.due
        if due is None:
            return
        kind = INACTIVITY if due.get("timer") == INACTIVITY else "followup"
        after = int(due.get("after", 0))
        if any(one.message_id > after and one.author.kind in _PEOPLE for one in ctx.history):
            raise DropTurn(f"{kind}_person_spoke")
        now = self.clock.now()
        if kind == INACTIVITY:
            raise FinishTurn(idle.said(ctx, due, now))
        raise FinishTurn(_follow_up(ctx, due, now))


def _follow_up(ctx: TurnContext, due: Mapping[str, Any], now: datetime) -> Reply:
    text = window.rendered(str(due.get("text", "")), ctx, now)
    if ctx.opted_out:
        raise _given_up("followup_opted_out", _OPTED_OUT, text)
    sources = grounding.of_turn(ctx, day=grounding.today(ctx, now))
    if grounding.has_secret(text) or sources.unfounded(text):
        raise _given_up("followup_unfounded", _UNFOUNDED, text)
    return Reply(text, engine="timer", reason="followup", trusted=True)


def _given_up(reason: str, note: str, text: str) -> DropTurn:
    return DropTurn(reason, note=note.format(text=literal(text, limit=500)), open_to_people=True)
