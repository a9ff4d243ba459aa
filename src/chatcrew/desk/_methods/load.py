"""By load: whoever has the fewest open conversations (S3-83)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from chatcrew.desk._methods.round_robin import NEVER
from chatcrew.desk._values import Agent


def least_loaded(
    agents: Sequence[Agent], open_of: Mapping[int, int], last: Mapping[int, datetime]
) -> Agent:
    """Return who has the fewest open; of several, who has gone longest without a new one.

    Args:
        agents: at least one.
        open_of: open conversations by person.
        last: when each was given one last.
    """
    return min(agents, key=lambda one: (open_of.get(one.id, 0), last.get(one.id, NEVER), one.id))
