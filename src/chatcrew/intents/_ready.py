"""What matching needs of a tenant's intents, worked out once for all messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from chatcrew.intents._fold import word_set, words
from chatcrew.intents._typos import Slips
from chatcrew.tenancy.model import Intent

# They may stand anywhere in a sentence without changing what is meant.
LIGHT = word_set(
    """
    a as o os um uma uns umas de do da dos das no na com eu ai aqui ja so mesmo mesma agora logo
    por favor favor muito direto diretamente urgente urgentemente the an please just now right
    here really actually i some esta muita muitos muitas
    """
)
ONE_WISH = dict.fromkeys(("queria", "gostaria", "desejo", "preciso", "precisava", "quer"), "quero")

_MOST_READY = 256
_MOST_PHRASES = 16_384


@dataclass(frozen=True, slots=True)
class Index:
    """Phrases without the words that change nothing.

    Attributes:
        phrases: as written, by the words that are left.
        longest: words of the longest of these.
    """

    phrases: Mapping[tuple[str, ...], str]
    longest: int


@dataclass(frozen=True, slots=True)
class Way:
    """One intent as ``match`` looks for it.

    Attributes:
        intent: which one.
        own: its phrases as written, by their words.
        longest: words of the longest of them.
        index: its phrases without the words that change nothing.
    """

    intent: Intent
    own: Mapping[tuple[str, ...], str]
    longest: int
    index: Index


@dataclass(frozen=True, slots=True)
class Ready:
    """What ``match`` needs of some intents, worked out once for all messages.

    Attributes:
        intents: as they were given: while they are held, nothing else has their identity.
        ways: in the order in which they are tried.
        slips: of all their words.
        others: phrases that may stand beside another intent's without making it a question.
        longest: words of the longest of these.
    """

    intents: tuple[Intent, ...]
    ways: tuple[Way, ...]
    slips: Slips
    others: frozenset[tuple[str, ...]]
    longest: int


_known_ready: dict[tuple[int, ...], Ready] = {}
"""By the identity of the intents: to hash all their phrases would take longer than to match."""


def ready_for(intents: Sequence[Intent]) -> Ready:
    """Return what is known of ``intents``, worked out where these are met for the first time."""
    names = tuple(map(id, intents))
    found = _known_ready.get(names)
    if found is None:
        while len(_known_ready) >= _MOST_READY:
            _known_ready.pop(next(iter(_known_ready)), None)
        found = _known_ready[names] = _made_ready(intents)
    return found


def _made_ready(intents: Sequence[Intent]) -> Ready:
    ways = [_way(intent) for intent in sorted(intents, key=_turn)]
    others = frozenset(
        phrase
        for way in ways
        if way.intent.whole and way.intent.action == "reply"
        for phrase in way.own
    )
    return Ready(
        tuple(intents),
        tuple(ways),
        Slips(word for way in ways for phrase in way.own for word in phrase),
        others,
        max(map(len, others), default=0),
    )


def _way(intent: Intent) -> Way:
    own = {_phrase(phrase): phrase for phrase in intent.phrases}
    return Way(intent, own, max(map(len, own), default=0), index_of(intent.phrases))


@lru_cache(maxsize=_MOST_PHRASES)
def _phrase(text: str) -> tuple[str, ...]:
    """Return the words of a configured phrase: it is met twice, and again after each reload."""
    return words(text)


@lru_cache(maxsize=1024)
def index_of(phrases: tuple[str, ...]) -> Index:
    """Return the index of some phrases."""
    found: dict[tuple[str, ...], str] = {}
    for phrase in phrases:
        said = tuple(ONE_WISH.get(word, word) for word in _phrase(phrase) if word not in LIGHT)
        if said:
            found.setdefault(said, phrase)
    return Index(found, max(map(len, found), default=0))


def _turn(intent: Intent) -> tuple[bool, bool]:
    return intent.action != "handoff", intent.priority != "urgent"
