"""What must not be lost of a talk when it is told shorter: figures, names, dates, promises."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from chatcrew.intents._fold import fold, words
from chatcrew.intents._names import told_name
from chatcrew.messages import AuthorKind, Line, spoken

SPEAKERS: Final[Mapping[AuthorKind, str]] = {
    AuthorKind.CUSTOMER: "Cliente",
    AuthorKind.BOT: "Você",
    AuthorKind.PERSON: "Atendente",
    AuthorKind.PHONE: "Atendente",
}
"""How a line begins by who wrote it; nobody else's words are told to a crew."""

MAX_LINE: Final = 500
"""A line longer than this is condensed (S3-51)."""

_KEPT: Final = 450
_SENTENCE: Final = 200
_MOST_CITED: Final = 12
_BYTES_PER_TOKEN: Final = 3
_SMALL: Final = 3
_ROOT: Final = 5
_BACKED: Final = 0.7

_BREAK = re.compile(r"(?<=[.!?…])\s+(?=\S)|\n+")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"https?://\S+|www\.\S+")
_CODE = re.compile(r"\b(?=[A-Za-z-]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\b")
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_DAY = re.compile(
    r"\b(?:segunda|terca|quarta|quinta|sexta|sabado|domingo|hoje|amanha|ontem|anteontem|janeiro"
    r"|fevereiro|marco|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro|monday"
    r"|tuesday|wednesday|thursday|friday|saturday|sunday|today|tomorrow|yesterday|january|february"
    r"|march|april|june|july|august|september|october|november|december|meio dia|meia noite)\b"
)
_SPELT: Final = (
    "dois duas two;tres three;quatro four;cinco five;seis six;sete seven;oito eight;nove nine"
    ";dez ten;onze eleven;doze twelve"
)
_COUNT: Final = {
    name: str(number)
    for number, names in enumerate(_SPELT.split(";"), start=2)
    for name in names.split()
}
_NAME = re.compile(
    r"(?<=[a-zà-ÿ0-9,;:]\s)[A-ZÀ-Þ][a-zà-ÿ]{2,}(?:\s(?:d[aeo]s?\s)?[A-ZÀ-Þ][a-zà-ÿ]{2,})*"
)
_PROMISE = re.compile(
    r"\b(?:vou|vamos|irei|iremos|ia|prometo|prometemos|garanto|garantimos|combinado|fica combinado"
    r"|agendad[oa]|marcad[oa]|reservad[oa]|confirmad[oa]|retorno|retornamos|aviso|avisamos|te ligo"
    r"|ligamos|envio|enviamos|mando|mandamos|devolvemos|reembols\w+|estorn\w+|i will|i ll|we will"
    r"|we ll|promise|guarantee)\b"
)
_SELF = re.compile(
    r"\b(?:meu|minha|meus|minhas|eu|sou|estou|tenho|quero|queria|preciso|prefiro|gosto|gostei"
    r"|odeio|moro|trabalho|comprei|paguei|recebi|pedi|alergi\w+|gravida|nao (?:recebi|chegou|gosto"
    r"|consigo|posso|quero|funciona)|veio|chegou|quebr\w+|atras\w+|errad[oa]|my|i m|i am|i have"
    r"|i want|i need|i prefer|allerg\w+)\b"
)
_IDLE = frozenset(words("a o as os e de da do em um uma que para por com no na eu me se the of to"))


@dataclass(frozen=True, slots=True)
class Atom:
    """One thing that must survive: as it is compared, and as it was written."""

    key: str
    text: str


def tokens(text: str) -> int:
    """Return how many tokens a text takes at most, as far as can be told without its tokenizer.

    Of Portuguese a token of today's tokenizers holds about four bytes; three is on the safe side
    also for figures, and an emoji or a Chinese character costs a token or more here too.
    """
    return math.ceil(len(text.encode("utf-8", "replace")) / _BYTES_PER_TOKEN)


def said(line: Line) -> str | None:
    """Return a line as a crew reads it, begun by who spoke; None where it says nothing.

    Further lines of a message are indented: nobody can write one that looks like another's words.
    """
    speaker = SPEAKERS.get(line.author.kind)
    text = spoken(line).strip()
    if speaker is None or not text:
        return None
    return f"{speaker}: {condensed(text)}".replace("\n", "\n  ")


def condensed(text: str) -> str:
    """Return a long message cut, with the facts of what was cut off behind the mark (S3-51)."""
    if len(text) <= MAX_LINE:
        return text
    head = text[:_KEPT].rstrip()
    known = {atom.key for atom in atoms(head)}
    # A figure that the cut goes through is told whole
    lost = [atom.text for atom in atoms(text) if atom.key not in known]
    cited = ", ".join(dict.fromkeys(lost[:_MOST_CITED]))
    return f"{head} […]" + (f" ({cited})" if cited else "")


def atoms(text: str) -> tuple[Atom, ...]:
    """Return the figures, codes, addresses, dates and names of a text."""
    found: dict[str, str] = {}
    rest = text
    for pattern, kind in ((_EMAIL, "at"), (_LINK, "at"), (_CODE, "code")):
        for one in pattern.finditer(rest):
            word = one.group().rstrip(".,;:!?)")
            found.setdefault(f"{kind}:{word.lower()}", word)
        rest = pattern.sub(" ", rest)
    for one in _NUMBER.finditer(rest):
        _figure(found, one.group(), rest[one.end() :])
    plain = fold(text)
    for one in _DAY.finditer(plain):
        found.setdefault(f"day:{one.group()}", one.group())
    spelt = words(rest)
    for place, word in enumerate(spelt):
        if word in _COUNT:
            after = " ".join(spelt[place + 1 : place + 2])
            _figure(found, _COUNT[word], f" {after}", written=f"{word} {after}".strip())
    for one in _NAME.finditer(rest):
        found.setdefault(f"name:{fold(one.group())}", one.group())
    name = told_name(text)
    if name is not None:
        found.setdefault(f"name:{fold(name)}", name)
    return tuple(Atom(key, written) for key, written in found.items())


def extract(lines: Iterable[Line]) -> tuple[str, ...]:
    """Return the sentences of ``lines`` that hold a fact, each begun by who said it, once."""
    kept: dict[str, None] = {}
    for line in lines:
        speaker = SPEAKERS.get(line.author.kind)
        if speaker is None:
            continue
        customer = line.author.kind is AuthorKind.CUSTOMER
        for sentence in sentences(spoken(line)):
            plain = fold(sentence)
            telling = customer and "?" not in sentence and _SELF.search(plain)
            if atoms(sentence) or _PROMISE.search(plain) or telling:
                kept.setdefault(f"{speaker}: {_short(sentence)}")
    return tuple(kept)


def missing(summary: str, facts: Iterable[str]) -> tuple[str, ...]:
    """Return those of the sentences ``facts`` that hold something ``summary`` does not say.

    Compared are figures with what they count, codes, addresses, names and dates; a promise is
    there where most of its words are.
    """
    known = {atom.key for atom in atoms(summary)} | _bare(summary)
    roots = _roots(summary)
    return tuple(one for one in facts if not _told(one.partition(": ")[2], known, roots))


def invented(summary: str, sources: Iterable[str]) -> tuple[str, ...]:
    """Return the sentences of ``summary`` with a figure, code or address of none of ``sources``."""
    known: set[str] = set()
    for source in sources:
        known |= {atom.key for atom in atoms(source)} | _bare(source)
    return tuple(
        sentence
        for sentence in sentences(summary)
        if any(_hard(atom.key) and _key(atom.key) not in known for atom in atoms(sentence))
    )


def fitted(facts: Sequence[str], *, budget: int) -> tuple[str, ...]:
    """Return ``facts`` within ``budget`` tokens: the oldest are told by their figures alone.

    What is said again later goes first. Only where even the figures are too many do the oldest go.
    """
    last: dict[str, int] = {fact: place for place, fact in enumerate(facts)}
    left = [fact for place, fact in enumerate(facts) if last[fact] == place]
    total = sum(tokens(fact) + 1 for fact in left)
    for place, fact in enumerate(left):
        if total <= budget:
            break
        short = _cited(fact)
        total += tokens(short) - tokens(fact)
        left[place] = short
    while left and total > budget:
        total -= tokens(left.pop(0)) + 1
    return tuple(fact for fact in left if fact)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, without line breaks."""
    return [" ".join(part.split()) for part in _BREAK.split(text) if part.strip()]


def _figure(found: dict[str, str], figure: str, after: str, *, written: str = "") -> None:
    """Add a figure; a small one with what it counts, for 3 boxes are not 3 o'clock."""
    digits = re.sub(r"\D", "", figure)
    counted = re.match(r"\s*([^\W\d_]+)", after)
    if len(digits) <= _SMALL and counted is not None:
        root = fold(counted[1])[:_ROOT]
        if root not in _IDLE:
            found.setdefault(f"no:{digits} {root}", written or f"{figure} {counted[1]}")
            return
    found.setdefault(f"no:{digits}", written or figure)


def _bare(text: str) -> set[str]:
    """Return the keys of figures without what they count."""
    return {f"no:{re.sub(r'[^0-9]', '', one)}" for one in _NUMBER.findall(text)}


def _hard(key: str) -> bool:
    return key.startswith(("no:", "code:", "at:"))


def _key(key: str) -> str:
    """Return the key by which a figure of a summary is looked up: without what it counts."""
    return key.partition(" ")[0] if key.startswith("no:") else key


def _told(sentence: str, known: set[str], roots: set[str]) -> bool:
    if any(atom.key not in known and not _within(atom.key, roots) for atom in atoms(sentence)):
        return False
    own = _roots(sentence)
    if _PROMISE.search(fold(sentence)) is None or not own:
        return True
    return len(own & roots) >= _BACKED * len(own)


def _within(key: str, roots: set[str]) -> bool:
    """Return whether a name or a day is told though its capitals are not."""
    if not key.startswith(("name:", "day:")):
        return False
    return {word[:_ROOT] for word in words(key.partition(":")[2])} - _IDLE <= roots


def _roots(text: str) -> set[str]:
    return {word[:_ROOT] for word in words(text) if word not in _IDLE}


def _short(sentence: str) -> str:
    """Return a sentence within bounds, its facts with it."""
    if len(sentence) <= _SENTENCE:
        return sentence
    head = sentence[:_SENTENCE].rstrip()
    known = {atom.key for atom in atoms(head)}
    cited = ", ".join(atom.text for atom in atoms(sentence) if atom.key not in known)
    return f"{head} […]" + (f" ({cited})" if cited else "")


def _cited(fact: str) -> str:
    """Return what a sentence holds, without the sentence; "" where it holds no figure or name."""
    speaker, _, sentence = fact.partition(": ")
    cited = ", ".join(atom.text for atom in atoms(sentence))
    return f"{speaker}: {cited}" if cited else ""
