"""What customers of the load ask: only a model can answer it, each time in other words.

Each message ends in a word of its own, which the fake model says again: so a benchmark sees which
message an answer belongs to, and no answer can come from the cache by chance.
"""

import random
import re
from collections.abc import Mapping, Sequence
from typing import Any

_WORKS = ("garçom", "dentista", "professora", "motorista", "padeiro", "cabeleireira", "pintor")
_PLACES = ("no trabalho", "em casa", "na academia", "na praia", "no ônibus", "na igreja")
_TIMES = ("de manhã cedo", "depois do almoço", "antes de dormir", "no fim da tarde", "de madrugada")
_WORRIES = (
    "Sou {work} e {place} sinto um formigamento no pé esquerdo, será do sapato novo?",
    "Faço tricô {place} e {time} meu tornozelo coça, o que vocês acham?",
    "Minha vizinha, que é {work}, disse que eu devia mudar o jeito de sentar {place}. Faz sentido?",
    "Percebi uma manchinha azul perto do joelho {time}, como devo observar isso?",
    "Viajo muito como {work} e fico sem jeito {place}, como posso me organizar melhor?",
    "Queria entender melhor por que acordo cansada {time}, mesmo dormindo bem {place}.",
    "Meu irmão é {work} e anda preocupado com o calor {place}, como eu converso com ele?",
    "Comecei a dançar forró {place} {time}, isso ajuda ou atrapalha?",
)
_OPENINGS = (
    "Deixa eu contar uma coisa",
    "Então, é o seguinte",
    "Fiquei pensando numa coisa",
    "Lembrei de vocês agora",
)
_ANSWERS = (
    "Entendi. É bom observar com calma quando isso aparece e o que alivia, e contar tudo na "
    "consulta. Posso explicar como ela funciona?",
    "Obrigada por contar. Isso pode ter várias causas, e quem avalia com cuidado é a equipe, "
    "conversando com você. Quer que eu explique os próximos passos?",
    "Que bom que perguntou. Anote o que muda ao longo do dia e traga essas anotações. Ficou "
    "alguma outra dúvida?",
)
_CONSONANTS, _VOWELS = "bdfgjklmnprstvxz", "aeio"
_SYLLABLES = 4
_MARK = re.compile(r"\(protocolo ([a-z]{8})\)")
_SAID = re.compile(r"\[([a-z]{8})\]")
DECLINE = "ENCAMINHAR"


def word(number: int) -> str:
    """Return a word that belongs to ``number`` alone, for numbers below 16,777,216."""
    letters = []
    for _ in range(_SYLLABLES):
        number, at = divmod(number, len(_CONSONANTS) * len(_VOWELS))
        letters.append(_CONSONANTS[at // len(_VOWELS)] + _VOWELS[at % len(_VOWELS)])
    return "".join(letters)


def burst(chance: random.Random, words: Sequence[str]) -> list[str]:
    """Return what a customer writes in a row: one message per word, the question is the last."""
    last = chance.choice(_WORRIES).format(
        work=chance.choice(_WORKS), place=chance.choice(_PLACES), time=chance.choice(_TIMES)
    )
    openings = chance.sample(_OPENINGS, len(words) - 1)
    return [
        f"{text} (protocolo {mark})" for text, mark in zip([*openings, last], words, strict=True)
    ]


def answer(body: Mapping[str, Any]) -> str:
    """Return what the fake model says: nothing to be found wrong, and the newest word it read."""
    for message in reversed(body["messages"]):
        asked = _MARK.findall(message["content"] or "") if message["role"] == "user" else []
        if asked:
            said = _ANSWERS[len(message["content"]) % len(_ANSWERS)]
            return f"{said} [{asked[-1]}]"
    return _ANSWERS[0]


def answered(text: str) -> str | None:
    """Return the word that an answer says again, None where no model wrote it."""
    found = _SAID.search(text)
    return found.group(1) if found else None
