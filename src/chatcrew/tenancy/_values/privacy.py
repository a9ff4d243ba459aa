"""How long a business keeps what of its customers, as values; seen through ``model``."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Retention:
    """Days after which each kind of data is deleted.

    Attributes:
        raw: deliveries as they came, counted from the end of their turn; what cannot be read.
        messages: what was said: history, what was sent, drafts, ratings' words, questions.
        memory: what is remembered of a customer and not used, summaries of talks.
        attachments: what was read in files.
        tools: what tools did.
        facts: figures without words: turns, model calls, ratings.
        exports: files that ``chatcrew privacy export`` wrote and that are still where they were.
        audit: who saw and changed what; one chain for the house, so that the longest counts.
    """

    raw: int = 7
    messages: int = 365
    memory: int = 365
    attachments: int = 180
    tools: int = 90
    facts: int = 1095
    exports: int = 30
    audit: int = 1825

    @property
    def days(self) -> Mapping[str, int]:
        """By kind of data."""
        return asdict(self)
