"""``/bot corrigir``: what the bot should have said, as a proposal for the admin (N10)."""

import re
from dataclasses import dataclass
from datetime import datetime

from chatcrew.hub.corrections_port import Correction
from chatcrew.hub.orders._order import Kind, Order, Scene

TOO_LONG = (
    "❓ A correção tem no máximo {most} caracteres; nada foi anotado. "
    "(A correction has at most {most} characters.)"
)
MOST = 2000
_RULE = re.compile(r"(?:regra|rule)\s*:\s*(.+)", re.IGNORECASE | re.DOTALL)
_PAIR = re.compile(r"(.+?)\s*(?:=>|⇒|→)\s*(.+)", re.DOTALL)
_QUOTES = (("“", "”"), ('"', '"'), ("'", "'"), ("«", "»"))


@dataclass(frozen=True, slots=True)
class Correct:
    """Propose a correction.

    Attributes:
        text: what is right; "" where only something was wrong.
        rule: it is a rule.
        question: what it answers, or "".
    """

    text: str
    rule: bool = False
    question: str = ""

    async def obey(self, scene: Scene) -> str:
        """Keep it; the note says under which number."""
        given = scene.given
        said = Correction(self.text, self.rule, self.question, by=given.by, key=given.key)
        return await scene.powers.ordered.corrections.propose(scene.ctx.claim, said)


def _read(words: str, now: datetime) -> Order | str:
    if len(words) > MOST:
        return TOO_LONG.format(most=MOST)
    if rule := _RULE.fullmatch(_bare(words)):
        return Correct(_bare(rule[1]), rule=True)
    if pair := _PAIR.fullmatch(words):
        return Correct(_bare(pair[2]), question=_bare(pair[1]))
    return Correct(_bare(words))


def _bare(text: str) -> str:
    """Return words without the quotes around all of them."""
    text = text.strip()
    for begin, end in _QUOTES:
        if len(text) > 1 and text.startswith(begin) and text.endswith(end):
            return text[1:-1].strip()
    return text


CORRECT = Kind(
    "corrigir",
    "corrigir corrija correcao corrige errado correct fix wrong",
    (
        "`/bot corrigir A consulta custa R$ 250.`: propõe à administração a resposta certa para a "
        "última pergunta (também `pergunta => resposta` e `regra: …`)",
    ),
    "correct text",
    _read,
)
