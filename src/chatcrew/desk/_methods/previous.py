"""Previous operator: a customer meets again whoever served him before (S3-34)."""

from collections.abc import Sequence

from chatcrew.desk._values import Agent


def served_before(agents: Sequence[Agent], previous: int | None) -> Agent | None:
    """Return the person who wrote to the customer last, if he or she is among the free ones."""
    return next((one for one in agents if one.id == previous), None)
