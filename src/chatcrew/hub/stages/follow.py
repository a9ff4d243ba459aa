"""Follow: say what was promised for now, if it is still true and may still be said (S3-72)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chatcrew.clock import Clock
from chatcrew.hub import grounding
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.hub.shaping import literal
from chatcrew.hub.signals import DropTurn, FinishTurn
from chatcrew.messages import AuthorKind

_PEOPLE = (AuthorKind.PERSON, AuthorKind.PHONE)
_HELLOS = {
    "pt-BR": ("Bom dia", "Boa tarde", "Boa noite"),
    "en": ("Good morning", "Good afternoon", "Good evening"),
}
_CLOSED = (
    "⏰ **O retorno combinado não foi enviado**: a janela de resposta deste canal fechou (24 h no "
    "WhatsApp). Envie um modelo aprovado ou fale por outro meio.\n\n> {text}\n\n"
    "(The follow-up was not sent: outside of the channel's window.)"
)
_UNFOUNDED = (
    "⏰ **O retorno combinado não foi enviado**: o texto tinha dados que não estão nas informações "
    "da empresa.\n\n> {text}\n\n(The follow-up was not sent: it could not be verified.)"
)


@dataclass(frozen=True, slots=True)
class Follow:
    """Render a follow-up that came due; where it may not be sent, people are told."""

    clock: Clock
    name: str = "follow"

    async def __call__(self, ctx: TurnContext) -> None:
        """Answer with the follow-up, if the turn has one.

        Raises:
            FinishTurn: it is said now.
            DropTurn: a person has spoken since, the channel's window is closed, or its text cannot
                be verified.
        """
        due = ctx.due
        if due is None:
            return
        after = int(due.get("after", 0))
        if any(one.message_id > after and one.author.kind in _PEOPLE for one in ctx.history):
            raise DropTurn("followup_person_spoke")
        now = self.clock.now().astimezone(ZoneInfo(ctx.our_tenant().timezone))
        text = rendered(str(due.get("text", "")), ctx, now)
        if _is_closed(ctx, due, now):
            raise _given_up("followup_window", _CLOSED, text)
        sources = grounding.of_turn(ctx, day=now.date())
        if grounding.has_secret(text) or sources.unfounded(text):
            raise _given_up("followup_unfounded", _UNFOUNDED, text)
        raise FinishTurn(Reply(text, engine="timer", reason="followup", trusted=True))


def rendered(text: str, ctx: TurnContext, now: datetime) -> str:
    """Return the text as of now: the customer's name and the time of day.

    Args:
        text: with ``{nome}`` and ``{saudacao}``, if it wants.
        ctx: the turn.
        now: in the business's time zone.
    """
    names = (ctx.claim.state.snapshot.contact.name or "").split()
    hellos = _HELLOS.get(ctx.our_tenant().language, _HELLOS["pt-BR"])
    hello = hellos[0 if now.hour < 12 else 1 if now.hour < 18 else 2]
    said = text.replace("{saudacao}", hello).replace("{saudação}", hello)
    if names:
        return said.replace("{nome}", names[0])
    for gap in (", {nome}", " {nome}", "{nome}"):
        said = said.replace(gap, "")
    return said


def _is_closed(ctx: TurnContext, due: Mapping[str, Any], now: datetime) -> bool:
    """Return whether free text is too late, counted from the customer's own last word.

    The turn that promised it may have come long after that word: by a command, or an approval.
    """
    until = due.get("window_until")
    if until is None:
        return False
    said = [one.created_at for one in ctx.history if one.author.kind is AuthorKind.CUSTOMER]
    hours = due.get("window_hours")
    late = bool(said) and hours is not None and now > max(said) + timedelta(hours=float(hours))
    return late or now.timestamp() > float(until)


def _given_up(reason: str, note: str, text: str) -> DropTurn:
    return DropTurn(reason, note=note.format(text=literal(text, limit=500)), open_to_people=True)
