"""What is too much: floods, the same again and again, messages without end; pure (S1-79, S1-80)."""

from collections.abc import Sequence
from dataclasses import dataclass

from chatcrew import intents
from chatcrew.messages import Conduct
from chatcrew.tenancy.model import Abuse

FEW = 5
"""Up to so many messages are no repetition, whatever they say (S1-80)."""

_SHORTEST = 4
"""Shorter words answer questions (yes, a number, an option): who walks a menu is no nuisance."""

_ANSWERS = intents.word_set(
    "sim nao claro quero pode certo beleza blz valeu obrigado obrigada isso okay yes sure thanks"
    " gracias voltar menu inicio mais outro outra continuar"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is too much.

    Attributes:
        flood: too many messages.
        repeats: the same messages again and again.
        long: the burst has more characters than are read.
    """

    flood: bool = False
    repeats: bool = False
    long: bool = False

    @property
    def bounded(self) -> bool:
        """Whether the bot answers seldom now; one long message is no reason for it."""
        return self.flood or self.repeats

    @property
    def notices(self) -> tuple[str, ...]:
        """What the customer is told, one word each."""
        found = ("flood" if self.flood else "repeats" if self.repeats else "", "long" * self.long)
        return tuple(one for one in found if one)


def judged(conduct: Conduct, policy: Abuse, *, length: int) -> Verdict:
    """Return what is too much of how a customer writes.

    Args:
        conduct: how he has written.
        policy: of the business.
        length: characters that he typed in this burst.
    """
    if not policy.enabled:
        return Verdict()
    return Verdict(
        flood=conduct.day > policy.day or conduct.minute > policy.minute,
        repeats=policy.repeats and repeats(conduct.newest),
        long=length > policy.longest,
    )


def repeats(newest: Sequence[str]) -> bool:
    """Return whether of more than five messages less than half are different.

    A short answer counts as little as a message without words: menus are walked with them.
    """
    said = [one for text in newest if (one := intents.fold(text)) and _counts(one)]
    return len(said) > FEW and 2 * len(set(said)) < len(said)


def _counts(said: str) -> bool:
    return len(said) >= _SHORTEST and not said.isdigit() and said not in _ANSWERS
