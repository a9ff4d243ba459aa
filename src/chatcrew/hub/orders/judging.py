"""``/bot avaliar``: an operator's word on a reply of the bot's."""

import re
from dataclasses import dataclass
from datetime import datetime

from chatcrew.hub.corrections_port import Correction
from chatcrew.hub.orders._order import Kind, Order, Scene, fold

GOOD = "👍 Anotado: boa resposta. (Noted: a good reply.)"
BAD = (
    "👎 Anotado: resposta ruim. O que seria certo? `/bot corrigir A resposta certa.` "
    "(Noted: a bad reply. What would be right?)"
)
WHICH = "❓ Boa ou ruim? `/bot avaliar bom` ou `/bot avaliar ruim`. (Good or bad?)"
NONE_SUCH = "❓ Não achei essa resposta do bot nesta conversa. (No such reply here.)"

_WORDS = {
    **dict.fromkeys(("bom", "boa", "good", "sim", "certo", "certa"), True),
    **dict.fromkeys(("ruim", "bad", "nao", "errado", "errada", "wrong"), False),
}
_TURN = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Judge:
    """Keep a word on a reply; without a turn, on the newest one."""

    good: bool
    turn: str | None = None

    async def obey(self, scene: Scene) -> str:
        """Keep it under the operator's name."""
        given = scene.given
        known = given.user_id is not None and await scene.powers.ordered.judging.judge(
            scene.ctx.claim, self.turn, user_id=given.user_id, good=self.good
        )
        if not known:
            return NONE_SUCH
        if self.good:
            return GOOD
        wrong = Correction("", rule=False, question="", by=given.by, key=given.key, turn=self.turn)
        await scene.powers.ordered.corrections.propose(scene.ctx.claim, wrong)
        return BAD


def _read(words: str, now: datetime) -> Order | str:
    head, _, rest = words.strip().partition(" ")
    good = _WORDS.get(fold(head).strip("!.,"))
    if good is None:
        return WHICH
    named = _TURN.fullmatch(rest.strip())
    return Judge(good, named[0] if named else None) if named or not rest.strip() else WHICH


JUDGE = Kind(
    "avaliar",
    "avaliar avalie avalia nota rate",
    ("`/bot avaliar bom` ou `/bot avaliar ruim`: o que você acha da última resposta do bot",),
    "rate good",
    _read,
)
