"""What an engine is, and those there are by name."""

from collections.abc import Mapping
from typing import Protocol

from chatcrew.crews._engine_compiled import CompiledEngine
from chatcrew.crews._engine_crewai import CrewAIEngine
from chatcrew.crews._errand import Reach
from chatcrew.crews._pool import CrewPool
from chatcrew.messages import Answer, Ask
from chatcrew.tenancy.model import Crew


class Engine(Protocol):
    """Runs a crew for one turn."""

    async def respond(self, crew: Crew, ask: Ask, reach: Reach) -> Answer:
        """Answer within ``ask.budget`` seconds.

        Cancelled, it has ended every model and tool call of the turn when it returns.

        Raises:
            ModelError: no model answered in time.
            CrewError: the crew itself failed.
        """
        ...


def engines(pool: CrewPool) -> Mapping[str, Engine]:
    """Return every engine by the name that ``choose`` gives it.

    Args:
        pool: the crew processes of the CrewAI engine; none is started before a turn needs one.
    """
    return {"compiled": CompiledEngine(), "crewai": CrewAIEngine(pool)}
