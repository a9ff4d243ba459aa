"""Reads names that are claimed to be on offer (plans, kits, health plans), and professionals'."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chatcrew.hub.claims._said import fold

_CAPITAL = r"[A-ZÀ-Ý][\wÀ-ÿ'+-]*"
_NAME = rf"{_CAPITAL}(?:\s+(?:(?:d[aeo]s?|e)\s+)?{_CAPITAL}){{0,4}}"
_THINGS = (
    r"plano|planos|kit|kits|pacote|combo|clube|linha|programa|curso|cartão|convênio|convênios|"
    r"promoção|campanha|assinatura|mensalidade|pulseira|coleção|sérum|creme|batom|protetor|plan|"
    r"package|bundle|unidade|filial|loja|clínica|ala"
)
_THING = re.compile(rf"\b(?P<head>(?i:{_THINGS}))\s+(?:[\"“'*_]{{0,3}})(?P<name>{_NAME})")
_BEHIND = re.compile(rf"\b(?P<name>{_CAPITAL})\s+(?P<head>plan|package|kit)\b")
_NO_OFFER = (
    r"(?:[Ss]egunda|[Tt]er[çc]a|[Qq]uarta|[Qq]uinta|[Ss]exta|[Ss][áa]bado|[Dd]omingo|Mon|Tue|Wed|Thu|"
    r"Fri|Sat|Sun)"
)
_ACCEPTED = re.compile(
    rf"\b(?:[OoAa]|[Ss]eu|[Ss]ua)\s+(?P<name>{_NAME})\s+(?:também\s+)?"
    r"(?:é\s+aceit[oa]|está\s+entre|faz\s+parte|é\s+atendid[oa]|cobre|is\s+accepted)\b"
)
_ACCEPTS = re.compile(
    r"\b(?i:aceitamos|trabalhamos\s+com|atendemos(?:\s+pel[oa])?|we\s+accept|convênios?\s+d[ao]|"
    r"(?:aceitamos|atendemos)[^.!?;\n]{0,40}?\b(?:inclusive|também|como))\s+(?:os?\s+|as?\s+)?"
    rf"(?!{_NO_OFFER})"
    rf"(?P<names>{_CAPITAL}(?:(?:\s*,\s*|\s+e\s+|\s+and\s+|\s+)(?:(?:o|a|d[aeo])\s+)?{_CAPITAL})*)"
)
_TITLE = (
    r"[Dd]ra?\.?|[Dd]outora?|[Pp]rofa?\.|[Pp]rofessora?|[Ee]nfermeir[ao]|[Ee]nf\.|[Ee]steticista|"
    r"[Gg]erente|[Rr]ecepcionista|[Cc]onsultora?|[Mm]édic[ao]|[Aa]tendente|[Nn]utricionista|"
    r"[Ff]isioterapeuta|[Ee]specialista|[Vv]endedora?|[Ss]ecretári[ao]|[Tt]erapeuta|[Dd]iretora?|"
    r"[Rr]ecrutadora?|[Dd]entista|[Pp]sicólog[ao]|[Cc]irurgi(?:ão|ã)|[Bb]iomédic[ao]|[Dd]octor"
)
_PERSON = re.compile(rf"(?<![\w.])(?:{_TITLE})\s+(?P<name>{_NAME})")
_WITH = re.compile(
    r"\b(?:(?:com|pel[ao]|d[ao])\s+(?:(?:nossa?|a|o)\s+)?|nossa?\s+)(?:colega|equipe)\s+"
    rf"(?P<name>{_CAPITAL})"
)
# "Fale com a Juliana Ramos": two capitals where somebody is meant; what is no person stands written
_SOMEBODY = re.compile(
    r"\b(?i:fal[ae]r?\s+com|procur[ae]r?(?:\s+por)?|chamar?|cham[eo]u?|atendid[oa]\s+p(?:or|el[oa])|"
    r"respons[áa]vel\s+é|quem\s+(?:atende|cuida|faz)\s+é|passar?\s+para|transfer\w+\s+para|"
    r"encaminh\w+\s+para|ask\s+for|talk\s+to)\s+(?:(?:o|a|os|as|nosso|nossa)\s+)?"
    rf"(?P<name>{_CAPITAL}(?:\s+(?:d[aeo]s?\s+)?{_CAPITAL}){{1,3}})"
)
_WORD = re.compile(r"[\wÀ-ÿ]+")
_SUBSCRIBED = frozenset({"clube", "plano", "planos", "assinatura", "programa", "plan", "curso"})
_PRODUCTS = frozenset({"kit", "kits", "batom", "serum", "creme", "protetor", "colecao", "linha"})
_PARTICLES = frozenset({"da", "das", "de", "do", "dos", "e", "a", "o"})


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it was read.

    Attributes:
        kind: ``person`` or ``thing``.
        head: what it is said to be, folded: ``plano``; "" where it does not matter.
        words: the name's words as they are written.
        text: all of it.
    """

    kind: str
    head: str
    words: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Names:
    """What names a source backs: its words folded, its words as written, its people."""

    folded: str
    written: str
    people: tuple[frozenset[str], ...]

    def know(self, name: Name) -> bool:
        """Return whether the source speaks of it."""
        if name.kind == "person":
            wanted = {fold(word) for word in name.words} - _PARTICLES
            return any(wanted <= one for one in self.people)
        return _stands(name.words, name.head, self)


def read(text: str) -> Iterator[Name]:
    """Return the names of a sentence."""
    for one in _PERSON.finditer(text):
        yield Name("person", "", tuple(_WORD.findall(one["name"])), one.group())
    for one in _WITH.finditer(text):
        yield Name("person", "", (one["name"],), one.group())
    text = _PERSON.sub(" ", text)
    for one in (*_SOMEBODY.finditer(text), *_ACCEPTED.finditer(text)):
        yield Name("thing", "", tuple(_WORD.findall(one["name"])), one["name"])
    for one in _THING.finditer(text):
        yield Name("thing", fold(one["head"]), tuple(_WORD.findall(one["name"])), one.group())
    for one in _BEHIND.finditer(text):
        yield Name("thing", fold(one["head"]), (one["name"],), one.group())
    for one in _ACCEPTS.finditer(text):
        for name in re.split(r"\s*,\s*|\s+(?:e|and)\s+", one["names"]):
            words = tuple(_WORD.findall(re.sub(r"^(?:o|a)\s+", "", name)))
            if words:
                yield Name("thing", "", words, name)


def names_in(text: str, people: Iterable[str] = ()) -> Names:
    """Return what names a source backs.

    Args:
        text: of the source.
        people: names of professionals, with or without a title.
    """
    words = _WORD.findall(text)
    found = [one["name"] for one in _PERSON.finditer(text)]
    found += [one["name"] for one in _WITH.finditer(text)]
    tokens = tuple(
        frozenset(fold(word) for word in _WORD.findall(name)) - _PARTICLES
        for name in (*found, *people)
    )
    folded = f" {' '.join(fold(word) for word in words)} "
    return Names(folded, f" {' '.join(words)} ", tokens)


def _other(folded: str, heads: set[str], source: Names) -> bool:
    """Return whether a name stands only as that of another thing: a "batom Pétala" is no club."""
    if heads.isdisjoint(_SUBSCRIBED):
        return False
    before = re.findall(rf" (\w+) {re.escape(folded)}(?= )", source.folded)
    return bool(before) and all(one in _PRODUCTS for one in before)


def _stands(words: tuple[str, ...], head: str, source: Names) -> bool:
    """Return whether words stand together as a name, or are several names of the source's."""
    phrase = " ".join(words)
    folded = fold(phrase)
    heads = {head, head.removesuffix("s"), f"{head}s"} if head else set()
    if f" {phrase} " in source.written and not _other(folded, heads, source):
        return True
    if any(f" {one} {folded} " in source.folded for one in heads):
        return True
    for cut in range(len(words) - 1, 0, -1):
        rest = words[cut] if words[cut] not in _PARTICLES else words[min(cut + 1, len(words) - 1)]
        if (
            rest[0].isupper()
            and f" {rest} " in source.written
            and _stands(words[:cut], head, source)
        ):
            return True
    return False
