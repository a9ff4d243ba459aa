"""What must hold of every conversation, whatever failed: judged by what Chatwoot and we have."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from chatcrew.database.rows import MemoryTables
from chatcrew.messages import PartState, TurnState
from chatcrew.testing import Conversation, Message

WORD = re.compile(r"\bz[a-j]{4}q\b")
"""A word of a customer's message that stands in no other, which its answer repeats."""


def word(number: int) -> str:
    """Return the word of a message, in order of the alphabet."""
    return "z" + "".join("abcdefghij"[int(digit)] for digit in f"{number:04d}") + "q"


@dataclass(slots=True)
class Witness:
    """What only who stands beside can tell.

    Attributes:
        heard: loop time at which our door had taken a message, by Chatwoot's id.
        taken: customers' messages that asked for an answer when our door took them.
        left: loop time at which a message left us, right after our last look, by its tag.
        tried: loop time at which a message first left us: it was decided then, by its tag.
        returned: loop times at which a conversation was given back to the bot, by its number.
        gone: messages that were deleted.
    """

    heard: dict[int, float] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)
    left: dict[str, float] = field(default_factory=dict)
    tried: dict[str, float] = field(default_factory=dict)
    returned: dict[int, list[float]] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Court:
    """Judges one world.

    Attributes:
        conversations: as Chatwoot has them.
        tables: as we have them.
        witness: who stood beside.
    """

    conversations: Sequence[Conversation]
    tables: MemoryTables
    witness: Witness

    def unsettled(self) -> list[str]:
        """Return what may still come right: customers without an answer, work under way."""
        found = [one for talk in self.conversations for one in self._silent(talk)]
        for turn in self.tables.turns.values():
            if turn.state is not TurnState.FINISHED:
                found.append(f"unsettled: a turn is {turn.state.value}")
        for row in self.tables.conversations.values():
            if row.state.due_at is not None:
                found.append("unsettled: a conversation waits")
        for part in self.tables.parts.values():
            if part.state in (PartState.PLANNED, PartState.SENDING):
                found.append(f"unsettled: a part is {part.state.value}")
        return found

    def broken(self) -> list[str]:
        """Return what can never come right again."""
        found = []
        for talk in self.conversations:
            found += [*self._lost(talk), *self._twice(talk), *self._order(talk)]
            found += self._over(talk)
        return found

    def of(self, talk: Conversation) -> list[str]:
        """Return everything that does not hold of a conversation that is over."""
        found = [*self._silent(talk), *self._lost(talk), *self._twice(talk), *self._order(talk)]
        return [*found, *self._over(talk)]

    def _silent(self, talk: Conversation) -> Iterator[str]:
        """A customer has neither an answer nor people (no silent message)."""
        for number, message in enumerate(talk.messages):
            if message.message_type != "incoming" or message.id in self.witness.gone:
                continue
            later = talk.messages[number + 1 :]
            if not any(_answers(one) for one in later) and not _with_people(talk, later):
                yield f"silent: message {_name(message)} of conversation {talk.id}"

    def _lost(self, talk: Conversation) -> Iterator[str]:
        """Our door took a message, and we have it not: a later one's answer may hide that."""
        kept = {row.message_id for row in self.tables.events.values()}
        for message in talk.messages:
            if message.id in self.witness.taken and message.id not in kept:
                yield f"lost: message {_name(message)} of conversation {talk.id}"

    def _twice(self, talk: Conversation) -> Iterator[str]:
        """Something was said twice."""
        tags: Counter[str] = Counter()
        bubbles: Counter[str] = Counter()
        words: dict[str, set[str]] = {}
        for one in talk.messages:
            trace = one.content_attributes.get("chatcrew")
            if not one.by_bot or not isinstance(trace, Mapping) or one.private:
                continue
            tags[str(trace["tag"])] += 1
            bubbles[f"{trace['turn']} {trace.get('bubble')}"] += 1
            for each in WORD.findall(one.content or ""):
                words.setdefault(each, set()).add(str(trace["turn"]))
        for times in tags.values():
            if times > 1:
                yield f"twice: one message was sent {times} times in conversation {talk.id}"
        if max(bubbles.values(), default=0) > max(tags.values(), default=0):
            yield f"twice: one turn said the same part again in conversation {talk.id}"
        for each, turns in words.items():
            if len(turns) > 1:
                yield f"twice: {each} is answered by {len(turns)} turns in conversation {talk.id}"

    def _order(self, talk: Conversation) -> Iterator[str]:
        """A later word is answered before an earlier one that we had."""
        heard = {
            each: self.witness.heard.get(one.id, float("inf"))
            for one in talk.messages
            if one.message_type == "incoming"
            for each in WORD.findall(one.content or "")
        }
        newest, left = "", float("inf")
        for one in talk.public_bot_replies:
            for each in WORD.findall(one.content or ""):
                if each < newest and heard.get(each, left) < left:
                    yield f"order: {each} is answered after {newest} in conversation {talk.id}"
                newest = max(newest, each)
            left = self._left(one, self.witness.tried)

    def _left(self, reply: Message, known: Mapping[str, float]) -> float:
        """Return when a reply left us; one that was taken back has no trace any more."""
        trace = reply.content_attributes.get("chatcrew", {})
        return known.get(str(trace.get("tag")), float("inf"))

    def _over(self, talk: Conversation) -> Iterator[str]:
        """The bot speaks though a person had been heard before its last look."""
        people = [one for one in talk.messages if one.by_person and not one.private]
        for reply in talk.public_bot_replies:
            left = self._left(reply, self.witness.left)
            for one in people:
                heard = self.witness.heard.get(one.id)
                back = self.witness.returned.get(talk.id, [])
                if heard is None or left == float("inf") or one.id > reply.id or heard >= left:
                    continue
                # given back since: what comes later pardons nothing that was said before
                if not any(heard - 10.0 < at < left for at in back):
                    yield f"over: the bot speaks after a person in conversation {talk.id}"


def _answers(message: Message) -> bool:
    """Return whether it is a word of a bot or a person to the customer."""
    return message.to_customer and (message.by_bot or message.by_person)


def _with_people(talk: Conversation, later: Sequence[Message]) -> bool:
    """Return whether people have it, or had it after the customer's word."""
    if talk.status in ("open", "resolved", "snoozed") or talk.assignee is not None:
        return True
    words = ("aberta", "resolvida", "atribuiu", "Atribuído")
    return any(
        one.message_type == "activity" and any(word in (one.content or "") for word in words)
        for one in later
    )


def _name(message: Message) -> str:
    return ", ".join(WORD.findall(message.content or "")) or str(message.id)
