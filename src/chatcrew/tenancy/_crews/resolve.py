"""Lay the layers of a crew over each other: function ⊕ channel ⊕ domain ⊕ tenant."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chatcrew.messages import Timing
from chatcrew.tenancy._crews import rules
from chatcrew.tenancy._crews.layers import Layer, layer
from chatcrew.tenancy._crews.process import MANAGER, Manager
from chatcrew.tenancy._faults.fault import Fault
from chatcrew.tenancy._reading.document import Document
from chatcrew.tenancy._reading.merge import merge
from chatcrew.tenancy._shapes.crew import AgentsShape, CrewShape, TasksShape
from chatcrew.tenancy.model import Capabilities, Crew, Delivery, RoleSpec, TaskSpec
from chatcrew.tenancy.vocabulary import FALLBACK_CREW

WIDE = ("model", "temperature", "max_tokens", "max_iter")
_PLAIN = ("promise", "hedge", "deadline", "fast_model", "history", "history_tokens", "parallel")
ALWAYS_ALLOWED = frozenset({"handoff"})
"""Tools no ``services`` list takes away: a role that may not give up invents."""


@dataclass(slots=True)
class CrewFiles:
    """The files of one folder under ``crews/``, as far as they could be read."""

    name: str
    crew: tuple[CrewShape, Document]
    agents: tuple[AgentsShape, Document] | None = None
    tasks: tuple[TasksShape, Document] | None = None
    chain: list["CrewFiles"] = field(default_factory=list)
    """This crew after all it extends, the lowest first; empty where one of them is broken."""

    def layers(self, function: str) -> Iterator[Layer]:
        """Return what this folder alone says about ``function``."""
        shape, document = self.crew
        yield layer(shape, document)
        if self.agents is not None:
            yield Layer({"agents": _plain(self.agents[0])}, self.agents[1], mount=("agents",))
        if self.tasks is not None:
            yield Layer({"tasks": _plain(self.tasks[0])}, self.tasks[1], mount=("tasks",))
        if shape.functions and function in shape.functions:
            yield layer(shape.functions[function], document, prefix=("functions", function))

    def capabilities(self, channel: str) -> Capabilities:
        """Return what ``channel`` can show when this crew answers it."""
        found: dict[str, Any] = {}
        for files in self.chain:
            shape = files.crew[0]
            for part in (shape.capabilities, (shape.channels or {}).get(channel)):
                if part is not None:
                    found = merge(found, part.model_dump(exclude_none=True))
        return Capabilities(**found)

    def channel(self) -> str:
        """Return the channel it answers where nobody says which; ``_default`` is no channel."""
        return "chat" if self.name == FALLBACK_CREW else self.name


def _plain(shape: AgentsShape | TasksShape) -> dict[str, Any]:
    found: dict[str, Any] = shape.model_dump(exclude_none=True)
    return found


def link(crews: Mapping[str, CrewFiles], *, broken: Collection[str]) -> list[Fault]:
    """Give every crew its chain of ``extends``; a circle or an unknown crew is a fault.

    What rests on a ``broken`` crew keeps an empty chain: its own faults would only repeat that.
    """
    faults: list[Fault] = []
    for files in crews.values():
        chain = [files]
        while (wanted := chain[0].crew[0].extends) is not None:
            document = chain[0].crew[1]
            if wanted in broken:
                chain = []
            elif wanted not in crews:
                faults.append(rules.unknown("unknown_crew", document, ("extends",), wanted, crews))
                chain = []
            elif crews[wanted] in chain:
                faults.append(document.fault("extends_cycle", ("extends",), word=wanted))
                chain = []
            if not chain:
                break
            chain.insert(0, crews[wanted])
        files.chain = chain
    return faults


def resolve(
    files: CrewFiles, function: str, *, lowest: Layer, above: Sequence[Layer]
) -> tuple[Crew | None, list[Fault]]:
    """Return the crew for one function, None where it is not whole, and its faults.

    Args:
        files: the channel's folder.
        function: name of the function.
        lowest: the function's own file.
        above: the domain's and the tenant's layers, in this order.
    """
    layers = [lowest]
    for one in files.chain:
        layers.extend(one.layers(function))
    layers.extend(above)
    merged = _settings(layers)
    roles, tasks = _roles(layers), merged.get("tasks", {})
    check = rules.Check(
        crew=files.name,
        function=function,
        roles=roles,
        tasks=tasks,
        run=tuple(merged.get("run", tasks)),
        coworkers=tuple(merged.get("coworkers", ())),
        process=merged.get("process", "sequential"),
        engine=merged.get("engine", "auto"),
        manager=_manager(layers),
        timing=Timing(**merged.get("timing", {})),
        layers=layers,
        at=files.crew[1],
    )
    faults = list(check.faults())
    if faults:
        return None, faults
    taking_part = check.taking_part()
    return Crew(
        name=files.name,
        channel=files.channel(),
        function=function,
        process=check.process,
        engine=check.engine,
        roles=tuple(_role(name, values) for name, values in taking_part.items()),
        tasks=tuple(_task(name, tasks[name]) for name in check.run),
        capabilities=files.capabilities(files.channel()),
        timing=check.timing,
        delivery=Delivery(**merged.get("delivery", {})),
        manager=_manager_role(check, merged),
        **{name: merged[name] for name in _PLAIN if name in merged},
    ), []


def _settings(layers: Sequence[Layer]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in layers:
        found = merge(found, one.values)
    return found


def _roles(layers: Sequence[Layer]) -> dict[str, dict[str, Any]]:
    """Return every role; a later layer wins, and inside one layer a role's own word wins.

    So a tenant's ``model`` holds even for a role whose channel names another one.
    """
    wide: dict[str, Any] = {}
    roles: dict[str, dict[str, Any]] = {}
    for one in layers:
        said = {key: one.values[key] for key in WIDE if key in one.values}
        wide.update(said)
        for role in roles.values():
            role.update(said)
        for name, part in one.values.get("agents", {}).items():
            role = roles.setdefault(name, dict(wide))
            role.update({"model" if key == "llm" else key: part[key] for key in part})
    return roles


def _role(name: str, values: Mapping[str, Any]) -> RoleSpec:
    names = {"max_iter": "max_rounds"}
    given = {names.get(key, key): value for key, value in values.items()}
    return RoleSpec(name=name, **{**given, "tools": tuple(given.get("tools", ()))})


def _manager(layers: Sequence[Layer]) -> Manager | None:
    """Return who manages by the uppermost layer that says so, by either key."""
    for one in reversed(layers):
        for key in ("manager_agent", "manager_llm"):
            if key in one.values:
                return key, one.values[key]
    return None


def _manager_role(check: rules.Check, merged: Mapping[str, Any]) -> RoleSpec | None:
    """Return the manager of a hierarchical crew; ``manager_llm`` gives it a model and no words."""
    if check.process != "hierarchical" or check.manager is None:
        return None
    key, said = check.manager
    if key == "manager_agent":
        return _role(said, check.roles[said])
    wide = {name: merged[name] for name in WIDE if name in merged}
    return _role(MANAGER, {"role": "", "goal": "", "backstory": "", **wide, "model": said})


def _task(name: str, values: Mapping[str, Any]) -> TaskSpec:
    return TaskSpec(
        name=name,
        description=values["description"],
        expected_output=values["expected_output"],
        role=values.get("agent", ""),
        context=tuple(values.get("context", ())),
        async_execution=values.get("async_execution", False),
    )
