"""What an answer is kept under and rests on, so that it may be given again (N7)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing people wrote, or a tool returned, that an answer may rest on.

    Attributes:
        kind: ``knowledge``, ``fact``, ``hours``, ``professional`` or ``tool``.
        name: as the admin calls it; of knowledge its question or heading.
        text: what it says, word for word.
        place: ``file:line`` or key, for people; where it stands changes no answer.
    """

    kind: str
    name: str
    text: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question that nothing but itself decides, with everything its answer may rest on now.

    Attributes:
        tenant: whose customer asks.
        text: the customer's words.
        scope: crew, channel, function, language and intent; an answer never leaves its scope.
        house: digest of what stands before every answer: persona, rules of the day, roles, tasks.
        knowledge: version of everything that is searched.
        pieces: facts, hours, people, and what was found for the question.
        sure: the knowledge is certain of the question, so that other words may ask the same.
        alone: the business wants no other words to find its answers.
    """

    tenant: str
    text: str
    scope: tuple[str, ...]
    house: str
    knowledge: str
    pieces: tuple[Piece, ...]
    sure: bool = True
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that is given again.

    Attributes:
        id: of its row, by which people ask about it; 0 where only the cache had it.
        text: its words; "" of a question that was asked in vain.
        turn: id of the turn that made it.
        near: it was asked in other words then.
        prompt_tokens: what that turn's calls read, which this turn is spared.
        completion_tokens: what they wrote.
        cost: US dollars they cost; None: their price is not known.
    """

    id: int
    text: str
    turn: str
    near: bool = False
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float | None = None
