"""Holds what came of a customer's line against what its conversation test wants."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from chatcrew.messages import ToolResult, TurnRecord
from chatcrew.tenancy.conversations import Line
from chatcrew.tenancy.model import Place
from chatcrew.tenancy.vocabulary import NO_INTENT
from chatcrew.testing._chatwoot.state import Message


@dataclass(frozen=True, slots=True)
class Failure:
    """One expectation that did not come true.

    Attributes:
        kind: ``intent``, ``tool``, ``contains``, ``lacks``, ``handoff``, ``told``, ``model`` (a
            text of the scripted model that nobody asked for), ``silent`` or ``late``.
        place: file and line of the customer's line.
        says: what the customer wrote, a line for each message.
        expected: what the file wants: a name, a fragment, ``yes`` or ``no``; "" for ``silent`` and
            ``late``.
        got: what there was instead, or "".
        read: what the customer read.
        why: name of the reason the turn gave for its answer, or "".
        rungs: the steps of the ladder that were tried, with their ends.
    """

    kind: str
    place: Place
    says: str
    expected: str = ""
    got: str = ""
    read: str = ""
    why: str = ""
    rungs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Played:
    """One conversation that was played to its end, or to its first line that failed.

    Attributes:
        name: of the conversation.
        channel: where it took place.
        place: where it stands.
        seconds: how long it took.
        failures: of that line.
    """

    name: str
    channel: str
    place: Place
    seconds: float
    failures: tuple[Failure, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everything came as the file says."""
        return not self.failures


@dataclass(frozen=True, slots=True)
class Report:
    """All conversations of a tenant.

    Attributes:
        tenant: whose.
        version: of the configuration they were played with.
        played: one by one, in the order of the file.
        content: digest of all they depended on (``tenancy.content``).
    """

    tenant: str
    version: str
    played: tuple[Played, ...]
    content: str = ""

    @property
    def ok(self) -> bool:
        """Whether all went well."""
        return all(one.ok for one in self.played)

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Return every failure, in the order of the file."""
        return tuple(failure for one in self.played for failure in one.failures)


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of one line.

    Attributes:
        records: of its turns.
        routed: functions they switched to.
        called: tools, with what they answered.
        replies: the bot's new public messages.
        people: whether people have the conversation now.
        answering: whether the bot had it when the customer wrote.
        late: whether it was still at work when patience ended.
        unsaid: the scripted model's texts that were not asked for.
        told: what it was given to read.
    """

    records: Sequence[TurnRecord]
    routed: Sequence[str]
    called: Sequence[tuple[str, ToolResult]]
    replies: Sequence[Message]
    people: bool
    answering: bool
    late: bool = False
    unsaid: Sequence[str] = ()
    told: str = ""


def judged(line: Line, seen: Seen, *, routes: Mapping[str, str]) -> tuple[Failure, ...]:
    """Return every expectation of ``line`` that did not come true.

    Args:
        line: what was said, and what is wanted.
        seen: what came.
        routes: function by name of the intent that leads to it.
    """
    read = "\n".join(filter(None, map(_shown, seen.replies)))
    last = seen.records[-1] if seen.records else None
    tried = last.details.get("rungs", ()) if last is not None else ()
    return tuple(
        Failure(
            kind,
            line.place,
            "\n".join(line.says),
            expected,
            got,
            read,
            last.reason if last is not None else "",
            tuple(f"{rung['name']}: {rung['end']}" for rung in tried),
        )
        for kind, expected, got in _wrong(line, seen, _folded(read), routes)
    )


def _wrong(
    line: Line, seen: Seen, read: str, routes: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    """Yield kind, what was wanted and what there was."""
    if seen.late:
        yield "late", "", ""
        return
    if not read and seen.answering:
        yield "silent", "", ""
    if line.intent is not None:
        found = _intents(seen, routes)
        if line.intent not in found:
            yield "intent", line.intent, found[0]
    if line.tool is not None and line.tool not in dict(seen.called):
        yield "tool", line.tool, ", ".join(dict(seen.called))
    yield from _fragments(line, read, told=_folded(seen.told))
    if line.handoff is not None and line.handoff != seen.people:
        yield "handoff", "yes" if line.handoff else "no", "yes" if seen.people else "no"
    for text in seen.unsaid[:1]:
        # Whoever wrote it believes in another way of this turn than it takes
        yield "model", text, ""


def _fragments(line: Line, read: str, *, told: str) -> Iterator[tuple[str, str, str]]:
    """Yield the texts that are missing, or there against the file, for customer and model."""
    for fragment in line.contains:
        if _folded(fragment) not in read:
            yield "contains", fragment, ""
    for fragment in line.lacks:
        if _folded(fragment) in read:
            yield "lacks", fragment, ""
    for fragment in line.told:
        if _folded(fragment) not in told:
            yield "told", fragment, ""


def _intents(seen: Seen, routes: Mapping[str, str]) -> list[str]:
    """Return the intents it may have been: several only where they lead to the same function."""
    for record in seen.records:
        name = record.details.get("intent")
        if name is not None:
            return [str(name)]
    # An intent that only leads on to another function leaves no name behind
    return [name for name, function in routes.items() if function in seen.routed] or [NO_INTENT]


def _shown(message: Message) -> str:
    """Return a message with the options under it, as the customer sees them."""
    items = message.content_attributes.get("items", ())
    titles = [str(item["title"]) for item in items if "title" in item]
    return "\n".join([message.content or "", *titles])


def _folded(text: str) -> str:
    """Fold case and kinds of white space: "R$ 350" may hold a no-break space."""
    return " ".join(text.casefold().split())
