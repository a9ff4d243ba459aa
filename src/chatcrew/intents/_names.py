"""How a customer says what he or she is called; nothing but a clear statement counts."""

import re
from typing import Final

from chatcrew.intents._fold import fold, words

_LETTERS: Final = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"
_SAYS = re.compile(
    r"(?:\b(?:o )?meu nome(?: completo)?(?: é| eh| e|:)|\b(?:eu )?me chamo(?: de)?"
    r"|\bmy (?:full )?name(?:'s| is)|\bpode me chamar de|\bcall me|\bmi nombre es|\bme llamo"
    r"|(?:^|[\n.!,;]\s*)nome(?: completo)?\s*:)\s+"
    rf"(?P<name>{_LETTERS}(?:[ ]{_LETTERS}){{0,5}})",
    re.IGNORECASE,
)
# "Sou a mãe do João" and "sou a favor" are no names, so a capital has to show that it is one
_IS = re.compile(
    r"(?:(?i:\b(?:eu )?sou (?:a|o)|\baqui (?:é|eh|quem fala é)(?: a| o)?"
    r"|\bquem fala (?:é|eh)(?: a| o)?|\bfalando com(?: a| o)?|\bhere is|\bthis is))\s+"
    r"(?P<name>[A-ZÀ-Þ][^\W\d_]+(?:[.]?[ ](?:(?:d[aeo]s?|von|van)[ ])?[A-ZÀ-Þ][^\W\d_]+){0,4})"
    r"(?=\s*(?:$|[\n.!,;?)]|\s(?:e|de|do|da|aqui|queria|quero|gostaria|preciso|tudo|and|from)\b))"
)
_ASKED = re.compile(
    r"\b(?:qual (?:e )?(?:o )?(?:seu|teu) nome|(?:seu|teu) nome|como (?:voce )?se chama|"
    r"com quem (?:eu )?(?:falo|estou falando)|como posso te chamar|your name|who am i speaking)"
)
_STOP: Final = frozenset(
    words(
        "e mas que queria quero gostaria preciso tenho sou moro tudo bem obrigado obrigada por para"
        " com meu minha cpf email telefone numero nascida nascido aqui and but my i im from is the"
        " want need pedido dia"
    )
)
_PARTICLES: Final = frozenset({"da", "das", "de", "do", "dos", "e", "von", "van"})
_NO_NAME: Final = frozenset(
    words(
        "sim nao ok certo claro pode oi ola bom boa dia tarde noite obrigado obrigada depois agora"
        " prefiro dizer informar cliente paciente mae pai filho filha esposa marido dona dono"
        " responsavel gerente secretaria voce senhor senhora atendente bot ninguem anonimo isso"
        " yes no hello hi thanks later nada qual quem porque quanto quando onde tanto faz esse"
        " essa este esta segredo importa legal beleza blz"
    )
)
_TITLES: Final = frozenset({"dr", "dra", "sr", "sra", "prof", "profa", "dona", "seu", "mr", "mrs"})
_MOST: Final = 5
_LONGEST: Final = 60


def told_name(text: str, *, asked: bool = False) -> str | None:
    """Return the name that a message states as its writer's own, or None.

    Args:
        text: the message.
        asked: it answers a question for the name, so it may be nothing but the name.
    """
    for pattern in (_SAYS, _IS):
        for found in pattern.finditer(text):
            name = _name(found["name"].split())
            if name is not None:
                return name
    said = text.strip().rstrip(".!")
    if asked and re.fullmatch(rf"{_LETTERS}(?: {_LETTERS}){{0,4}}", said):
        return _name(said.split(), whole=True)
    return None


def asks_name(text: str) -> bool:
    """Return whether a message asks whom it speaks to."""
    return _ASKED.search(fold(text)) is not None and "?" in text


def _name(given: list[str], *, whole: bool = False) -> str | None:
    """Return the words that are a name, in capitals as names have them; "e" ends one."""
    taken: list[str] = []
    titles = 1 if given and fold(given[0]) in _TITLES else 0
    for word in given[titles : titles + _MOST]:
        plain = fold(word)
        ends = plain in _STOP and not (plain == "e" and taken and word == "e" and whole)
        if ends and plain not in _PARTICLES - {"e"}:
            break
        if plain in _NO_NAME:
            return None if whole or not taken else _joined(taken)
        taken.append(word)
    return _joined(taken)


def _joined(taken: list[str]) -> str | None:
    while taken and fold(taken[-1]) in _PARTICLES:
        taken.pop()
    if not taken or len("".join(taken)) < 2 or fold(taken[0]) in _PARTICLES:
        return None
    name = " ".join(_capital(word) for word in taken)
    return name if len(name) <= _LONGEST else None


def _capital(word: str) -> str:
    if fold(word) in _PARTICLES:
        return word.lower()
    return word.capitalize() if word.islower() or word.isupper() else word
