"""What the words of a turn may rest on, and which claims of a reply rest on nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from chatcrew.hub.claims import _bonds, _clauses, _settled
from chatcrew.hub.claims._bonds import Priced
from chatcrew.hub.claims._dates import today
from chatcrew.hub.claims._names import Name, Names, names_in
from chatcrew.hub.claims._reading import Sentence, read
from chatcrew.hub.claims._said import Key, Said
from chatcrew.hub.claims._settled import Shift
from chatcrew.hub.claims._units import COUNTED

_HIS_OWN = frozenset({"number", "date", "hour", "phone", "email", "code", "address"})
"""Kinds that a customer may be answered with in his own words: his day, his order, his number."""

_REACHED_AT = frozenset({"phone", "email", "code", "address"})
"""Where somebody is reached or paid: what the customer names is never the business's."""

_NEVER_PROMISED = frozenset({"phone", "email", "code"})


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


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything a reply of one turn may rest on.

    Attributes:
        own: what the business wrote: facts, hours, rules, questions and answers.
        known: what else of it was found for this turn.
        found: what tools returned; a link in it counts only where its host is the business's own.
        earlier: what the bot and the team said in this conversation.
        customer: what the customer said, and is known by: name, phone, e-mail.
        people: names of professionals.
        priced: things with prices of their own, which are not to be mixed up.
        shifts: who attends on which weekdays.
        day: today where the business is; None: the clock backs nothing.
    """

    own: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    customer: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    priced: tuple[Priced, ...] = ()
    shifts: tuple[Shift, ...] = ()
    day: date | None = None
    _backing: "_Backing" = field(init=False, compare=False, repr=False)
    _told: "_Backing" = field(init=False, compare=False, repr=False)
    _his: "_Backing" = field(init=False, compare=False, repr=False)
    _read: dict[str, tuple[Unfounded, ...]] = field(
        init=False, compare=False, repr=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        """Lay together what all of them back; what the business wrote was read before."""
        known = (_written(text, self.day) for text in self.known)
        own = _laid((_own(self.own, self.people, self.day), *known))
        found = _laid(_told(text, self.day) for text in self.found)
        hosts = {key for key in own.keys if key[0] == "host"}
        foreign = {
            key
            for key in found.keys
            if key[0] == "link" and ("host", key[1].partition("/")[0]) not in hosts
        }
        said = [_told(text, self.day) for text in self.earlier]
        clock = _Backing(today(self.day) if self.day is not None else frozenset())
        told = _laid((found.without(foreign), *said))
        object.__setattr__(self, "_told", told)
        object.__setattr__(self, "_backing", _laid((own, told, clock)))
        object.__setattr__(self, "_his", _laid(_by_customer(t, self.day) for t in self.customer))

    def unfounded(self, text: str) -> list[Unfounded]:
        """Return the claims of ``text`` that rest on nothing, in their order."""
        # A reply is looked at where it comes from and before it leaves, and mostly is the same
        if text not in self._read:
            missing = (
                Unfounded(kind, words)
                for sentence in read(text, self.day)
                for kind, words in self._missing(sentence)
            )
            self._read[text] = tuple(dict.fromkeys(missing))
        return list(self._read[text])

    def _missing(self, sentence: Sentence) -> Iterator[tuple[str, str]]:
        topics = _bonds.topics(sentence.text)
        settled = _settled.is_settled(sentence.plain)
        for claim in sentence.claims:
            needs = _needs(claim, sentence)
            # Of his own appointment only a tool or somebody's word tells, never the opening hours
            own = settled and claim.kind in ("date", "hour")
            backing = self._told if own else self._backing
            if not needs or backing.has(needs, topics):
                continue
            his = not self._his.keys.isdisjoint((*needs, *_counted(claim.needs)))
            if not (his and _is_his(claim, sentence)):
                yield claim.kind, claim.text
        for name in sentence.names:
            own = self._backing.knows(name)
            if not own and not (
                self._his.knows(name) and _clauses.quoted(name.text, sentence.text)
            ):
                yield "name", name.text
        for words, day in _settled.strange_days(sentence.text, self.shifts):
            if ("weekday", str(day)) not in self._told.keys:
                yield "date", words
        arrives = _settled.arrives_today(sentence.text)
        if arrives and not self._told.says("hoje"):
            yield "date", arrives
        for price in _bonds.swapped_prices(sentence.text, self.priced):
            yield "price", price
        for day, begin, end in _bonds.openings(sentence.text) - self._backing.openings:
            spans = {(d, b, e) for d, b, e in self._backing.openings if (b, e) == (begin, end)}
            if spans and not _clauses.closed("", sentence.text):
                yield "hour", _hours(day, begin, end)


@dataclass(frozen=True, slots=True)
class _Backing:
    """What one text, or many laid together, back."""

    keys: frozenset[Key] = frozenset()
    topical: frozenset[tuple[str, Key]] = frozenset()
    openings: frozenset[tuple[int, str, str]] = frozenset()
    names: tuple[Names, ...] = ()

    def has(self, needs: frozenset[Key], topics: frozenset[str]) -> bool:
        """Return whether any of the needs is backed, a term by a text about the same topic."""
        for key in needs & self.keys:
            bound = _bonds.bound(key, topics)
            if not bound or any((topic, key) in self.topical for topic in bound):
                return True
        return False

    def knows(self, name: Name) -> bool:
        """Return whether a name stands in any of the texts."""
        return any(one.know(name) for one in self.names)

    def says(self, word: str) -> bool:
        """Return whether a folded word stands in any of the texts."""
        return any(f" {word} " in one.folded for one in self.names)

    def without(self, keys: Iterable[Key]) -> "_Backing":
        """Return the same without some keys."""
        return _Backing(self.keys - frozenset(keys), self.topical, self.openings, self.names)


def _laid(parts: Iterable[_Backing]) -> _Backing:
    known = list(parts)
    return _Backing(
        frozenset[Key]().union(*(one.keys for one in known)),
        frozenset[tuple[str, Key]]().union(*(one.topical for one in known)),
        frozenset[tuple[int, str, str]]().union(*(one.openings for one in known)),
        tuple(name for one in known for name in one.names),
    )


@lru_cache(maxsize=64)
def _own(texts: tuple[str, ...], people: tuple[str, ...], day: date | None) -> _Backing:
    """Lay together what the business always says: it is the same from turn to turn."""
    of_people = _Backing(names=(names_in("", people),))
    return _laid((*(_written(text, day) for text in texts), of_people))


@lru_cache(maxsize=8192)
def _written(text: str, day: date | None) -> _Backing:
    """Read a text of the business; its opening days say only when it is open."""
    return _read(text, day, own=True)


@lru_cache(maxsize=1024)
def _told(text: str, day: date | None) -> _Backing:
    return _read(text, day, own=False)


def _read(text: str, day: date | None, *, own: bool) -> _Backing:
    keys: set[Key] = set()
    for sentence in read(text, day):
        for claim in sentence.claims:
            days = claim.kind == "date" and claim.backs[0][0] in ("weekday", "when")
            if days and _clauses.closed(claim.text, sentence.plain):
                continue
            opens = own and sentence.hours
            keys |= {
                (*key, "open") if key[0] == "weekday" and opens else key for key in claim.backs
            }
    if own:
        # "em uma ou duas faturas": spelled in the document, in digits in the reply
        spelled = (one for part in read(text, day, customer=True) for one in part.claims)
        keys |= {key for one in spelled if one.kind == "number" for key in one.backs}
    topics = _bonds.topics(text)
    return _Backing(
        frozenset(keys),
        frozenset((topic, key) for key in keys for topic in _bonds.bound(key, topics)),
        frozenset(one for line in text.splitlines() for one in _bonds.openings(line)),
        (names_in(text),),
    )


@lru_cache(maxsize=1024)
def _by_customer(text: str, day: date | None) -> _Backing:
    """Read the customer's words: his "dois atendentes" may be "2 vagas" of ours; no link counts."""
    read_so = (claim for one in read(text, day, customer=True) for claim in one.claims)
    keys = {key for claim in read_so for key in claim.backs if key[0] not in ("link", "host")}
    return _Backing(frozenset(keys) | frozenset(_counted(keys)), names=(names_in(text),))


def _counted(keys: Iterable[Key]) -> Iterator[Key]:
    """Return keys of amounts that are counted in pieces: of these the noun may change."""
    return (("count", key[1]) for key in keys if key[0] == "number" and key[2] in COUNTED)


def _needs(claim: Said, sentence: Sentence) -> frozenset[Key]:
    """Return what a claim of a reply needs; none where it says when the business is closed."""
    days = any(key[0] in ("weekday", "when") for key in claim.needs)
    if days and claim.kind == "date" and _clauses.closed(claim.text, sentence.plain):
        return frozenset()
    opening = [(*key, "open") for key in claim.needs if key[0] == "weekday" and sentence.hours]
    return frozenset((*claim.needs, *opening))


def _is_his(claim: Said, sentence: Sentence) -> bool:
    """Return whether the customer's word is enough for a claim in this clause."""
    if claim.kind in _REACHED_AT and _clauses.ours(claim.text, sentence.plain):
        return False
    if claim.kind in _NEVER_PROMISED or _clauses.quoted(claim.text, sentence.plain):
        return True
    pieces = any(_counted(claim.needs))
    promised = _clauses.promises(claim.text, sentence.plain, pieces=pieces)
    return claim.kind in _HIS_OWN and not promised


def _hours(day: int, begin: str, end: str) -> str:
    shown = [f"{int(minute) // 60}:{int(minute) % 60:02}" for minute in (begin, end)]
    return f"{day + 1}: {'-'.join(shown)}"
