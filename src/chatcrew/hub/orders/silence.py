"""``/bot parar`` and ``/bot voltar``: silence the bot in a conversation, let it speak again."""

from dataclasses import dataclass, replace

from chatcrew.hub.orders._order import Kind, Scene
from chatcrew.messages import Silence

_ABOUT = "silence"

STOPPED = "🔇 O bot está em silêncio nesta conversa. Para voltar: `/bot voltar`. (Bot silenced.)"
GOES_ON = "🔊 O bot volta a responder nesta conversa. (The bot answers again.)"
NOT_YET = (
    "🔊 O bot já pode responder, mas esta conversa está com a equipe. Para devolver, atribua a "
    "conversa ao bot e deixe o status como pendente. "
    "(The bot may answer once the conversation is handed back: assign the bot, status pending.)"
)
"""What `/bot voltar` is answered with where status or owner still keep the bot quiet."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Set the conversation's silence; None lets the bot speak."""

    silence: Silence | None

    async def obey(self, scene: Scene) -> str:
        """Set it, also in this turn's own view of the conversation."""
        ctx = scene.ctx
        await scene.powers.turns.silence(ctx.claim, self.silence)
        state = replace(ctx.claim.state, silence=self.silence)
        ctx.claim = replace(ctx.claim, state=state)
        scene.obeyed.lets_speak = self.silence is None
        return GOES_ON if self.silence is None else STOPPED


STOP = Kind(
    "parar",
    "parar pare para silenciar silencio pausar pausa stop pause mute",
    ("`/bot parar`: o bot fica em silêncio nesta conversa",),
    "stop",
    lambda words, now: Quiet(Silence.COMMAND),
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
