"""One role's part in one task as two templates: CrewAI's sentences with our texts in them."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from chatcrew.crews._fill import fill, plain, without
from chatcrew.crews._loop import Message
from chatcrew.crews._sentences import Sentences
from chatcrew.crews._voice import backstory
from chatcrew.tenancy.model import RoleSpec, TaskSpec


@dataclass(frozen=True, slots=True)
class Templates:
    """The messages that begin a task, with ``{placeholders}`` where each turn differs."""

    system: str
    user: str

    def messages(self, inputs: Mapping[str, str]) -> list[Message]:
        """Return the messages of one turn; what is filled in is not looked at again."""
        values = {name: plain(value) for name, value in inputs.items()}
        return [
            {"role": "system", "content": fill(self.system, values).rstrip()},
            {"role": "user", "content": fill(self.user, values).rstrip()},
        ]


@functools.lru_cache(maxsize=1024)
def templates(
    role: RoleSpec,
    task: TaskSpec,
    sentences: Sentences,
    *,
    with_tools: bool,
    empty: frozenset[str] = frozenset(),
) -> Templates:
    """Return the templates of ``role`` doing ``task``; made once per resolved crew and ``empty``.

    The order is CrewAI's (``utilities/prompts.py``, ``Task.prompt``).

    Args:
        role: who.
        task: what.
        sentences: CrewAI's words around both.
        with_tools: the role is offered tools in this turn.
        empty: placeholders without a value in this turn; their headings go too.
    """
    who = {
        "role": without(role.role, empty),
        "goal": without(role.goal, empty),
        "backstory": without(backstory(role, with_tools=with_tools), empty),
    }
    output = without(task.expected_output, empty)
    wanted = fill(sentences.expected_output, {"expected_output": output})
    frame = sentences.native_task if with_tools else sentences.task_no_tools
    about = sentences.role_playing + ("" if with_tools else sentences.no_tools)
    return Templates(
        system=fill(about, who),
        user=fill(frame, {"input": f"{without(task.description, empty)}\n{wanted}"}),
    )
