"""The compiled engine: one role and one task as a plain loop in the worker's own process.

The messages are the very ones CrewAI would send (``tests/contract/test_crews_conformance.py``), at
about a five-hundredth of its CPU.
"""

from chatcrew.crews import _sentences
from chatcrew.crews._errand import Errand, Reach
from chatcrew.crews._fill import nothing_in
from chatcrew.crews._loop import Part, work
from chatcrew.crews._templates import templates
from chatcrew.errors import CrewError
from chatcrew.messages import Answer, Ask
from chatcrew.tenancy.compilable import obstacles
from chatcrew.tenancy.model import Crew


class CompiledEngine:
    """Runs crews of one role and one task, without CrewAI."""

    async def respond(self, crew: Crew, ask: Ask, reach: Reach) -> Answer:
        """Answer within ``ask.budget`` seconds.

        Raises:
            ModelDeadlineExceeded: the budget ended while a model was asked.
            CrewError: the crew cannot be run here, answered nothing, or the budget ended elsewhere.
        """
        found = obstacles(crew)
        if found:
            message = f"the compiled engine cannot run it: {', '.join(found)}"
            raise CrewError(crew.name, message=message)
        (role,), (task,) = crew.roles, crew.tasks
        errand = Errand(crew, ask, reach, "compiled")
        tools = tuple(name for name in role.tools if name in errand.tools)
        async with errand.in_time():
            sentences = await _sentences.load()
            empty = nothing_in(ask.inputs)
            begin = templates(role, task, sentences, with_tools=bool(tools), empty=empty)
            part = Part(role.name, sentences.force_final_answer, role.max_rounds, tools)
            return errand.answer(await work(part, begin.messages(ask.inputs), bridge=errand))
