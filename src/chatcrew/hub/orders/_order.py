"""What a command is: the words that mean it, how the rest is read, and what it does."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from chatcrew.clock import Clock
from chatcrew.hub.context import TurnContext
from chatcrew.hub.corrections_port import Corrections, NoCorrections
from chatcrew.hub.judging_port import Judging, NoJudging
from chatcrew.hub.memories import Memory
from chatcrew.hub.pairing_port import NoPairing, Pairing
from chatcrew.hub.ports import History, Rulings, Turns
from chatcrew.hub.why_port import NoWhys, Whys
from chatcrew.messages import PlannedPart

LONGEST = 500
"""Characters of a reason or a text that are kept of a command."""


@dataclass(frozen=True, slots=True)
class Given:
    """A command as a person gave it.

    Attributes:
        text: the whole text, from ``/bot`` on.
        by: the person's name, or "".
        user_id: Chatwoot's user id, or None where unknown.
        key: stable name of this one command, the same in every try of its turn.
        message_id: of the note it stands in; 0 where there is none.
    """

    text: str
    by: str
    user_id: int | None
    key: str
    message_id: int = 0


@dataclass(slots=True)
class Obeyed:
    """What came of the commands of a burst.

    Attributes:
        notes: what operators read.
        told: what the crew reads.
        duties: what is done whatever the turn says.
        lets_speak: the newest word on it lets the bot answer again.
        drafts: the turn's reply is to be a draft.
    """

    notes: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    duties: list[PlannedPart] = field(default_factory=list)
    lets_speak: bool = False
    drafts: bool = False


@dataclass(frozen=True, slots=True)
class Ordered:
    """What nothing but a command reaches: operators' browsers and words on replies, accounts."""

    pairing: Pairing = field(default_factory=NoPairing)
    judging: Judging = field(default_factory=NoJudging)
    corrections: Corrections = field(default_factory=NoCorrections)
    whys: Whys = field(default_factory=NoWhys)


@dataclass(frozen=True, slots=True)
class Powers:
    """What commands may reach."""

    turns: Turns
    rulings: Rulings
    memory: Memory
    clock: Clock
    history: History
    ordered: Ordered = field(default_factory=Ordered)


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a command is obeyed.

    Attributes:
        ctx: the turn; a command may change it.
        given: the command itself.
        powers: what it may reach.
        obeyed: where it leaves what is not its note.
    """

    ctx: TurnContext
    given: Given
    powers: Powers
    obeyed: Obeyed


class Order(Protocol):
    """A command that was understood, with what it names."""

    async def obey(self, scene: Scene) -> str:
        """Carry it out and return the operator's note; again in the same turn it adds nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Kind:
    """One command that there is.

    Attributes:
        word: what the list of commands calls it.
        words: everything that means it, in both languages, without accents, separated by spaces.
        rows: its lines in the list.
        english: how the English line of the list names it.
        read: makes an order of what stands behind the word and of the moment (in the business's
            time zone), or returns what the operator is asked or told instead.
        about: of a burst's orders about the same, only the last is obeyed; "": each is.
    """

    word: str
    words: str
    rows: tuple[str, ...]
    english: str
    read: Callable[[str, datetime], "Order | str"]
    about: str = ""


def fold(text: str) -> str:
    """Return text without accents and case."""
    flat = unicodedata.normalize("NFKD", text)
    return "".join(char for char in flat if not unicodedata.combining(char)).casefold()
