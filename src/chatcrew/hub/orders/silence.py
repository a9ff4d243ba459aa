"""``/bot parar`` and ``/bot voltar``: silence the bot in a conversation, let it speak again."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from chatcrew.hub.moments import moment
from chatcrew.hub.orders._order import LONGEST, Kind, Order, Scene, fold
from chatcrew.hub.shaping import literal
from chatcrew.messages import Silence

_ABOUT = "silence"

STOPPED = "🔇 O bot está em silêncio nesta conversa. Para voltar: `/bot voltar`. (Bot silenced.)"
PAUSED = (
    "🔇 O bot está em silêncio nesta conversa até {until}; depois volta sozinho. Para voltar "
    "antes: `/bot voltar`. (Bot paused.)"
)
WHY = "Motivo: {why}"
GOES_ON = "🔊 O bot volta a responder nesta conversa. (The bot answers again.)"
NOT_YET = (
    "🔊 O bot já pode responder, mas esta conversa está com a equipe. Para devolver: "
    "`/bot devolver`, ou atribua a conversa ao bot e deixe o status como pendente. "
    "(The bot may answer once the conversation is handed back: `/bot hand-back`.)"
)
"""What `/bot voltar` is answered with where status or owner still keep the bot quiet."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Set the conversation's silence; None lets the bot speak.

    Attributes:
        silence: why, or None.
        until: when it ends by itself, in the business's zone; None: by a command.
        why: the operator's reason.
    """

    silence: Silence | None
    until: datetime | None = None
    why: str = ""

    async def obey(self, scene: Scene) -> str:
        """Set it, also in this turn's own view of the conversation."""
        ctx, given = scene.ctx, scene.given
        until = self.until.astimezone(UTC) if self.until is not None else None
        quiet = self.silence is not None
        by, upto = (given.by, 0) if quiet else ("", given.message_id)
        await scene.powers.turns.silence(
            ctx.claim, self.silence, until=until, by=by, why=self.why, upto=upto
        )
        state = replace(
            ctx.claim.state,
            silence=self.silence,
            silence_until=until,
            silence_by=by,
            silence_why=self.why,
        )
        ctx.claim = replace(ctx.claim, state=state if quiet else replace(state, spoke_id=0))
        scene.obeyed.lets_speak = not quiet
        return self._said() if quiet else GOES_ON

    def _said(self) -> str:
        until = self.until
        words = STOPPED if until is None else PAUSED.format(until=f"{until:%d/%m/%Y %H:%M}")
        return f"{words}\n\n{WHY.format(why=literal(self.why))}" if self.why else words


def _stop(words: str, now: datetime) -> Order:
    """Read ``2h almoço``: a moment first, as reminders have it, then the reason; both may lack."""
    meant = moment(fold(words), now)
    if meant is None:
        return Quiet(Silence.COMMAND, why=words[:LONGEST])
    at, used = meant
    return Quiet(Silence.COMMAND, at, " ".join(words.split()[used:])[:LONGEST])


STOP = Kind(
    "parar",
    "parar pare para silenciar silencio pausar pausa stop pause mute",
    (
        "`/bot parar`: o bot fica em silêncio nesta conversa",
        "`/bot pausar 2h motivo`: fica em silêncio por 2 horas e volta sozinho "
        "(também `30min`, `18:00`, `amanhã 9h`)",
    ),
    "stop, pause 2h reason",
    _stop,
    about=_ABOUT,
)
GO_ON = Kind(
    "voltar",
    "voltar volte volta retomar continuar resume unmute unpause",
    ("`/bot voltar`: o bot volta a responder",),
    "resume",
    lambda words, now: Quiet(None),
    about=_ABOUT,
)
