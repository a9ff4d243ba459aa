"""What supervisors read of a week: how often, about what, where; the same for note and terminal."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chatcrew.ids import ConversationId
from chatcrew.messages import Signal

_MOST_PLACES = 10
_MOST_EXAMPLES = 8

_WORDS: Mapping[str, Mapping[str, str]] = {
    "pt-BR": {
        "title": "Atendimentos que não foram bem",
        "none": "Nenhum sinal de insatisfação neste período. 🎉",
        "total": "{signals} sinais em {conversations} conversas",
        "kinds": "Sinais",
        "reasons": "Motivos",
        "about": "Assuntos",
        "places": "Conversas com mais sinais",
        "examples": "O que os clientes disseram",
        "complaint": "insatisfação",
        "asked": "pediu uma pessoa",
        "generic": "resposta genérica ou repetida",
        "unable": "o bot não conseguiu",
    },
    "en": {
        "title": "Conversations that did not go well",
        "none": "No sign of dissatisfaction in this period. 🎉",
        "total": "{signals} signals in {conversations} conversations",
        "kinds": "Signals",
        "reasons": "Reasons",
        "about": "Topics",
        "places": "Conversations with most signals",
        "examples": "What customers said",
        "complaint": "dissatisfied",
        "asked": "asked for a person",
        "generic": "generic or repeated answer",
        "unable": "the bot was unable",
    },
}


@dataclass(frozen=True, slots=True)
class Digest:
    """A period in figures.

    Attributes:
        tenant: whose.
        since: from when.
        until: until before when.
        signals: how many.
        conversations: in how many.
        kinds: how many of each kind, most first, as the next two.
        reasons: by the turn's reason.
        about: by intent, where one was read.
        places: conversations with most signals.
        examples: what the most dissatisfied said, newest first, with the conversation.
    """

    tenant: str
    since: datetime
    until: datetime
    signals: int = 0
    conversations: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)
    about: Mapping[str, int] = field(default_factory=dict)
    places: Sequence[tuple[ConversationId, int]] = ()
    examples: Sequence[tuple[ConversationId, str]] = ()


def digest(tenant: str, found: Sequence[Signal], *, since: datetime, until: datetime) -> Digest:
    """Return the figures of a tenant's signals."""
    places = Counter(one.conversation for one in found)
    told: dict[str, Signal] = {}
    for one in found:
        if one.said:
            told.setdefault(one.turn_id, one)
    worst = sorted(told.values(), key=lambda one: (one.mood, -one.at.timestamp()))
    return Digest(
        tenant,
        since,
        until,
        signals=len(found),
        conversations=len(places),
        kinds=_counted(one.kind for one in found),
        reasons=_counted(one.reason for one in {one.turn_id: one for one in found}.values()),
        about=_counted(one.about for one in {one.turn_id: one for one in found}.values()),
        places=sorted(places.items(), key=lambda one: (-one[1], str(one[0])))[:_MOST_PLACES],
        examples=[(one.conversation, one.said) for one in worst[:_MOST_EXAMPLES]],
    )


def written(one: Digest, *, language: str, quote: Callable[[str], str] = str) -> str:
    """Return a digest in Markdown.

    Args:
        one: the figures.
        language: ``pt-BR`` or ``en``.
        quote: makes a customer's words harmless where it is shown.
    """
    words = _WORDS.get(language, _WORDS["pt-BR"])
    head = f"📊 **{words['title']}** · {one.tenant} · {one.since:%d/%m/%Y} – {one.until:%d/%m/%Y}"
    if not one.signals:
        return f"{head}\n\n{words['none']}"
    total = words["total"].format(signals=one.signals, conversations=one.conversations)
    rows = [head, total]
    for key, counts in (("kinds", one.kinds), ("reasons", one.reasons), ("about", one.about)):
        if counts:
            listed = "\n".join(
                f"- {words.get(name, f'`{name}`')}: {n}" for name, n in counts.items()
            )
            rows.append(f"**{words[key]}**\n{listed}")
    listed = "\n".join(f"- #{place.number} ({place.bot}): {n}" for place, n in one.places)
    rows.append(f"**{words['places']}**\n{listed}")
    if one.examples:
        said = "\n".join(f"- #{place.number}: {quote(text)}" for place, text in one.examples)
        rows.append(f"**{words['examples']}**\n{said}")
    return "\n\n".join(rows)


def _counted(names: Iterable[str]) -> dict[str, int]:
    counts = Counter(one for one in names if one)
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))
