"""A strict judge: holds what customers saw against what the database says about every message."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chatcrew.testing._chatwoot.sender import Delivery
from chatcrew.testing._chatwoot.state import Conversation, Message
from chatcrew.testing._judge_sql import Heard, read_heard

__all__ = ["Heard", "Verdict", "judge", "read_heard"]


@dataclass
class Verdict:
    """What became of every message.

    Attributes:
        messages: how many customers wrote.
        outcomes: how many ended in which way.
        lost: messages without anything visible.
        repeated: what was said twice.
        trespasses: where the bot spoke in a conversation that belonged to people.
    """

    messages: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    trespasses: list[str] = field(default_factory=list)

    @property
    def answered(self) -> int:
        """How many messages the bot answered itself."""
        return sum(times for how, times in self.outcomes.items() if how.startswith("answered:"))

    @property
    def clean(self) -> bool:
        """Whether nothing was lost, repeated or said over a person's head."""
        return not (self.lost or self.repeated or self.trespasses)


def judge(
    conversations: Sequence[Conversation],
    heard: Sequence[Heard],
    deliveries: Sequence[Delivery],
) -> Verdict:
    """Return the verdict on everything that was said.

    Args:
        conversations: as Chatwoot has them.
        heard: as the database has them.
        deliveries: what Chatwoot tried to tell us.
    """
    bench = _Bench(heard, deliveries)
    for conversation in conversations:
        bench.hear(conversation)
    return bench.verdict


class _Bench:
    """One trial."""

    def __init__(self, heard: Sequence[Heard], deliveries: Sequence[Delivery]) -> None:
        self.verdict = Verdict()
        self._tags: set[str] = set()
        self._acknowledged = {
            delivery.message.id
            for delivery in deliveries
            if delivery.event == "message_created" and delivery.succeeded and delivery.message
        }
        self._events: dict[int, Heard] = {}
        self._turns: dict[str | None, list[Heard]] = defaultdict(list)
        for event in heard:
            if event.message_id in self._events:
                self.verdict.repeated.append(f"message {event.message_id} is in two bursts")
            self._events[event.message_id] = event
            self._turns[event.turn_id].append(event)

    def hear(self, conversation: Conversation) -> None:
        """Judge one conversation."""
        said: dict[str, list[Message]] = defaultdict(list)
        words: dict[str, list[str]] = defaultdict(list)
        for reply in conversation.public_bot_replies:
            trace = reply.content_attributes["chatcrew"]
            if trace["tag"] in self._tags:
                self.verdict.repeated.append(f"tag {trace['tag']}")
            self._tags.add(trace["tag"])
            said[trace["turn"]].append(reply)
            words[str(reply.content)].append(trace["turn"])
        opened = _opened(conversation)
        for message in conversation.messages:
            if message.message_type == "incoming":
                self.verdict.messages += 1
                self._judge(message, said, opened)
        for turn, replies in said.items():
            bubbles = [_bubble(reply) for reply in replies]
            if bubbles != [(number, bubbles[0][1]) for number in range(1, len(bubbles) + 1)]:
                self.verdict.repeated.append(f"{self._name(turn)} said bubbles {bubbles}")
            elif bubbles[-1][0] < bubbles[-1][1] and not _known(conversation, replies[-1]):
                self.verdict.lost.append(
                    f"{self._name(turn)} said {bubbles[-1][0]} of {bubbles[-1][1]} messages, "
                    f"and nobody knows"
                )
            first = min((event.message_id for event in self._turns[turn]), default=0)
            if opened is not None and first > opened:
                self.verdict.trespasses.append(
                    f"{self._name(turn)} in conversation {conversation.id}"
                )
        for text, turns in words.items():
            if len(turns) > 1:
                spoke = ", then ".join(self._name(turn) for turn in turns)
                self.verdict.repeated.append(f"{text!r} in conversation {conversation.id}: {spoke}")

    def _judge(
        self, message: Message, said: Mapping[str, list[Message]], opened: int | None
    ) -> None:
        """Find out how one customer's message ended."""
        name = f"message {message.id} of conversation {message.conversation.id}"
        event, verdict = self._events.get(message.id), self.verdict
        if event is None:
            if message.id in self._acknowledged:
                verdict.lost.append(f"{name} was acknowledged and not stored")
            elif opened is None:
                verdict.lost.append(f"{name} never arrived, and Chatwoot did not open it")
            verdict.outcomes["never arrived: opened by Chatwoot"] += 1
        elif event.state != "finished":
            verdict.lost.append(f"{name}: its turn is {event.state}")
        elif said.get(event.turn_id or ""):
            verdict.outcomes[f"answered: {event.outcome}"] += 1
        elif any(_by_people(one) and one.id > message.id for one in message.conversation.messages):
            verdict.outcomes[f"answered by a person: {event.how}"] += 1
        elif opened is None:
            verdict.lost.append(f"{name}: {event.how}, nothing visible")
        else:
            verdict.outcomes[f"with people: {event.how}"] += 1

    def _name(self, turn: str) -> str:
        """Say which turn it is, how it ended and which messages it answers."""
        events = self._turns.get(turn)
        if not events:
            return f"turn {turn} (unknown to the database)"
        answers = ", ".join(str(event.message_id) for event in events)
        return f"turn {turn}: {events[0].how} of messages {answers}"


def _by_people(message: Message) -> bool:
    """Return whether somebody of the team said it to the customer."""
    return message.by_person and message.to_customer


def _known(conversation: Conversation, last: Message) -> bool:
    """Return whether people learned that more was to be said: by a note, or having spoken."""
    later = [one for one in conversation.messages if one.id > last.id]
    return _opened(conversation) is not None or any(
        one.by_person or (one.by_bot and one.private) for one in later
    )


def _bubble(reply: Message) -> tuple[int, int]:
    """Return which of how many messages of one reply it is."""
    number, count = reply.content_attributes["chatcrew"].get("bubble", (1, 1))
    return number, count


def _opened(conversation: Conversation) -> int | None:
    """Return the number of the activity line that gave the conversation to people, if any."""
    for message in conversation.messages:
        words = message.content or ""
        if message.message_type == "activity" and "aberta" in words:
            return message.id
    return None
