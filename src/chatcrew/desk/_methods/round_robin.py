"""Round robin: whoever has gone longest without being given a conversation (S3-82)."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from chatcrew.desk._values import Agent

NEVER = datetime.min.replace(tzinfo=UTC)


def longest_without(agents: Sequence[Agent], last: Mapping[int, datetime]) -> Agent:
    """Return whose last one is the oldest; who never had one comes before all others.

    Args:
        agents: at least one.
        last: when each was given one last.
    """
    return min(agents, key=lambda one: (last.get(one.id, NEVER), one.id))
