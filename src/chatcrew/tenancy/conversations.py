"""Conversation tests of a tenant as checked values: what is said, and what must come."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chatcrew.errors import ConfigError, ConfigErrors
from chatcrew.tenancy._faults.fault import Fault, YamlPath, choices, in_order
from chatcrew.tenancy._reading.document import Document, parse
from chatcrew.tenancy._reading.files import TESTS, Source, read_source, shown
from chatcrew.tenancy._reading.validate import validated
from chatcrew.tenancy._shapes.conversations import ConversationsShape, LineShape
from chatcrew.tenancy.model import Place
from chatcrew.tenancy.vocabulary import BUILTIN_INTENTS, NO_INTENT

CHANNEL = "whatsapp"
"""Where a conversation takes place that names no channel."""


@dataclass(frozen=True, slots=True)
class Line:
    """What the customer writes in one go, and what must come of it.

    Attributes:
        says: the customer's messages, one upon the other.
        intent: name of the intent it must be, ``none`` for no intent at all; None: not looked at.
        tool: name of a tool that must be called, or None.
        arguments: with what the scripted model calls it.
        contains: fragments the reply must hold.
        lacks: fragments it must not hold.
        handoff: whether people must be called; None: not looked at.
        told: fragments that the scripted model must be given to read.
        model: what the scripted model says, one text per call that is no tool call.
        place: where it stands.
    """

    says: tuple[str, ...]
    intent: str | None = None
    tool: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    contains: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    handoff: bool | None = None
    told: tuple[str, ...] = ()
    model: tuple[str, ...] = ()
    place: Place = ("", 0)


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation of a customer who has never written before."""

    name: str
    lines: tuple[Line, ...]
    channel: str = CHANNEL
    place: Place = ("", 0)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What conversation tests may name.

    Attributes:
        intents: the tenant's own and the built-in ones.
        tools: the catalogue's.
        channels: every channel there is.
    """

    intents: Collection[str]
    tools: Collection[str]
    channels: Collection[str]


def conversations_path(config_dir: Path, tenant: str) -> Path:
    """Return where the conversation tests of ``domain/tenant`` belong."""
    domain, _, name = tenant.partition("/")
    return config_dir / "domains" / domain / f"{name}{TESTS}"


def load_conversations(
    path: Path, *, vocabulary: Vocabulary | None = None
) -> tuple[Conversation, ...]:
    """Return the conversations of one file.

    Args:
        path: ``config/domains/<domain>/<tenant>.tests.yaml``.
        vocabulary: what may be named; None: names are not looked at.

    Raises:
        ConfigErrors: with every fault of the file.
    """
    faults: list[Fault] = []
    source = read_source(path, shown(path), faults)
    found: tuple[Conversation, ...] = ()
    if source is not None:
        found, more = read_conversations(source, vocabulary=vocabulary)
        faults.extend(more)
    if faults:
        errors: list[ConfigError] = [*in_order(faults)]
        raise ConfigErrors(errors)
    return found


def read_conversations(
    source: Source, *, vocabulary: Vocabulary | None
) -> tuple[tuple[Conversation, ...], list[Fault]]:
    """Return the conversations of a file that was read, and every fault in it."""
    document, faults = parse(source.raw, source.file)
    if document is None:
        return (), faults
    shape, more = validated(ConversationsShape, document)
    faults.extend(more)
    if shape is None:
        return (), faults
    faults.extend(_name_faults(shape, document))
    if vocabulary is not None:
        faults.extend(_vocabulary_faults(shape, document, vocabulary))
    return tuple(
        Conversation(
            name=one.name,
            lines=tuple(
                _line(line, (source.name, document.line((*path, "customer", number))))
                for number, line in enumerate(one.customer)
            ),
            channel=one.channel or CHANNEL,
            place=(source.name, document.line(path)),
        )
        for place, one in enumerate(shape.conversations)
        for path in [("conversations", place)]
    ), faults


def _line(shape: LineShape, place: Place) -> Line:
    return Line(
        says=tuple(shape.says),
        intent=shape.intent,
        tool=shape.tool,
        arguments=shape.arguments or {},
        contains=tuple(shape.contains),
        lacks=tuple(shape.lacks),
        handoff=shape.handoff,
        told=tuple(shape.told),
        model=tuple(shape.model),
        place=place,
    )


def _name_faults(shape: ConversationsShape, document: Document) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for place, one in enumerate(shape.conversations):
        first = seen.setdefault(one.name, place)
        if first != place:
            before = document.line(("conversations", first, "name"))
            path: YamlPath = ("conversations", place, "name")
            yield document.fault("conversation_twice", path, word=one.name, line_before=before)


def _vocabulary_faults(
    shape: ConversationsShape, document: Document, known: Vocabulary
) -> Iterator[Fault]:
    intents = {*known.intents, *BUILTIN_INTENTS, NO_INTENT}
    for place, one in enumerate(shape.conversations):
        here: YamlPath = ("conversations", place)
        named = [((*here, "channel"), "unknown_channel", one.channel, known.channels)]
        for number, line in enumerate(one.customer):
            at = (*here, "customer", number)
            named.append(((*at, "intent"), "unknown_intent", line.intent, intents))
            named.append(((*at, "tool"), "unknown_tool", line.tool, known.tools))
        for path, code, word, among in named:
            if word is not None and word not in among:
                hint, values = choices(word, among)
                yield document.fault(code, path, hint=hint, word=word, **values)
