"""What must not leave whatever a model was talked into: its orders, secrets, others' business."""

import re
from collections.abc import Iterable
from functools import lru_cache

from chatcrew.hub import grounding
from chatcrew.hub.context import TurnContext
from chatcrew.tenancy.model import Crew

OVERLAP = 8
"""Words in a row that a reply and the orders of its crew may not share."""

_WORD = re.compile(r"[^\W_]+(?:_[^\W_]+)*|\{[a-z_]+\}")
_PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
# Liquid, which Chatwoot would run, and our own placeholders, which nobody filled
_MARKUP = re.compile(
    r"!\[[^\]\n]*\]\(|\{\{|\}\}|\{%|%\}|\{[a-z]+(?:_[a-z]+)+\}|<\|[^|\n]{1,40}\|>|<script\b", re.I
)
_ORDERS = re.compile(
    r"\bsystem\s+prompt\b|\bprompt\s+d[eo]\s+sistema\b|\byour\s+personal\s+goal\b|"
    r"\b(?:minhas|as\s+minhas|my)\s+(?:instru[çc](?:ões|oes)|regras\s+internas|instructions|rules)\b|"
    r"\b(?:fui|i\s+was)\s+(?:instru[íi]d[oa]|programad[oa]|instructed|told)\b|"
    r"\bsearch_knowledge\b|\bavailable_slots\b|\bENCAMINHAR\b|^\s*(?:backstory|goal|role)\s*:",
    re.IGNORECASE | re.MULTILINE,
)
_COMPLIED = re.compile(
    r"\bmodo\s+(?:desenvolvedor|administrador|admin|debug|deus|irrestrito|livre|dan)\b|"
    r"\b(?:developer|admin|debug|god|dan|unrestricted)\s+mode\b|\bjailbr\w+|\bpwned\b|\bhacked\b|"
    r"\binstru[çc](?:ões|oes)\s+(?:anteriores\s+)?(?:ignoradas|esquecidas|apagadas)\b|"
    r"\bignor(?:ei|ando|arei|o)\s+(?:as\s+|todas\s+as\s+)?(?:minhas\s+)?(?:instru|regras)|"
    r"\b(?:ignoring|ignored|disregarding)\s+(?:all\s+)?(?:my\s+)?(?:previous\s+)?(?:instructions|rules)|"
    # "pode comer sem restrições" is what a clinic says
    r"\b(?:modo|mode|agora|respondo|responderei|falo|now)\s+(?:sem|sin|without|with\s+no)\s+"
    r"(?:mais\s+)?(?:restri[çc](?:ões|oes)|filtros|restric?ciones|restrictions|filters)\b|"
    r"\bas\s+an\s+ai\s+(?:language\s+)?model\b|\bcomo\s+(?:um\s+)?modelo\s+de\s+linguagem\b|"
    r"\bagora\s+(?:eu\s+)?sou\s+(?:o\s+|a\s+)?(?:dan|admin\w*|desenvolvedor\w*|hacker)\b|"
    r"\bmodo\s+sin\s+restricciones\b|\bignorando\s+las\s+instrucciones\b",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"```(?:\w*sh|c\w*|go|html|java\w*|js|php|python|py|ruby|rust|sql|ts|typescript|xml)\b|"
    r"\b(?:import\s+(?:os|sys|re|requests)|def\s+\w+\(|console\.log\(|SELECT\s+.{1,60}\sFROM\s|"
    r"DROP\s+TABLE|rm\s+-rf|curl\s+https?:|<\?php)",
    re.IGNORECASE,
)
_SHORTEST_BUSINESS = 6


def leak(ctx: TurnContext, text: str) -> str | None:
    """Return what a reply gives away, or None.

    ``secret``: something shaped like a credential; ``prompt``: orders of the crew; ``complied``:
    that it took up somebody's orders; ``code``: a program; ``markup``: Liquid or a placeholder;
    ``foreign``: another business of this installation.
    """
    if grounding.has_secret(text):
        return "secret"
    if _MARKUP.search(text):
        return "markup"
    if _COMPLIED.search(text):
        return "complied"
    if _ORDERS.search(text) or _repeats(ctx.our_crew(), text):
        return "prompt"
    if _CODE.search(text):
        return "code"
    return "foreign" if _names_another(ctx, text) else None


def _repeats(crew: Crew, text: str) -> bool:
    """Return whether a reply has as many words in a row from the crew's own texts."""
    texts = [words for one in crew.everybody() for words in (one.role, one.goal, one.backstory)]
    texts += [words for one in crew.tasks for words in (one.description, one.expected_output)]
    return not _runs(text).isdisjoint(_orders(tuple(texts)))


@lru_cache(maxsize=256)
def _orders(texts: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    """Return the runs of words of a crew's texts, cut where something is filled in."""
    pieces: Iterable[str] = (piece for text in texts for piece in _PLACEHOLDER.split(text))
    return frozenset(run for piece in pieces for run in _runs(piece))


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = [word.lower() for word in _WORD.findall(text)]
    return frozenset(
        tuple(words[at : at + OVERLAP]) for at in range(max(0, len(words) - OVERLAP + 1))
    )


def _names_another(ctx: TurnContext, text: str) -> bool:
    """Return whether a reply names another business, which the customer did not name before."""
    own = ctx.our_tenant()
    said = f"{ctx.text}\n{own.persona.business}\n" + "\n".join(one.text for one in ctx.history)
    for key, other in ctx.configuration.tenants.items():
        name = other.persona.business
        if key != own.key and len(name) >= _SHORTEST_BUSINESS and name in text and name not in said:
            return True
    return False
