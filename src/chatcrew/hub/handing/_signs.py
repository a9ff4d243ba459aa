"""Signs that people should go on: words, moods, topics, the same again; pure."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from chatcrew import intents
from chatcrew.messages import AuthorKind, Line
from chatcrew.tenancy.model import TopicTrigger

_PEOPLE = (AuthorKind.PERSON, AuthorKind.PHONE)
_LEAST_WORDS = 3
"""Words of a message below which saying it again means nothing: "sim", "oi"."""

_ALIKE = 0.8
"""Share of common words from which two messages say the same."""


def spoken_of(text: str, listed: Sequence[str]) -> str | None:
    """Return the first of some words or phrases that a text holds as whole words, or None."""
    said = f" {' '.join(intents.words(text))} "
    return next((one for one in listed if _folded(one) in said), None)


@lru_cache(maxsize=2_048)
def _folded(listed: str) -> str:
    return f" {' '.join(intents.words(listed))} "


def topic_of(text: str, topics: Iterable[TopicTrigger]) -> TopicTrigger | None:
    """Return the first enabled topic that a text is about by its words, or None."""
    return next((one for one in topics if one.enabled and spoken_of(text, one.words)), None)


def topic_meant(intent: str | None, topics: Iterable[TopicTrigger]) -> TopicTrigger | None:
    """Return the first enabled topic that an intent is about, or None."""
    return next((one for one in topics if one.enabled and intent in one.intents), None)


def asked_again(text: str, history: Sequence[Line]) -> int:
    """Return how often the customer has said the same, this time included, since people spoke."""
    words = frozenset(intents.words(text))
    if len(words) < _LEAST_WORDS:
        return 1
    said = (line for line in _since_people(history) if line.author.kind is AuthorKind.CUSTOMER)
    return 1 + sum(_alike(words, frozenset(intents.words(line.text))) for line in said)


def answered_again(text: str, history: Sequence[Line]) -> int:
    """Return how often the bot would have said the same, this time included, since people spoke.

    A channel may have split an answer into bubbles: those between two words of the customer are
    read as one.
    """
    words = frozenset(intents.words(text))
    if len(words) < _LEAST_WORDS:
        return 1
    answers = _answers(_since_people(history))
    return 1 + sum(_alike(words, frozenset(intents.words(one))) for one in answers)


def _answers(lines: Sequence[Line]) -> Iterator[str]:
    bubbles: list[str] = []
    for line in lines:
        if line.author.kind is AuthorKind.BOT:
            bubbles.append(line.text)
        elif bubbles:
            yield "\n".join(bubbles)
            bubbles = []
    if bubbles:
        yield "\n".join(bubbles)


def _since_people(history: Sequence[Line]) -> Sequence[Line]:
    last = max(
        (place for place, one in enumerate(history) if one.author.kind in _PEOPLE), default=-1
    )
    return history[last + 1 :]


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one & other) and len(one & other) >= _ALIKE * len(one | other)
