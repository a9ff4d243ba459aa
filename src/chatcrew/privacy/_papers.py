"""Identity cards, licences and passports: numbers that only the word before them gives away."""

import re
from collections.abc import Iterator
from typing import Final

from chatcrew.privacy._places import Words, matches, vocabulary
from chatcrew.privacy._span import Span

_FILLER: Final = r"\W{0,4}(?:(?!cpf|cnpj|tel|cel|zap|pix)[a-zº°.]{1,12}\W{1,3}){0,4}?"
_KINDS: Final = {
    "rg": (
        r"(?:rg|registro geral|carteira de identidade|identidade|titulo de eleitor|titulo|pis|pasep"
        r"|nis|nit|ctps|cns|cartao (?:do )?sus|carteirinha)",
        r"(?:[a-z]{2}[\s\-]?)?\d[\d.\- ]{3,18}[\dx](?:-[\dx])?",
    ),
    "cnh": (
        r"(?:cnh|carteira de motorista|habilitacao)",
        r"\d[\d. \-]{7,12}\d",
    ),
    "passport": (r"(?:passaporte|passport|pasaporte)", r"[a-z]{1,3}[\s\-]?\d{5,8}|\d{8,9}"),
}
_PATTERNS: Final = {
    kind: re.compile(rf"(?<![a-z\d]){word}(?![a-z]){_FILLER}(?P<number>{number})(?![a-z\d])")
    for kind, (word, number) in _KINDS.items()
}
_BEGUN_BY: Final = {
    "rg": vocabulary(
        "rg registro carteira identidade titulo pis pasep nis nit ctps cns cartao carteirinha"
    ),
    "cnh": vocabulary("cnh carteira habilitacao"),
    "passport": vocabulary("passaporte passport pasaporte"),
}
"""All words with which each pattern can begin."""
_LEAST_DIGITS: Final = 5


def papers(words: Words) -> Iterator[Span]:
    """Yield the documents that a flattened text names before their numbers."""
    for kind, pattern in _PATTERNS.items():
        for match in matches(pattern, words.text, words.starts(_BEGUN_BY[kind])):
            value = re.sub(r"[^a-z\d]", "", match["number"])
            if sum(char.isdigit() for char in value) >= _LEAST_DIGITS:
                yield Span((kind,), value.upper(), *match.span("number"))
