"""Which of a tenant's intents a message means, by examples, or "don't know" (S3-41, S1-20)."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from chatcrew.intents._fold import fold, word_set
from chatcrew.intents._match import ASKING
from chatcrew.tenancy.model import Intent

if TYPE_CHECKING:
    from chatcrew.intents._model import Model

_CERTAIN: Final = 0.99
_ANSWERS: Final = 0.9
_CONTINUES: Final = 2.0
_SHORT: Final = 4
"""A message of up to so many words may be the rest of what was said before."""

_UNLIKE: Final = 0.5
_MOST_PHRASES: Final = 150
_WONDERING = word_set(
    """
    quanto quanta quantos quantas qual quais onde quando como quem preco valor how what where when
    which why who price
    """
)
_REQUEST = re.compile(
    r"\b(?:posso|pode|podem|podemos|poderia|poderiam|tem como|da (?:para|pra)|consigo|consegue"
    r"|conseguem|conseguiria|can|could|may|would|will)\b"
)
_NOT = word_set("nao nem nunca jamais sem not never dont doesnt cant wont without")


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is to be learned of one intent.

    Attributes:
        intent: its name.
        examples: what customers say who mean it.
        keywords: words or phrases of no other intent; each counts as an example.
        questions: which questions may be this intent: ``all``; ``requests`` where it is a wish
            ("posso remarcar?", but not "até quando posso remarcar?"); ``none`` where it answers a
            statement ("tenho varizes", but not "varizes doem?").
    """

    intent: str
    examples: tuple[str, ...]
    keywords: tuple[str, ...] = ()
    questions: Literal["all", "requests", "none"] = "all"

    @classmethod
    def of(cls, intent: Intent, *, keywords: Sequence[str] = ()) -> "Lesson":
        """Return the lesson of a tenant's ``intent``: its phrases are the examples.

        Of very many (the built-in wish for a person has thousands, made of two lists) some are
        taken from everywhere: they teach as much, and the rest of the intents keep their weight.
        """
        examples = intent.phrases[:: -(-len(intent.phrases) // _MOST_PHRASES) or 1]
        questions: Literal["all", "requests", "none"] = "requests"
        if any(_wonders(phrase) for phrase in intent.phrases):
            questions = "all"
        elif intent.action == "reply":
            questions = "all" if any(map(_asks, intent.phrases)) else "none"
        return cls(intent.name, examples, tuple(keywords), questions)


@dataclass(frozen=True, slots=True)
class Context:
    """What was said before, which decides about "para sábado" and "12345".

    Attributes:
        intent: the conversation's last intent.
        waiting: kinds of entity its open slots wait for.
        found: kinds of valid entity in the message.
    """

    intent: str
    waiting: Collection[str] = ()
    found: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Guess:
    """Which intent a message is.

    Attributes:
        intent: the intent, or None for "don't know": then a model reads the message.
        confidence: the chance, 0..1, that ``best`` is right; calibrated on the tenant's examples.
        best: the intent that is nearest, also where it is not near enough; None where no word of
            the message is known.
        runner_up: the next.
    """

    intent: str | None
    confidence: float
    best: str | None = None
    runner_up: str | None = None


@dataclass(frozen=True, slots=True)
class Classifier:
    """Tells a tenant's intents apart; made once per configuration version, then only read.

    It may be asked from several threads. A question takes far less than a millisecond, training
    some hundredths of a second for a tenant and seconds for 15,000 examples: train in a thread.
    """

    _model: "Model | None"
    _said: dict[str, str | None]
    _denying: frozenset[str]
    _wished: frozenset[str]
    _told: frozenset[str]

    @classmethod
    def train(cls, lessons: Iterable[Lesson], *, aside: Sequence[str] = ()) -> "Classifier":
        """Return a classifier of ``lessons``.

        Args:
            lessons: one per intent; without any example every answer is "don't know".
            aside: messages that are none of the intents, where some are known.
        """
        lessons = tuple(lessons)
        pairs = dict.fromkeys(
            (text, lesson.intent)
            for lesson in lessons
            for text in (*lesson.examples, *lesson.keywords)
            if fold(text)
        )
        said: dict[str, str | None] = {}
        for text, name in pairs:
            folded = fold(text)
            said[folded] = name if said.get(folded, name) == name else None
        said.update((folded, None) for text in aside if (folded := fold(text)))
        denying = frozenset(name for text, name in pairs if _denies(fold(text)))
        wished, told = (
            frozenset(lesson.intent for lesson in lessons if lesson.questions == which)
            for which in ("requests", "none")
        )
        if not pairs:
            return cls(None, {}, denying, wished, told)
        from chatcrew.intents._model import train  # noqa: PLC0415 - numpy loads where it is used

        return cls(train(tuple(pairs), tuple(filter(fold, aside))), said, denying, wished, told)

    def classify(self, text: str, *, last: Context | None = None) -> Guess:
        """Return the intent of ``text``, or a guess without one where it is not sure enough.

        An example said word for word is certain. A message that denies ("não quero cancelar") is
        not taken for an intent none of whose examples does, a question for none that is told.

        Args:
            text: the customer's words.
            last: what was said before; raises the intent that the message continues.
        """
        folded = fold(text)
        if self._model is None or not folded:
            return Guess(None, 0.0)
        said = self._said.get(folded)
        if said is not None:
            return Guess(said, _CERTAIN, said)
        favour = {}
        if last is not None and len(folded.split()) <= _SHORT:
            favour[last.intent] = _CONTINUES
        ranked = self._model.rank(text, favour)
        names = self._model.names
        best = names[ranked.best] if ranked.best >= 0 else None
        second = names[ranked.second] if ranked.second >= 0 else None
        sure = self._model.confidence.of(ranked.signs) if best is not None else 0.0
        if (
            (_denies(folded) and best not in self._denying)
            or (best in self._told and _asks(text))
            or (best in self._wished and _wonders(text))
        ):
            sure *= _UNLIKE
        if (
            last is not None
            and last.intent in names
            and not set(last.waiting).isdisjoint(last.found)
            and (best == last.intent or sure < _ANSWERS)
        ):
            other = second if best == last.intent else best
            return Guess(last.intent, max(sure, _ANSWERS), last.intent, other)
        known = best if sure >= self._model.confidence.reject else None
        return Guess(known, sure, best, second)

    @property
    def reject(self) -> float:
        """The confidence below which the answer is "don't know": precision before coverage."""
        return self._model.confidence.reject if self._model is not None else 1.0


def _denies(folded: str) -> bool:
    return not _NOT.isdisjoint(folded.split())


def _asks(text: str) -> bool:
    return "?" in text or not ASKING.isdisjoint(fold(text).split())


def _wonders(text: str) -> bool:
    """Return whether ``text`` asks about something, as against asking for it."""
    folded = fold(text)
    if not _WONDERING.isdisjoint(folded.replace("tem como", "").split()):
        return True
    return "?" in text and _REQUEST.search(folded) is None
