"""Who hands out the tasks of a crew and which run side by side: what CrewAI would refuse.

The rules are those of CrewAI 1.15.30, said before a turn fails of them (``crewai/crew.py``:
``check_manager_llm``, ``_create_manager_agent``, ``validate_end_with_at_most_one_async_task``,
``validate_async_task_cannot_include_sequential_async_tasks_in_context``).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from chatcrew.tenancy._faults.fault import Fault, YamlPath
from chatcrew.tenancy._reading.document import Document

MANAGER = "crew-manager"
"""Name of the role behind ``manager_llm``; no role of the files can be called so."""

Manager = tuple[str, str]
"""``manager_agent`` or ``manager_llm``, and what it says."""


class Unchecked(Protocol):
    """A resolved crew before it is built; see ``_crew_rules.Check``."""

    @property
    def function(self) -> str: ...
    @property
    def roles(self) -> Mapping[str, Mapping[str, Any]]: ...
    @property
    def tasks(self) -> Mapping[str, Mapping[str, Any]]: ...
    @property
    def run(self) -> Sequence[str]: ...
    @property
    def process(self) -> str: ...
    @property
    def manager(self) -> Manager | None: ...

    def named(self) -> set[str]:
        """Return the names of all who do a task or take part without one."""
        ...

    def role_faults(self, name: str, named_at: YamlPath) -> Iterator[Fault]:
        """Say what a role that is named somewhere lacks."""
        ...

    def locate(self, *path: str | int) -> tuple[Document, YamlPath]:
        """Return where a path was given last."""
        ...


def process_faults(crew: Unchecked) -> Iterator[Fault]:
    """Say what keeps the tasks of ``crew`` from being handed out or run side by side."""
    beside = [name for name in crew.run if _beside(crew, name)]
    yield from _alike(crew)
    if crew.process == "hierarchical":
        yield from _manager_faults(crew)
        for name in beside:
            document, path = crew.locate("tasks", name, "async_execution")
            yield document.fault("beside_manager", path, word=name)
    else:
        yield from _beside_faults(crew)


def _manager_faults(crew: Unchecked) -> Iterator[Fault]:
    if not crew.named():
        document, path = crew.locate("process")
        yield document.fault("nobody_to_lead", path, hint="name_somebody", function=crew.function)
    if crew.manager is None:
        document, path = crew.locate("process")
        yield document.fault("no_manager", path, hint="name_manager", function=crew.function)
        return
    key, name = crew.manager
    if key == "manager_llm":
        return
    yield from crew.role_faults(name, (key,))
    if name in crew.named():
        document, path = crew.locate(key)
        yield document.fault("manager_works", path, word=name, function=crew.function)
    if crew.roles.get(name, {}).get("tools"):
        document, path = crew.locate("agents", name, "tools")
        yield document.fault("manager_tools", path, word=name)


def _alike(crew: Unchecked) -> Iterator[Fault]:
    """Name a role that no work can be handed to: CrewAI finds coworkers by their ``role``."""
    named = [name for name in crew.roles if name in crew.named()]
    hands_out = any(crew.roles[name].get("allow_delegation") for name in named)
    if crew.process != "hierarchical" and not hands_out:
        return
    first: dict[str, str] = {}
    for name in named:
        role = " ".join(crew.roles[name].get("role", "").split()).casefold()
        if role and first.setdefault(role, name) != name:
            document, path = crew.locate("agents", name, "role")
            yield document.fault("roles_alike", path, word=name, other=first[role])


def _beside_faults(crew: Unchecked) -> Iterator[Fault]:
    """Say which tasks wait for each other: only one that waits ends a group of them."""
    group: list[str] = []
    for name in crew.run:
        if not _beside(crew, name):
            group.clear()
            continue
        for place, other in enumerate(crew.tasks[name].get("context", ())):
            if other in group:
                document, path = crew.locate("tasks", name, "context", place)
                yield document.fault("context_beside", path, word=other)
        group.append(name)
    if len(group) > 1:
        document, path = crew.locate("tasks", group[-1], "async_execution")
        yield document.fault("ends_beside", path, word=group[-1], other=group[-2])


def _beside(crew: Unchecked, name: str) -> bool:
    return bool(crew.tasks.get(name, {}).get("async_execution"))
