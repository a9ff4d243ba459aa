"""What the runner asks of a stage."""

from typing import Protocol

from chatcrew.hub.context import TurnContext


class Stage(Protocol):
    """One step of a turn."""

    @property
    def name(self) -> str:
        """Short stable name for timings."""
        ...

    async def __call__(self, ctx: TurnContext) -> None:
        """Change the context or raise a signal."""
        ...
