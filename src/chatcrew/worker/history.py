"""The hub's view of the history: only the public lines of the episode that runs."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from chatcrew.conversations import History
from chatcrew.hub import files
from chatcrew.ids import ConversationId
from chatcrew.messages import Claim, Line, Reading, SentFile, Work


class _Readings(Protocol):
    async def known(
        self, files: Sequence[SentFile], *, tenant: str, conversation: ConversationId
    ) -> Mapping[str, Reading]: ...


class EpisodeHistory:
    """Satisfies ``hub.ports.History``.

    Args:
        history: where it is kept.
        readings: what was read in files before, shown in the lines that brought them; None: none.
    """

    def __init__(self, history: History, readings: _Readings | None = None) -> None:
        self._history = history
        self._readings = readings

    async def window(
        self, claim: Claim, *, limit: int, episode: int | None = None
    ) -> Sequence[Line]:
        """Return the newest ``limit`` public lines of an episode, this one's, in message order."""
        state = claim.state
        episode = episode or state.episode
        return await self.lines(state.id, tenant=state.tenant, limit=limit, episode=episode)

    async def lines(
        self, conversation: ConversationId, *, tenant: str | None, limit: int, episode: int
    ) -> Sequence[Line]:
        """Return the newest ``limit`` public lines of an episode, for who has no claim."""
        lines = await self._history.window(conversation, limit=limit, episode=episode)
        return await self._filled(lines, conversation, tenant)

    async def lines_of(self, works: Sequence[Work], *, limit: int) -> Sequence[Sequence[Line]]:
        """Return what ``lines`` does of several episodes, read at once."""
        episodes = [(work.conversation, work.episode) for work in works]
        said = await self._history.windows(episodes, limit=limit)
        return [
            await self._filled(lines, work.conversation, work.tenant)
            for work, lines in zip(works, said, strict=True)
        ]

    async def _filled(
        self, lines: Sequence[Line], conversation: ConversationId, tenant: str | None
    ) -> Sequence[Line]:
        """Return lines with what was read in their files."""
        opened = files.to_open(lines)
        if self._readings is None or not opened or tenant is None:
            return lines
        known = await self._readings.known(opened, tenant=tenant, conversation=conversation)
        said = {ref: reading.text for ref, reading in known.items()}
        return [files.filled(line, said) if line.attachments else line for line in lines]
