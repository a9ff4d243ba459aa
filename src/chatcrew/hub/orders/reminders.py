"""``/bot lembrete``: a private note at a later moment."""

from dataclasses import dataclass
from datetime import datetime

from chatcrew.hub.moments import moment
from chatcrew.hub.orders._order import LONGEST, Kind, Order, Scene, fold
from chatcrew.messages import ActKind, PlannedPart

NO_MOMENT = (
    "❓ Não entendi quando: `/bot lembrete 2h ligar`, `30min`, `1d`, `14:30`, `amanhã 9h` ou "
    "`25/11 9h`, e depois o texto. (When? Up to one year ahead.)"
)
REMINDS = "⏰ Lembrete anotado para {moment}. (Reminder set.)"


@dataclass(frozen=True, slots=True)
class Remind:
    """Write a note later.

    Attributes:
        at: when.
        words: what the note says.
    """

    at: datetime
    words: str

    async def obey(self, scene: Scene) -> str:
        """Plan the timer; its key is the command that asks for it.

        With the bot, for two Chatwoots count their messages each from one.
        """
        bot = scene.ctx.claim.state.id.bot
        duty = PlannedPart(
            ActKind.TIMER,
            {
                "kind": "reminder",
                "due_at": int(self.at.timestamp()),
                "payload": {"text": self.words, "by": scene.given.by},
                "key": f"reminder:{bot}:{scene.given.key}",
            },
            gated=False,
        )
        scene.obeyed.duties.append(duty)
        return REMINDS.format(moment=f"{self.at:%d/%m/%Y %H:%M}")


def _read(words: str, now: datetime) -> Order | str:
    meant = moment(fold(words), now)
    if meant is None:
        return NO_MOMENT
    at, used = meant
    return Remind(at, " ".join(words.split()[used:])[:LONGEST])


REMIND = Kind(
    "lembrete",
    "lembrete lembrar lembre remind reminder",
    (
        "`/bot lembrete 2h ligar para o cliente`: uma nota privada daqui a 2 horas "
        "(também `30min`, `1d`, `14:30`, `amanhã 9h`, `25/11 9h`)",
    ),
    "remind 2h text",
    _read,
)
