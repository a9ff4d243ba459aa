"""The hub's view of the history: only the public lines of the episode that runs."""

from collections.abc import Sequence

from chatcrew.conversations import History
from chatcrew.messages import Claim, Line


class EpisodeHistory:
    """Satisfies ``hub.ports.History``."""

    def __init__(self, history: History) -> None:
        self._history = history

    async def window(self, claim: Claim, *, limit: int) -> Sequence[Line]:
        """Return the newest ``limit`` public lines of this episode in message order."""
        state = claim.state
        return await self._history.window(state.id, limit=limit, episode=state.episode)
