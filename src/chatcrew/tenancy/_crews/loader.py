"""The crews of one load: read their folders, hold them against the rules, resolve them."""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from chatcrew.tenancy._crews import rules
from chatcrew.tenancy._crews.layers import Layer, layer
from chatcrew.tenancy._crews.resolve import ALWAYS_ALLOWED, CrewFiles, link, resolve
from chatcrew.tenancy._domains.rules import DomainFile
from chatcrew.tenancy._faults.fault import Fault
from chatcrew.tenancy._reading.files import Source, Sources, shown
from chatcrew.tenancy._reading.memory import Reader
from chatcrew.tenancy._shapes.crew import AgentsShape, CrewShape, FunctionShape, TasksShape
from chatcrew.tenancy.model import Capabilities, Crew, RoleSpec, Tenant, ToolEntry
from chatcrew.tenancy.vocabulary import CHANNELS, FALLBACK_CREW


@dataclass(frozen=True, slots=True)
class Above:
    """What a domain's or a tenant's file lays over every crew.

    Attributes:
        layer: its ``crew:`` part.
        stamp: what it was made of.
    """

    layer: Layer
    stamp: Hashable


def above(file: DomainFile) -> Iterator[Above]:
    """Yield what ``file`` says about crews, if it does."""
    if file.shape.crew is not None:
        yield Above(layer(file.shape.crew, file.document, prefix=("crew",)), file.stamp)


@dataclass(slots=True)
class CrewBook:
    """Every crew and function of one load.

    Attributes:
        reader: reads files and keeps their faults.
        sources: all files.
        tools: names of the tools that roles may use.
        crews: by folder, as far as they could be read.
        functions: by name, as far as they could be read.
    """

    reader: Reader
    sources: Sources
    tools: Collection[str]
    crews: dict[str, CrewFiles] = field(default_factory=dict)
    functions: dict[str, Layer] = field(default_factory=dict)
    _broken: set[str] = field(default_factory=set)
    _stamp: Hashable = None

    def read(self, crews_dir: Path) -> None:
        """Read all files under ``crews/`` and hold each layer against the rules."""
        files = [*self.sources.functions.values(), *self.sources.crews.values()]
        self._stamp = (
            tuple((source.file, source.digest) for source in files),
            frozenset(self.tools),
        )
        for name, source in self.sources.functions.items():
            read = self.reader.read(source, FunctionShape)
            if read is not None:
                self.functions[name] = layer(*read)
        folders = sorted({folder for folder, _ in self.sources.crews})
        for name in folders:
            self._read_one(name, crews_dir / name)
        if FALLBACK_CREW not in folders:
            self._fault_once("no_default_crew", crews_dir)
        self.reader.faults.extend(link(self.crews, broken=self._broken))
        self.reader.faults.extend(self._layer_faults())

    def names(self) -> set[str]:
        """Return every folder there is, broken or not."""
        return {folder for folder, _ in self.sources.crews}

    def channels(self) -> set[str]:
        """Return every channel an inbox may have."""
        return {*CHANNELS, *self.crews} - {FALLBACK_CREW}

    def capabilities(self) -> dict[tuple[str, str], Capabilities]:
        """Return what each channel can show under each crew of another name."""
        return {
            (files.name, channel): files.capabilities(channel)
            for files in self.crews.values()
            for channel in CHANNELS | set(self.crews) - {FALLBACK_CREW}
            if channel != files.name
        }

    def resolve(
        self, tenants: Mapping[str, Tenant], above_of: Mapping[str, Sequence[Above]]
    ) -> dict[tuple[str, str, str], Crew]:
        """Resolve each crew for each tenant's functions; equal layers are resolved once.

        Args:
            tenants: by key.
            above_of: what domain and tenant lay over crews, by tenant.
        """
        resolved: dict[tuple[str, str, str], Crew] = {}
        for one in tenants.values():
            on_top = above_of[one.key]
            for files in self.crews.values():
                for function in one.functions if files.chain else ():
                    if function not in self.functions:
                        continue
                    crew = self._resolve_one(files, function, on_top)
                    if crew is not None:
                        allowed = _allowed(crew, one.services)
                        resolved[files.name, one.key, function] = _offered(allowed, one.tools)
        return resolved

    def _resolve_one(self, files: CrewFiles, function: str, on_top: Sequence[Above]) -> Crew | None:
        stamps = tuple(one.stamp for one in on_top)
        key = ("crew", files.name, function, self._stamp, stamps)
        layers = [one.layer for one in on_top]
        return self.reader.found(
            key, lambda: resolve(files, function, lowest=self.functions[function], above=layers)
        )

    def check_above(self, found: Iterable[Above]) -> None:
        """Hold the words that domains and tenants lay over crews against the rules for layers."""
        for one in found:
            key = ("above", one.stamp, self._stamp)
            self.reader.found(key, partial(self._above_faults, one.layer))

    def _above_faults(self, part: Layer) -> tuple[None, list[Fault]]:
        return None, [*rules.layer_faults(part, tools=self.tools), *self._stray_names(part)]

    def _read_one(self, name: str, folder: Path) -> None:
        """Read one crew folder; ``crew.yaml`` is needed, the other two may come from extends."""
        source = self._source(name, "crew.yaml")
        if source is None:
            self._fault_once("no_crew_file", folder)
            self._broken.add(name)
            return
        before = len(self.reader.faults)
        crew = self.reader.read(source, CrewShape)
        agents = tasks = None
        if (source := self._source(name, "agents.yaml")) is not None:
            agents = self.reader.read(source, AgentsShape)
        if (source := self._source(name, "tasks.yaml")) is not None:
            tasks = self.reader.read(source, TasksShape)
        if crew is None or len(self.reader.faults) > before:
            self._broken.add(name)
        else:
            self.crews[name] = CrewFiles(name, crew, agents, tasks)

    def _source(self, folder: str, name: str) -> Source | None:
        return self.sources.crews.get((folder, name))

    def _layer_faults(self) -> Iterator[Fault]:
        layers: list[Layer] = list(self.functions.values())
        for files in self.crews.values():
            shape = files.crew[0]
            for function in shape.functions or ():
                if function not in self.sources.functions:
                    path = ("functions", function)
                    known = self.sources.functions
                    yield rules.unknown("unknown_function", files.crew[1], path, function, known)
            for function in (*(shape.functions or ()), ""):
                layers.extend(files.layers(function))
        for one in layers:
            yield from rules.layer_faults(one, tools=self.tools)

    def _stray_names(self, one: Layer) -> Iterator[Fault]:
        """A tenant lays words over roles and tasks that exist; a new name is a slip of the pen."""
        everywhere = [
            *self.functions.values(),
            *(part for files in self.crews.values() for part in files.layers("")),
        ]
        for kind, code in (("agents", "unknown_role"), ("tasks", "unknown_task")):
            known = {name for part in everywhere for name in part.values.get(kind, ())}
            for name in one.values.get(kind, ()):
                if name not in known:
                    path = (*one.prefix, kind, name)
                    yield rules.unknown(code, one.document, path, name, known)

    def _fault_once(self, code: str, path: Path) -> None:
        """Note what is missing, unless the folder itself could not be read."""
        known = (*self.sources.faults, *self.reader.faults)
        if not any(fault.file == shown(path) for fault in known):
            self.reader.faults.append(Fault(code, file=shown(path)))


def _allowed(crew: Crew, services: Collection[str]) -> Crew:
    """Return the crew with the tools its tenant allows; none named means all."""
    if not services:
        return crew
    allowed = ALWAYS_ALLOWED | set(services)
    return replace(crew, roles=tuple(_with_tools(role, allowed) for role in crew.roles))


def _with_tools(role: RoleSpec, allowed: Collection[str]) -> RoleSpec:
    return replace(role, tools=tuple(tool for tool in role.tools if tool in allowed))


def _offered(crew: Crew, tools: Sequence[ToolEntry]) -> Crew:
    """Return the crew with its business's own tools: for the roles they name, else for all with."""
    if not tools:
        return crew
    roles = []
    for role in crew.roles:
        own = [
            name
            for tool in tools
            if (role.name in tool.roles if tool.roles else role.tools)
            for name in tool.names
        ]
        roles.append(replace(role, tools=tuple(dict.fromkeys((*role.tools, *own)))))
    return replace(crew, roles=tuple(roles))
