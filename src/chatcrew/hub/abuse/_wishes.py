"""How customers say that they want no messages, or want them again; pure, three languages."""

import re
from collections.abc import Sequence

from chatcrew import intents

ONLY = 14
"""Words of a message that is nothing but this wish; a longer one says something else too."""

_WHOLE = frozenset(
    intents.fold(one)
    for one in (
        "sair",
        "stop",
        "parar",
        "pare",
        "parem",
        "stop all",
        "unsubscribe",
        "opt out",
        "descadastrar",
        "descadastre",
        "me descadastre",
        "remover",
        "baja",
        "darme de baja",
    )
)
"""What operators of message services have taught everybody to write."""

_BACK_WHOLE = frozenset(("start", "unstop", "quero receber", "subscribe"))

_NEWS = (
    r"(?:mensage(?:m|ns)|msgs?|avisos?|propagandas?|promoco(?:es|ao)|ofertas?|lembretes?|"
    r"notificaco(?:es|ao)|mensajes?|messages?|texts?|spam|whats ?app|zap|sms|nada)"
)
_ANY = r"(?:\w+ ){0,3}?"
_OUT = (
    # pare de (me) mandar mensagens; parem de enviar isso
    rf"(?<!nao )\b(?:pare|parem|para|chega|deixem?|parar) de (?:me )?"
    rf"(?:mandar|enviar|receber|encher)(?: me)?(?: {_ANY}{_NEWS}\b|$)",
    # não quero (mais) receber mensagens; não quero que me mandem mais nada
    rf"\bnao (?:quero|desejo|gostaria de|aceito) (?:mais )?(?:receber|que (?:\w+ )?(?:me )?"
    rf"(?:mande|envie)m?) {_ANY}{_NEWS}\b",
    # não me mande mais mensagens; não mandem mais nada
    rf"\bnao (?:me )?(?:mande|envie|manda|envia|escreva)m?(?: me)? mais(?: {_ANY}{_NEWS}\b|$)",
    r"\b(?:me )?(?:tir[ea]|remov[ae]|exclu[ai]|retir[ea]|apagu?[ea])m? (?:me )?"
    r"(?:o )?(?:meu \w+ )?d(?:a|e|essa|esta)(?: sua| tua)? lista\b",
    r"\b(?:quero|queria|gostaria de|como faco para) (?:sair|me descadastrar) d(?:a|e|essa|esta) "
    r"(?:sua )?lista\b",
    # English (folded: "off" is "of"), Spanish
    r"(?<!dont )(?<!not )\bstop (?:sending|messaging|texting|writing)\b",
    r"\b(?:dont|do not|never) (?:text|message|write|contact)(?: to)? me(?: again| any ?more|$)",
    r"\b(?:take|remove) me (?:of|from) (?:your|the|this) list\b",
    r"\b(?:unsubscribe me|no more (?:messages|texts))\b",
    r"\b(?:no me|no) (?:manden?|envien?|escriban?)(?: me)? mas\b",
    r"(?<!no )\bdejen? de (?:mandar|enviar|escribir)(?:me)?\b",
    rf"\bno quiero (?:recibir )?mas {_ANY}mensajes\b",
)
_BACK = (
    r"(?<!nao )\b(?:quero|pode|podem|gostaria de) (?:voltar a )?(?:me )?(?:receber|mandar|enviar) "
    rf"(?:\w+ ){{0,3}}?{_NEWS}\b",
    r"(?<!not )(?<!dont )\bstart (?:sending|messaging|texting)\b",
    r"(?<!no )\bquiero (?:volver a )?recibir (?:\w+ ){0,2}mensajes\b",
)
_OUT_OF = re.compile("|".join(_OUT))
_BACK_TO = re.compile("|".join(_BACK))


def wants_out(text: str, *, own: Sequence[str] = (), asked: bool = False) -> bool:
    """Return whether a message says that no more messages are wanted.

    Args:
        text: what the customer wrote.
        own: phrases of the business, which may stand anywhere in it.
        asked: the bot waits for an answer, so that a bare "sair" or "stop" is about the question.
    """
    said = intents.fold(text)
    if said in _WHOLE:
        return not asked
    if any(_holds(said, intents.fold(phrase)) for phrase in own):
        return True
    return _OUT_OF.search(said) is not None


def only_wish(text: str) -> bool:
    """Return whether a message that says so is nothing more than that."""
    return "?" not in text and len(intents.fold(text).split()) <= ONLY


def wants_back(text: str) -> bool:
    """Return whether a message says that messages are wanted again."""
    said = intents.fold(text)
    if said in _BACK_WHOLE:
        return True
    return _OUT_OF.search(said) is None and _BACK_TO.search(said) is not None


def _holds(said: str, phrase: str) -> bool:
    return bool(phrase) and f" {phrase} " in f" {said} "
