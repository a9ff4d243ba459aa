"""When the bot gives a conversation to people, and how, as values; seen through ``model``."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Trigger:
    """One reason to call people, and what a conversation gets that it gives to them.

    Attributes:
        enabled: it calls people; else the bot says honestly what it can and goes on.
        labels: put on the conversation; those of people stay.
        priority: given unless the conversation has a higher one, or None.
        team: Chatwoot's id of the team it is given to, or None.
        agent: Chatwoot's id of the person it is given to, or None.
    """

    enabled: bool = True
    labels: tuple[str, ...] = ()
    priority: str | None = None
    team: int | None = None
    agent: int | None = None


@dataclass(frozen=True, slots=True)
class Asked(Trigger):
    """The customer asks for a person (S3-102).

    Attributes:
        phrases: wordings beside the built-in ones of three languages.
    """

    phrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LowEvidence(Trigger):
    """Nothing that the business knows answers the customer (S1-25).

    Attributes:
        strict: also where a model has an answer that rests on nothing that was found.
        confidence: for ``strict``: chance from which a guessed intent counts as known.
    """

    strict: bool = False
    confidence: float = 0.7


@dataclass(frozen=True, slots=True)
class ToolFailed(Trigger):
    """A tool fails again and again in one turn (S3-103).

    Attributes:
        retries: failures of one tool in a turn that are put up with.
    """

    retries: int = 2


@dataclass(frozen=True, slots=True)
class Long(Trigger):
    """The talk leads nowhere (S3-104).

    Attributes:
        messages: of customer and bot since people last had it, beyond which they get it.
    """

    messages: int = 20


@dataclass(frozen=True, slots=True)
class Mood(Trigger):
    """The customer is very dissatisfied (S3-105).

    Attributes:
        below: mood, -1 to 0, at which people are called.
    """

    below: float = -0.7


@dataclass(frozen=True, slots=True)
class Alarm(Trigger):
    """A word that nobody but people should answer.

    Attributes:
        words: words or phrases.
    """

    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicTrigger(Trigger):
    """Something only people speak about in this business.

    Attributes:
        name: short name, which the team reads.
        words: words or phrases by which it is known.
        intents: names of intents that are about it.
    """

    name: str = ""
    words: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cost(Trigger):
    """The talk has cost too much.

    Attributes:
        usd: US dollars of model calls since people last had it; None: any.
    """

    usd: float | None = None


@dataclass(frozen=True, slots=True)
class Loop(Trigger):
    """The same again.

    Attributes:
        answers: people get it instead of the same answer for this many-th time; 0: never.
        questions: people get it at the same message for this many-th time; 0: never.
    """

    answers: int = 3
    questions: int = 3


ALARMS: tuple[str, ...] = (
    "procon",
    "reclame aqui",
    "reclameaqui",
    "consumidor.gov",
    "meu advogado",
    "minha advogada",
    "acionar um advogado",
    "processar voces",
    "entrar com processo",
    "entrar na justica",
    "acao judicial",
    "danos morais",
    "pequenas causas",
    "boletim de ocorrencia",
    "na delegacia",
    "suicidio",
    "suicidar",
    "me matar",
    "tirar minha vida",
    "my lawyer",
    "lawsuit",
    "sue you",
    "legal action",
    "kill myself",
    "suicide",
    "mi abogado",
    "demandarlos",
    "suicidarme",
)
"""Alarm words where a business names none of its own; matched as whole words, folded."""


@dataclass(frozen=True, slots=True)
class HandoffPolicy:
    """When the bot gives a conversation to people, and how.

    Attributes:
        choice: the first greeting offers the customer bot or person.
        asked: the customer asks for a person.
        evidence: nothing known answers him.
        tool: a tool fails again and again.
        long: the talk is long.
        mood: the customer is very dissatisfied.
        alarm: he says an alarm word.
        topics: what only people speak about.
        vip: he is a VIP.
        cost: the talk costs too much.
        loop: the same again.
        attachment: a file that nobody could read.
        grounding: the answer held what stands in no source.
        model: no model answered, or it refused.
        called: a role called people, or promised them; it is always obeyed.
    """

    choice: bool = False
    asked: Asked = field(default_factory=Asked)
    evidence: LowEvidence = field(default_factory=LowEvidence)
    tool: ToolFailed = field(default_factory=ToolFailed)
    long: Long = field(default_factory=Long)
    mood: Mood = field(default_factory=lambda: Mood(labels=("insatisfeito",), priority="high"))
    alarm: Alarm = field(
        default_factory=lambda: Alarm(labels=("alerta",), priority="urgent", words=ALARMS)
    )
    topics: tuple[TopicTrigger, ...] = ()
    vip: Trigger = field(default_factory=lambda: Trigger(enabled=False, priority="high"))
    cost: Cost = field(default_factory=Cost)
    loop: Loop = field(default_factory=Loop)
    attachment: Trigger = field(default_factory=Trigger)
    grounding: Trigger = field(default_factory=Trigger)
    model: Trigger = field(default_factory=Trigger)
    called: Trigger = field(default_factory=Trigger)


_LISTS = frozenset({"labels", "phrases", "words", "intents"})


def made_handoff(merged: Mapping[str, Any]) -> HandoffPolicy:
    """Return what both files say, merged; what they leave out is as without them."""
    plain = HandoffPolicy()
    given: dict[str, Any] = {}
    for key, said in merged.items():
        if key == "choice":
            given[key] = said
        elif key == "topics":
            given[key] = tuple(
                TopicTrigger(name=name, **_tuples(topic)) for name, topic in said.items()
            )
        else:
            given[key] = replace(getattr(plain, key), **_tuples(said))
    return HandoffPolicy(**given)


def _tuples(said: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if key in _LISTS else value for key, value in said.items()}
