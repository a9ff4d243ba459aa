"""What operators may order in a private note that starts with ``/bot`` (S3-38)."""

from dataclasses import dataclass

from chatcrew.messages import Silence

_STOP = frozenset({"parar", "pare", "silenciar", "pausar", "stop", "pause", "mute"})
_GO_ON = frozenset({"voltar", "volte", "retomar", "continuar", "resume", "unmute"})

HELP = (
    "**Comandos do bot** (escreva em nota privada):\n"
    "- `/bot parar`: o bot fica em silêncio nesta conversa\n"
    "- `/bot voltar`: o bot volta a responder\n"
    "- `/bot ajuda`: esta lista\n\n"
    "Para assumir, basta responder ao cliente ou atribuir a conversa a você. "
    "Para devolver, atribua a conversa ao bot e deixe o status como pendente. "
    "(Take over by replying; hand back by assigning the bot and setting the status to pending.)"
)
_STOPPED = "🔇 O bot está em silêncio nesta conversa. Para voltar: `/bot voltar`. (Bot silenced.)"
_GOES_ON = "🔊 O bot volta a responder nesta conversa. (The bot answers again.)"
NOT_YET = (
    "🔊 O bot já pode responder, mas esta conversa está com a equipe. Para devolver, atribua a "
    "conversa ao bot e deixe o status como pendente. "
    "(The bot may answer once the conversation is handed back: assign the bot, status pending.)"
)
"""What `/bot voltar` is answered with where status or owner still keep the bot quiet."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a command asks for.

    Attributes:
        note: what to tell the operator.
        changes_silence: whether ``silence`` is to be set.
        silence: the new silence, None to let the bot speak.
    """

    note: str
    changes_silence: bool = False
    silence: Silence | None = None

    @property
    def lets_speak(self) -> bool:
        """Whether the bot is asked to answer again."""
        return self.changes_silence and self.silence is None


def read(text: str) -> Order:
    """Read a private note; an unknown word is answered with the list of commands."""
    words = text.strip().lower().split()
    word = words[1] if len(words) > 1 else ""
    if word in _STOP:
        return Order(_STOPPED, changes_silence=True, silence=Silence.COMMAND)
    if word in _GO_ON:
        return Order(_GOES_ON, changes_silence=True)
    return Order(HELP)
