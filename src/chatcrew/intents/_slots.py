"""What an intent still has to know: filled from messages, asked for at most twice, never forced."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from chatcrew.intents._bare import bare
from chatcrew.intents._entities import Entity
from chatcrew.intents._fold import words
from chatcrew.messages import Filled
from chatcrew.tenancy.model import Slot

MOST_ASKED: Final = 2
"""A third time would be the loop that customers hate."""

TEXT: Final = "text"
"""The kind of a slot that takes any words, once it was asked for."""

_FITS: Final[Mapping[str, tuple[str, ...]]] = {
    "order_number": ("order_number", "code", "number"),
    "pix_key": ("pix_key", "cpf", "cnpj", "email", "phone"),
    "document": ("cpf", "cnpj"),
}
_TELL: Final = (
    r"(?:informar|informo|passar|passo|dar|dou|dizer|digo|falar|falo|fornecer|forneco"
    r"|compartilhar|compartilho|responder|respondo|mandar|mando|enviar|envio|revelar|contar"
    r"|colocar|expor)"
)
_REFUSED = re.compile(
    rf"\b(?:nao (?:(?:te |lhe |me )?(?:quero|vou|desejo|gostaria de|posso|pretendo|preciso|devo"
    rf"|costumo|me sinto (?:a vontade|confortavel|segur[oa]))(?: em| para| de)?"
    rf" (?:te |lhe |me )?(?:{_TELL}|mais)|(?:te |lhe )?{_TELL}\b)"
    r"|prefiro nao|prefiro manter|recuso|sem chance|nem pensar|de jeito nenhum|de forma alguma"
    r"|nao (?:tenho|sei|lembro|me lembro|possuo|uso|recordo|faco ideia)"
    r"|(?:esqueci|perdi)(?:$| (?:o |a |meu |minha |esse |essa |ele))"
    r"|nao interessa|nao e da (?:sua|tua|conta)|informacao pessoal|e pessoal|assunto pessoal"
    r"|deixa (?:para la|sem)|pode (?:deixar sem|pular)|pula (?:essa|isso)|quero pular"
    r"|nao e necessario|nao acho necessario|para que isso"
    r"|i (?:do not|dont|wont|will not|cant|cannot) (?:want to |wish to )?"
    r"(?:say|tell|give|share|provide|know|remember|have)"
    r"|(?:id |i would )?(?:rather|prefer) not|no way|skip (?:it|this|that))\b"
)
_LATER = re.compile(
    rf"\b(?:depois (?:eu )?(?:te |lhe )?(?:{_TELL}|vejo|procuro|olho|confirmo)|mais tarde"
    rf"|amanha (?:eu )?(?:te |lhe )?{_TELL}|agora nao|nao agora"
    rf"|(?:ja(?: ja)? |te |lhe |eu )*{_TELL} (?:depois|mais tarde|amanha|assim que)"
    r"|(?:outra|noutra) hora|daqui a pouco|assim que (?:eu )?(?:puder|chegar|tiver|achar|encontrar)"
    r"|quando (?:eu )?(?:chegar|puder|achar|tiver)|deixa (?:eu|que eu) (?:ver|procurar|achar|pegar)"
    r"|vou (?:ver|procurar|pegar|buscar|confirmar|olhar|conferir)|preciso (?:procurar|ver|achar)"
    r"|(?:estou|to) (?:sem|procurando|na rua|dirigindo|no trabalho)"
    r"|nao (?:estou|to) com (?:ele|ela|o|a|isso)"
    r"|nao tenho (?:aqui|agora|em maos|comigo|a mao)|later|not now|in a (?:moment|minute))\b"
    r"|^(?:depois|depois eu|calma|perai|pera(?: ai)?|espera(?: ai)?|ja (?:te )?(?:digo|falo)"
    r"|(?:so )?um (?:momento|minuto|minutinho|instante|segundo))$"
)


def fits(kind: str) -> tuple[str, ...]:
    """Return the kinds of entity that a slot of ``kind`` takes, the better first."""
    return _FITS.get(kind, (kind,))


def fill_slots(
    required: Sequence[Slot], found: Sequence[Entity], filled: Filled, *, text: str = ""
) -> tuple[Filled, Slot | None]:
    """Return what is known after a message, and the slot to ask for next.

    The slot is None where nothing is missing, or nothing that may still be asked for: each slot is
    asked for at most ``MOST_ASKED`` times, and never again once it was refused; what a customer
    tells unasked is taken all the same. The count assumes that the question is then asked.

    Args:
        required: the intent's slots in the order they are asked for.
        found: the entities of the message.
        filled: how far it had come.
        text: the message, in which "não quero informar" and "depois" are understood.
    """
    values = dict(filled.values)
    left = list(found)
    open_slots = [slot for slot in required if slot.name not in values]
    # The answer to a question goes first to what was asked
    open_slots.sort(key=lambda slot: slot.name != filled.waiting)
    invalid: list[str] = []
    wrong = dict(filled.wrong)
    for slot in open_slots:
        entity = _pick(slot, left)
        if entity is None and slot.name == filled.waiting:
            left += [answer] if (answer := bare(slot.kind, text)) else []
            entity = _pick(slot, left)
        if entity is not None:
            values[slot.name] = entity.value
            wrong.pop(slot.name, None)
            left = [one for one in left if (one.start, one.end) != (entity.start, entity.end)]
        else:
            written = [one.text for one in left if one.kind in fits(slot.kind) and not one.valid]
            if written:
                invalid.append(slot.name)
                wrong[slot.name] = written[0]
    refused, later = _unwilling(filled, text, values, invalid)
    waiting = next((slot for slot in open_slots if slot.name == filled.waiting), None)
    if (
        waiting is not None
        and waiting.kind == TEXT
        and waiting.name not in {*values, *refused, *later}
        and text.strip()
    ):
        values[waiting.name] = text.strip()
    ask = _next(required, values, filled.asked, refused, later)
    asked = dict(filled.asked)
    if ask is not None:
        asked[ask.name] = asked.get(ask.name, 0) + 1
    state = replace(
        filled,
        values=values,
        asked=asked,
        refused=refused,
        later=later,
        waiting=ask.name if ask is not None else None,
        invalid=tuple(invalid),
        wrong=wrong,
    )
    return state, ask


def _pick(slot: Slot, found: Iterable[Entity]) -> Entity | None:
    valid = [one for one in found if one.valid]
    return next((one for kind in fits(slot.kind) for one in valid if one.kind == kind), None)


def _unwilling(
    filled: Filled, text: str, values: Mapping[str, str], invalid: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what was refused and what was put off, this message included."""
    refused = [name for name in filled.refused if name not in values]
    later = [name for name in filled.later if name not in values]
    asked = filled.waiting
    if asked is not None and asked not in values and asked not in invalid:
        said = " ".join(words(text))
        if _LATER.search(said):
            if asked in later:
                refused.append(asked)
            else:
                later.append(asked)
        elif _REFUSED.search(said):
            refused.append(asked)
    return tuple(dict.fromkeys(refused)), tuple(dict.fromkeys(later))


def _next(
    required: Sequence[Slot],
    values: Mapping[str, str],
    asked: Mapping[str, int],
    refused: Sequence[str],
    later: Sequence[str],
) -> Slot | None:
    missing = [
        slot
        for slot in required
        if slot.name not in values
        and slot.name not in refused
        and asked.get(slot.name, 0) < MOST_ASKED
    ]
    missing.sort(key=lambda slot: slot.name in later)
    return missing[0] if missing else None
