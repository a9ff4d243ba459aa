"""``/bot aprovar``, ``/bot negar`` and ``/bot pedidos``: rule on risky calls (S1-33)."""

import re
from dataclasses import dataclass

from chatcrew.hub.orders._order import LONGEST, Kind, Order, Scene

NO_NUMBER = (
    "❓ Falta o número do pedido: `/bot aprovar 12` ou `/bot negar 12 motivo`. "
    "Para ver os pedidos: `/bot pedidos`. (Which request?)"
)
ONE_AT_A_TIME = (
    "❓ Um pedido de cada vez, para não haver engano: `/bot aprovar 12`, depois `/bot aprovar 13`. "
    "Nada foi feito. (One request at a time; nothing was done.)"
)

_ANOTHER = re.compile(
    r"(?:(?:(?:e|y|and|ou|or|até|a)\b|[,;&+/])?\s*#?[0-9]{1,18}\s*)+[.!]?", re.IGNORECASE
)
"""Further numbers behind the first: nobody may believe that all were ruled on."""
_NUMBER = re.compile(
    r"(?:o\s+)?(?:pedido|request|n[o°º.]+)?\s*#?\s*([0-9]{1,18})\b\s*[:,.-]*\s*(.*)",
    re.DOTALL | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """Approve or deny one request.

    Attributes:
        approve: else deny.
        number: of the request.
        reason: of a denial.
    """

    approve: bool
    number: int
    reason: str = ""

    async def obey(self, scene: Scene) -> str:
        """Rule at most once; the crew reads what came of it."""
        ruling = await scene.powers.rulings.rule(
            scene.ctx.claim,
            self.number,
            approve=self.approve,
            by=scene.given.by,
            reason=self.reason,
        )
        scene.obeyed.told += [ruling.told] if ruling.told else []
        return ruling.note


@dataclass(frozen=True, slots=True)
class Requests:
    """List what waits."""

    async def obey(self, scene: Scene) -> str:
        """Return the list."""
        return await scene.powers.rulings.requests(scene.ctx.claim)


def _rule(words: str, *, approve: bool) -> Order | str:
    found = _NUMBER.match(words)
    if found is None:
        return NO_NUMBER
    if _ANOTHER.fullmatch(found[2]):
        return ONE_AT_A_TIME
    return Rule(approve, int(found[1]), found[2].strip()[:LONGEST])


REQUESTS = Kind(
    "pedidos",
    "pedidos pedido pendentes pendencias requests pending approvals",
    ("`/bot pedidos`: o que espera a sua autorização",),
    "requests",
    lambda words, now: Requests(),
)
APPROVE = Kind(
    "aprovar",
    "aprovar aprove aprovado autorizar autorize sim ok approve yes allow",
    ("`/bot aprovar 12`: autoriza o pedido 12",),
    "approve 12",
    lambda words, now: _rule(words, approve=True),
)
DENY = Kind(
    "negar",
    "negar negue negado recusar recuse nao rejeitar deny no reject refuse",
    ("`/bot negar 12 motivo`: não autoriza, e por quê",),
    "deny 12 reason",
    lambda words, now: _rule(words, approve=False),
)
