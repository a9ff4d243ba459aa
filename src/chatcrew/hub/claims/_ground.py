"""What the words of a turn may rest on, and which claims of a reply rest on nothing."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from chatcrew.hub.claims._dates import today
from chatcrew.hub.claims._names import Names, names_in
from chatcrew.hub.claims._reading import Sentence, read
from chatcrew.hub.claims._said import Key, Said
from chatcrew.hub.claims._units import COUNTED


@dataclass(frozen=True, slots=True)
class Unfounded:
    """One claim that no source backs.

    Attributes:
        kind: ``price``, ``percent``, ``instalments``, ``number``, ``date``, ``hour``, ``link``,
            ``email``, ``phone``, ``code``, ``address`` or ``name``.
        text: the claim as it stands in the reply.
    """

    kind: str
    text: str


_ATTRIBUTED = re.compile(
    r"\b(?:voc[êe]s?|vc|(?:o\s+)?senhor|(?:a\s+)?senhora|you)\s+(?:me\s+)?(?:disse|mencionou|falou|"
    r"comentou|citou|informou|escreveu|viu|perguntou|pagou|gastou|passou|enviou|pediu|said|"
    r"mentioned|asked|wrote|paid)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:n[ãa]o|nem|don't|do\s+not|no)\s+(?:(?:se|o|a|me)\s+)?(?:é|custa\w*|temos|tem|há|existe|"
    r"consigo|posso|podemos|oferecemos|fazemos|trabalhamos|parcelamos|damos|encontr\w+|aceitamos|"
    r"atendemos|achei|vi|conhe[cç]\w+|confirm\w+|have|offer|accept|know|find)\b[^,;:—]*$",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,;:](?!\d)|—|–")
_HIS_OWN = frozenset({"number", "date", "hour", "phone", "email", "code", "address"})
"""Kinds that a customer may be answered with in his own words: his day, his order, his number."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything a reply of one turn may rest on.

    Attributes:
        own: what the business wrote: facts, hours, rules, questions and answers, knowledge found.
        found: what tools returned; a link in it counts only where its host is the business's own.
        earlier: what the bot and the team said in this conversation.
        customer: what the customer said, and is known by: name, phone, e-mail.
        people: names of professionals.
        day: today where the business is; None: the clock backs nothing.
    """

    own: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    customer: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    day: date | None = None
    _told: "_Told" = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Lay together what all of them back; what the business wrote was read before."""
        object.__setattr__(self, "_told", _Told.of(self))

    def unfounded(self, text: str) -> list[Unfounded]:
        """Return the claims of ``text`` that rest on nothing, in their order."""
        missing = [
            Unfounded(kind, words)
            for sentence in read(text, self.day)
            for kind, words in self._missing(sentence)
        ]
        return list(dict.fromkeys(missing))

    def _missing(self, sentence: Sentence) -> Iterator[tuple[str, str]]:
        told = self._told
        for claim in sentence.claims:
            needs = _needs(claim, sentence)
            if not needs or not needs.isdisjoint(told.keys):
                continue
            his = not told.customer.isdisjoint((*needs, *_counted(claim.needs)))
            if not (his and self._is_his(claim, sentence)):
                yield claim.kind, claim.text
        for name in sentence.names:
            if not any(one.know(name) for one in told.names) and not (
                any(one.know(name) for one in told.customer_names)
                and _quoted(name.text, sentence.text)
            ):
                yield "name", name.text

    def _is_his(self, claim: Said, sentence: Sentence) -> bool:
        """Return whether the customer's word is enough for a claim in this sentence."""
        if _quoted(claim.text, sentence.text):
            return True
        return claim.kind in _HIS_OWN and not sentence.promises


@dataclass(frozen=True, slots=True)
class _Told:
    keys: frozenset[Key]
    customer: frozenset[Key]
    names: tuple[Names, ...]
    customer_names: tuple[Names, ...]

    @classmethod
    def of(cls, sources: Sources) -> "_Told":
        day = sources.day
        own = _union(_own(text, day) for text in sources.own)
        found = _union(_any(text, day) for text in sources.found)
        hosts = {key for key in own if key[0] == "host"}
        links = {
            key for key in found if key[0] == "link" and ("host", key[1].split("/")[0]) not in hosts
        }
        earlier = _union(_any(text, day) for text in sources.earlier)
        clock = today(day) if day is not None else frozenset[Key]()
        customer = _union(_his(text, day) for text in sources.customer)
        names = [_names(text, ()) for text in (*sources.own, *sources.found, *sources.earlier)]
        return cls(
            own | (found - links) | earlier | clock,
            customer,
            (*names, _names("", sources.people)),
            tuple(_names(text, ()) for text in sources.customer),
        )


def _union(parts: Iterable[frozenset[Key]]) -> frozenset[Key]:
    return frozenset[Key]().union(*parts)


@lru_cache(maxsize=8192)
def _own(text: str, day: date | None) -> frozenset[Key]:
    """Return what a text of the business backs; its opening days say only when it is open."""
    return frozenset(
        (*key, "open") if key[0] == "weekday" and sentence.hours else key
        for sentence in read(text, day)
        for claim in sentence.claims
        for key in claim.backs
    )


@lru_cache(maxsize=1024)
def _any(text: str, day: date | None) -> frozenset[Key]:
    return frozenset(
        key for sentence in read(text, day) for claim in sentence.claims for key in claim.backs
    )


def _his(text: str, day: date | None) -> frozenset[Key]:
    """Return what the customer's words back: his "dois atendentes" may be "2 vagas" of ours."""
    read_so = (claim for one in read(text, day, customer=True) for claim in one.claims)
    keys = {key for claim in read_so for key in claim.backs if key[0] not in ("link", "host")}
    return frozenset(keys) | frozenset(_counted(keys))


def _counted(keys: Iterable[Key]) -> Iterator[Key]:
    """Return keys of amounts that are counted in pieces: of these the noun may change."""
    return (("count", key[1]) for key in keys if key[0] == "number" and key[2] in COUNTED)


@lru_cache(maxsize=8192)
def _names(text: str, people: tuple[str, ...]) -> Names:
    return names_in(text, people)


def _needs(claim: Said, sentence: Sentence) -> frozenset[Key]:
    """Return what a claim of a reply needs; none where it says when the business is closed."""
    days = any(key[0] in ("weekday", "when") for key in claim.needs)
    if days and sentence.denies and claim.kind == "date":
        return frozenset()
    opening = [(*key, "open") for key in claim.needs if key[0] == "weekday" and sentence.hours]
    return frozenset((*claim.needs, *opening))


def _quoted(words: str, text: str) -> bool:
    """Return whether a sentence gives the customer's words back as his, or says they are not so."""
    place = text.find(words)
    if place < 0:
        return False
    before = text[:place]
    start = max((found.end() for found in _CLAUSE.finditer(before)), default=0)
    end = _CLAUSE.search(text, place + len(words))
    clause = text[start : end.start() if end else len(text)]
    return bool(_ATTRIBUTED.search(clause) or _DENIED.search(before[start:]))
