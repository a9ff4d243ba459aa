"""``/bot parear`` and ``/bot desparear``: let an operator's browser see the tab, and end that."""

import re
from dataclasses import dataclass
from datetime import datetime

from chatcrew.hub.orders._order import Kind, Order, Scene

PAIRED = (
    "🔗 Navegador pareado com {by} por 12 horas. Não foi você? `/bot desparear` encerra todas as "
    "suas sessões. (Browser paired; `/bot unpair` ends all of your sessions.)"
)
NOBODY_WAITS = (
    "❓ Nenhum navegador espera com esse código nesta conversa. Abra a aba *chatcrew* aqui e "
    "escreva o código que ela mostra: ele vale 10 minutos, e três erros o anulam. "
    "(No browser waits here with this code.)"
)
NO_CODE = (
    "❓ Falta o código de quatro números que a aba *chatcrew* mostra: `/bot parear 4821`. "
    "(Which code?)"
)
NOT_KNOWN = "❓ Não sei quem escreveu esta nota, então nada foi pareado. (Unknown author.)"
ENDED = "🔒 Suas sessões na aba foram encerradas: {count}. (Your sessions were ended.)"

_CODE = re.compile(r"#?\s*([0-9]{2})[ .-]?([0-9]{2})[.!]?")


@dataclass(frozen=True, slots=True)
class Pair:
    """Pair the browser that shows a code."""

    code: str

    async def obey(self, scene: Scene) -> str:
        """Redeem the code for the note's author."""
        given = scene.given
        if given.user_id is None:
            return NOT_KNOWN
        paired = await scene.powers.ordered.pairing.redeem(
            scene.ctx.claim,
            self.code,
            user_id=given.user_id,
            user_name=given.by,
            order=f"{scene.ctx.claim.state.id.bot}:{given.key}",
        )
        return PAIRED.format(by=given.by or "você") if paired else NOBODY_WAITS


@dataclass(frozen=True, slots=True)
class Unpair:
    """End the author's sessions."""

    async def obey(self, scene: Scene) -> str:
        """End them all."""
        user_id = scene.given.user_id
        if user_id is None:
            return NOT_KNOWN
        count = await scene.powers.ordered.pairing.revoke(scene.ctx.claim, user_id=user_id)
        return ENDED.format(count=count)


def _pair(words: str, now: datetime) -> Order | str:
    found = _CODE.fullmatch(words.strip("` "))
    return NO_CODE if found is None else Pair(found[1] + found[2])


PAIR = Kind(
    "parear",
    "parear pareie pair",
    ("`/bot parear 4821`: abre a aba *chatcrew* no seu navegador, com o código que ela mostra",),
    "pair 4821",
    _pair,
)
UNPAIR = Kind(
    "desparear",
    "desparear despareie unpair",
    ("`/bot desparear`: encerra as suas sessões na aba",),
    "unpair",
    lambda words, now: Unpair(),
)
