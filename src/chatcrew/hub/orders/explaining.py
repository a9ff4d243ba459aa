"""``/bot porque``: why the bot said it, or said nothing, down to the lines it rests on (N9)."""

import re
from dataclasses import dataclass
from datetime import datetime

from chatcrew.hub.orders._order import Kind, Order, Scene

WHICH = (
    "❓ Qual delas? `/bot porque` explica a última vez do bot, `/bot porque 2` a penúltima, até "
    "20. (Which turn? 1 is the newest.)"
)

_MOST = 20
_BACK = re.compile(r"(?:qu[eê]\b)?\s*#?\s*([0-9]{1,3})?\s*[?!.]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Explain:
    """Explain one turn, 1 the newest."""

    back: int = 1

    async def obey(self, scene: Scene) -> str:
        """Return its account."""
        return await scene.powers.ordered.whys.told(scene.ctx.claim, back=self.back)


def _explain(words: str, now: datetime) -> Order | str:
    found = _BACK.fullmatch(words)
    if found is None:
        return WHICH
    back = int(found[1] or 1)
    return Explain(back) if 1 <= back <= _MOST else WHICH


WHY = Kind(
    "porque",
    "porque porq pq por why explicar explique explica explain",
    (
        "`/bot porque`: por que o bot disse isso ou está calado, com arquivo e linha; "
        "`/bot porque 2`, a vez anterior",
    ),
    "why",
    _explain,
)
