"""Answers that may be given again, as a business wants it: a value only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnswerPolicy:
    """What of its answers a business lets be given again.

    Attributes:
        keep_minutes: how long an answer is kept; 0: none is.
        other_words: a question in other words may find it, where the business's own prove that.
    """

    keep_minutes: int = 60
    other_words: bool = True
