"""Reach: a channel's window is looked at once, for whatever is to be said (complaint 23)."""

from dataclasses import dataclass, replace

from chatcrew.clock import Clock
from chatcrew.hub import window
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.hub.shaping import literal
from chatcrew.hub.signals import DropTurn
from chatcrew.tenancy.model import MessageTemplate

_WHAT = {
    "followup": ("O retorno combinado não foi enviado", "The follow-up was not sent"),
    "nudge": ("A pergunta se o cliente ainda está aí não foi enviada", "The nudge was not sent"),
    "welcome": ("A saudação não foi enviada", "The welcome was not sent"),
}
_ANSWER = ("A resposta não foi enviada", "The answer was not sent")
_UNSENT = (
    "⏰ **{what}**: a janela de resposta deste canal fechou (24 h no WhatsApp). Envie um modelo "
    "aprovado ou fale por outro meio.\n\n> {text}\n\n"
    "({english}: outside of the channel's window.)"
)
_INSTEAD = (
    "⏰ **{what}: foi o modelo `{name}` no lugar.** A janela de resposta deste canal fechou (24 h "
    "no WhatsApp); quando o cliente responder, o bot continua.\n\n> {text}\n\n"
    "({english}; a template went instead, outside of the channel's window.)"
)
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Reach:
    """Let through what reaches the customer; else send the approved template, or tell people.

    Replies, what operators approved, follow-ups and nudges all come by here.
    """

    clock: Clock
    name: str = "reach"

    async def __call__(self, ctx: TurnContext) -> None:
        """Leave the reply as it is where the window is open.

        Raises:
            DropTurn: it is closed, and nothing may be sent: people read what was to be said.
        """
        reply, now = ctx.reply, self.clock.now()
        if reply is None or not reply.text or ctx.draft is not None:
            return
        if not window.closed(ctx, now):
            return
        form = window.template(ctx) if reply.handoff is None else None
        if form is not None:
            text, params = window.filled(ctx, form, now)
            _tell(ctx, _note(reply, form))
            ctx.reply = replace(reply, text=text, buttons=(), template=params)
        elif reply.handoff is not None:
            _tell(ctx, _note(reply, None))
            ctx.reply = replace(reply, text="", buttons=())
        else:
            reason = f"{reply.reason if reply.reason in _WHAT else 'reply'}_window"
            raise DropTurn(reason, note=_note(reply, None), open_to_people=True)


def _tell(ctx: TurnContext, note: str) -> None:
    ctx.note = "\n\n".join(filter(None, [ctx.note, note]))


def _note(reply: Reply, form: MessageTemplate | None) -> str:
    what, english = _WHAT.get(reply.reason, _ANSWER)
    text = literal(reply.text, limit=_LONGEST)
    if form is None:
        return _UNSENT.format(what=what, english=english, text=text)
    return _INSTEAD.format(what=what, english=english, text=text, name=form.name)
