"""A word of the bot that a person's word came before."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from chatcrew.messages._lines import AuthorKind, Line


@dataclass(frozen=True, slots=True)
class Talkover:
    """One message of ours that Chatwoot took after a person had spoken (N4).

    Attributes:
        message_id: ours.
        person_id: the person's first word.
        seconds: from the person's word to ours, by Chatwoot's clock.
        text: what we said.
        by: the person's name, or "".
    """

    message_id: int
    person_id: int
    seconds: float
    text: str = ""
    by: str = ""


def talkovers(lines: Sequence[Line], *, spoke_id: int, known: Collection[int]) -> list[Talkover]:
    """Return the talk-overs in a conversation's newest lines, in message order.

    Args:
        lines: from the person's first word on.
        spoke_id: that word; 0: nobody spoke.
        known: messages of ours that were dealt with before.
    """
    first = next((line for line in lines if line.message_id == spoke_id), None)
    if first is None:
        return []
    return [
        Talkover(
            line.message_id,
            spoke_id,
            max(0.0, (line.created_at - first.created_at).total_seconds()),
            line.text,
            first.author.name or "",
        )
        for line in sorted(lines, key=lambda one: one.message_id)
        if line.author.kind is AuthorKind.BOT
        and not (line.private or line.deleted)
        and line.message_id > spoke_id
        and line.message_id not in known
    ]
