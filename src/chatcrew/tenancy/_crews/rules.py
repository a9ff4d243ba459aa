"""What a crew must keep to: its texts, its tools, and whether roles and tasks fit together."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chatcrew.messages import Timing
from chatcrew.tenancy._crews.layers import Layer
from chatcrew.tenancy._crews.process import process_faults
from chatcrew.tenancy._faults.fault import Fault, YamlPath, choices
from chatcrew.tenancy._reading.document import Document
from chatcrew.tenancy.compilable import obstacles_in
from chatcrew.tenancy.vocabulary import PLACEHOLDERS

# CrewAI's own pattern (crewai/utilities/string_utils.py): what it would fill in, we check
PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_\-]*)\}")
_ROLE_TEXTS = ("role", "goal", "backstory")
_TASK_TEXTS = ("description", "expected_output")


def unknown(
    code: str, document: Document, path: YamlPath, word: str, known: Collection[str]
) -> Fault:
    """Return a fault for a name that nobody defines, with the nearest one that somebody does."""
    hint, values = choices(word, known) if known else ("none_there", {})
    return document.fault(code, path, hint=hint, word=word, **values)


def layer_faults(layer: Layer, *, tools: Collection[str]) -> Iterator[Fault]:
    """Say what is wrong with one layer by itself: tools, placeholders, something named twice."""

    def at(*path: str | int) -> YamlPath:
        return layer.place(path) or layer.prefix

    document = layer.document
    if "manager_agent" in layer.values and "manager_llm" in layer.values:
        yield document.fault("manager_twice", at("manager_llm"), hint="keep_one")
    for name, role in layer.values.get("agents", {}).items():
        if "llm" in role and "model" in role:
            yield document.fault("model_twice", at("agents", name, "llm"))
        for place, tool in enumerate(role.get("tools", ())):
            if tool not in tools:
                where = at("agents", name, "tools", place)
                yield unknown("unknown_tool", document, where, tool, tools)
        for key in _ROLE_TEXTS:
            where = at("agents", name, key)
            yield from _text_faults(role.get(key, ""), document, where, whole=False)
    for name, task in layer.values.get("tasks", {}).items():
        for key in _TASK_TEXTS:
            where = at("tasks", name, key)
            whole = key == "description"
            yield from _text_faults(task.get(key, ""), document, where, whole=whole)


def _text_faults(text: str, document: Document, path: YamlPath, *, whole: bool) -> Iterator[Fault]:
    """Hold a text against the closed list of placeholders.

    The customer's words come last and once, so that nothing of ours is read as if he had said it
    (and CrewAI, which fills one placeholder after the other, finds none in them).
    """
    found = PLACEHOLDER.findall(text)
    for word in found:
        if word not in PLACEHOLDERS:
            yield unknown("unknown_placeholder", document, path, word, PLACEHOLDERS)
    if "message" in found and not whole:
        yield document.fault("message_in_role", path)
    elif "message" in found and (found.count("message") > 1 or found[-1] != "message"):
        yield document.fault("message_not_last", path)


@dataclass(frozen=True, slots=True)
class Check:
    """One resolved crew before it is built.

    Attributes:
        crew: its name.
        function: for which it was resolved.
        roles: all roles it knows, merged.
        tasks: all tasks it knows, merged.
        run: names of the tasks that run, in order.
        coworkers: roles that take part without a task.
        process: ``sequential`` or ``hierarchical``.
        engine: ``auto``, ``crewai`` or ``compiled``.
        manager: the key that names the manager and what it says, or None.
        timing: burst timing.
        layers: what it was merged from, the lowest first.
        at: the crew's own ``crew.yaml``, where there is no better place for a fault.
    """

    crew: str
    function: str
    roles: Mapping[str, Mapping[str, Any]]
    tasks: Mapping[str, Mapping[str, Any]]
    run: tuple[str, ...]
    coworkers: tuple[str, ...]
    process: str
    engine: str
    manager: tuple[str, str] | None
    timing: Timing
    layers: Sequence[Layer]
    at: Document

    def taking_part(self) -> dict[str, Mapping[str, Any]]:
        """Return the roles of the running tasks and the coworkers, in the files' order."""
        wanted = self.named()
        return {name: role for name, role in self.roles.items() if name in wanted}

    def named(self) -> set[str]:
        """Return the names of all who do a task or take part without one."""
        running = [self.tasks[name] for name in self.run if name in self.tasks]
        return {task["agent"] for task in running if "agent" in task} | set(self.coworkers)

    def faults(self) -> Iterator[Fault]:
        """Say everything that keeps this crew from working."""
        if not self.run:
            yield self.at.fault("no_tasks", (), crew=self.crew, function=self.function)
            return
        for place, name in enumerate(self.run):
            if name not in self.tasks:
                document, path = self.locate("run", place)
                yield unknown("unknown_task", document, path, name, self.tasks)
            elif name in self.run[:place]:
                document, path = self.locate("run", place)
                yield document.fault("task_twice", path, word=name)
            else:
                yield from self._task_faults(name, place)
        for place, name in enumerate(self.coworkers):
            yield from self.role_faults(name, ("coworkers", place))
        yield from process_faults(self)
        yield from self._whole_faults()

    def _task_faults(self, name: str, position: int) -> Iterator[Fault]:
        task = self.tasks[name]
        # The manager of a hierarchical crew finds somebody for a task that names nobody.
        needed = (*_TASK_TEXTS, "agent") if self.process == "sequential" else _TASK_TEXTS
        for key in needed:
            if key not in task:
                yield self._incomplete("task_incomplete", ("tasks", name), name, key)
        if "agent" in task:
            yield from self.role_faults(task["agent"], ("tasks", name, "agent"))
        for place, other in enumerate(task.get("context", ())):
            document, path = self.locate("tasks", name, "context", place)
            if other not in self.run:
                hint, values = choices(other, self.run[:position])
                yield document.fault(
                    "unknown_context",
                    path,
                    hint=hint,
                    word=other,
                    function=self.function,
                    **values,
                )
            elif other not in self.run[:position]:
                yield document.fault("later_context", path, word=other)

    def role_faults(self, name: str, named_at: YamlPath) -> Iterator[Fault]:
        """Say what a role that is named somewhere lacks."""
        if name not in self.roles:
            document, path = self.locate(*named_at)
            yield unknown("unknown_role", document, path, name, self.roles)
            return
        for key in _ROLE_TEXTS:
            if key not in self.roles[name]:
                yield self._incomplete("role_incomplete", ("agents", name), name, key)

    def _whole_faults(self) -> Iterator[Fault]:
        running = [self.tasks[name] for name in self.run if name in self.tasks]
        if not any("{message}" in task.get("description", "") for task in running):
            yield self.at.fault("message_nowhere", (), function=self.function)
        roles = [self.roles.get(name, {}) for name in self.named()]
        found = obstacles_in(
            self.process,
            delegating=[bool(role.get("allow_delegation")) for role in roles],
            reading=[bool(task.get("context")) for task in running],
            beside=[bool(task.get("async_execution")) for task in running],
        )
        if self.engine == "compiled" and found:
            document, path = self.locate("engine")
            yield document.fault("not_compilable", path, keys=", ".join(found))
        if self.timing.max_wait < self.timing.quiet:
            document, path = self.locate("timing", "max_wait")
            yield document.fault("wait_below_quiet", path)

    def _incomplete(self, code: str, path: YamlPath, word: str, key: str) -> Fault:
        document, where = self.locate(*path)
        return document.fault(code, where, word=word, key=key, function=self.function)

    def locate(self, *path: str | int) -> tuple[Document, YamlPath]:
        """Return the uppermost layer's place of ``path``, else the crew's own file."""
        for layer in reversed(self.layers):
            place = layer.place(path)
            if place is not None:
                return layer.document, place
        return self.at, ()
