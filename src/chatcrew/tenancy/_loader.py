"""One load of all files: read, hold against shapes and rules, merge, resolve."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from chatcrew.tenancy import _crew_rules as rules
from chatcrew.tenancy import secrets
from chatcrew.tenancy._crews import ALWAYS_ALLOWED, CrewFiles, link, resolve
from chatcrew.tenancy._domain_rules import DomainFile, Known
from chatcrew.tenancy._domains import tenant
from chatcrew.tenancy._faults import Fault
from chatcrew.tenancy._files import Source, Sources, shown
from chatcrew.tenancy._layers import Layer, layer
from chatcrew.tenancy._mapping import Mapped, mapped
from chatcrew.tenancy._model_rules import Catalogued, catalogued
from chatcrew.tenancy._models import ModelCatalogue
from chatcrew.tenancy._shapes_crew import AgentsShape, CrewShape, FunctionShape, TasksShape
from chatcrew.tenancy._shapes_domain import DomainShape
from chatcrew.tenancy._shapes_mapping import MappingShape
from chatcrew.tenancy._shapes_models import ModelsShape
from chatcrew.tenancy._validate import validated
from chatcrew.tenancy._yaml import Document, parse
from chatcrew.tenancy.conversations import Vocabulary, read_conversations
from chatcrew.tenancy.model import Capabilities, Configuration, Crew, RoleSpec, Tenant
from chatcrew.tenancy.vocabulary import CHANNELS, FALLBACK_CREW

M = TypeVar("M", bound=BaseModel)
_BASE = "_base"


@dataclass(slots=True)
class Loader:
    """One load: what was read so far, and every fault on the way."""

    sources: Sources
    tools: Collection[str]
    faults: list[Fault] = field(default_factory=list)
    crews: dict[str, CrewFiles] = field(default_factory=dict)
    functions: dict[str, Layer] = field(default_factory=dict)
    domains: dict[tuple[str, str], DomainFile] = field(default_factory=dict)
    mapping: tuple[Mapped, Document] | None = None
    models: tuple[Catalogued, Document] | None = None
    broken: set[str] = field(default_factory=set)

    def configuration(
        self, mapping: Path, *, config_dir: Path, crews_dir: Path
    ) -> Configuration | None:
        """Return the configuration, None if anything at all is wrong."""
        self.faults.extend(self.sources.faults)
        self._read_crews(crews_dir)
        self._read_domains()
        keys = {f"{domain}/{name}" for domain, name in self.sources.domains if name != _BASE}
        if not keys:
            self._fault_once("no_tenants", config_dir / "domains")
        tenants = self._tenants()
        self._check_above()
        self._check_tests(tenants)
        self._read_mapping(mapping, tenants=keys)
        self._read_models(config_dir)
        resolved = self._resolve(tenants)
        if self.faults or self.mapping is None:
            return None
        found = self.mapping[0]
        return Configuration(
            version=self.sources.version(),
            bots=found.bots,
            routes=found.routes,
            fallback=found.fallback,
            tenants=tenants,
            crews=resolved,
            capabilities=self._capabilities(),
            models=self.models[0].catalogue if self.models else ModelCatalogue(),
        )

    def secret_faults(self) -> Iterable[Fault]:
        """Try every secret reference of the mapping and of the models."""
        for read in (self.mapping, self.models):
            if read is None:
                continue
            found, document = read
            for secret, path in found.references:
                try:
                    secrets.read(secret)
                except Fault as fault:
                    hint = "set_it" if fault.code == "secret_env_missing" else None
                    yield document.fault(fault.code, path, hint=hint, **fault.values)

    def _read_crews(self, crews_dir: Path) -> None:
        for name, source in self.sources.functions.items():
            read = self._read(source, FunctionShape)
            if read is not None:
                self.functions[name] = layer(*read)
        for name in sorted({folder for folder, _ in self.sources.crews}):
            self._read_crew(name, crews_dir / name)
        if FALLBACK_CREW not in {folder for folder, _ in self.sources.crews}:
            self._fault_once("no_default_crew", crews_dir)
        self.faults.extend(link(self.crews, broken=self.broken))
        layers: list[Layer] = list(self.functions.values())
        for files in self.crews.values():
            shape = files.crew[0]
            for function in shape.functions or ():
                if function not in self.sources.functions:
                    path = ("functions", function)
                    known = self.sources.functions
                    fault = rules.unknown("unknown_function", files.crew[1], path, function, known)
                    self.faults.append(fault)
            for function in (*(shape.functions or ()), ""):
                layers.extend(files.layers(function))
        for one in layers:
            self.faults.extend(rules.layer_faults(one, tools=self.tools))

    def _read_crew(self, name: str, folder: Path) -> None:
        """Read one crew folder; ``crew.yaml`` is needed, the other two may come from extends."""
        source = self.sources.crews.get((name, "crew.yaml"))
        if source is None:
            self._fault_once("no_crew_file", folder)
            self.broken.add(name)
            return
        before = len(self.faults)
        crew = self._read(source, CrewShape)
        agents = tasks = None
        if (source := self.sources.crews.get((name, "agents.yaml"))) is not None:
            agents = self._read(source, AgentsShape)
        if (source := self.sources.crews.get((name, "tasks.yaml"))) is not None:
            tasks = self._read(source, TasksShape)
        if crew is None or len(self.faults) > before:
            self.broken.add(name)
        else:
            self.crews[name] = CrewFiles(name, crew, agents, tasks)

    def _read_domains(self) -> None:
        for key, source in self.sources.domains.items():
            read = self._read(source, DomainShape)
            if read is not None:
                self.domains[key] = DomainFile(*read, place=source.name)

    def _tenants(self) -> dict[str, Tenant]:
        known = Known(functions=self.sources.functions, tools=self.tools)
        tenants: dict[str, Tenant] = {}
        for (domain, name), own in self.domains.items():
            if name == _BASE:
                continue
            base = self.domains.get((domain, _BASE))
            if base is None and (domain, _BASE) in self.sources.domains:
                continue  # it is broken and says so; what the tenant then lacks is no news
            found, faults = tenant(f"{domain}/{name}", own, base, known=known)
            self.faults.extend(faults)
            if found is not None:
                tenants[found.key] = found
        return tenants

    def _read_mapping(self, path: Path, *, tenants: Collection[str]) -> None:
        source = self.sources.mapping
        if source is None:
            return
        document, faults = parse(source.raw, source.file)
        self.faults.extend(faults)
        if document is None:
            return
        if not document.data:
            self.faults.append(Fault("empty_mapping", file=source.file, hint="map_one"))
            return
        shape, faults = validated(MappingShape, document)
        self.faults.extend(faults)
        if shape is None:
            return
        crews = {folder for folder, _ in self.sources.crews}
        found = mapped(shape, document, folder=path.absolute().parent, tenants=tenants, crews=crews)
        self.faults.extend(found.faults)
        self.mapping = (found, document)

    def _read_models(self, config_dir: Path) -> None:
        read = self._read(self.sources.models, ModelsShape) if self.sources.models else None
        if read is not None:
            found = catalogued(*read, folder=config_dir.absolute())
            self.faults.extend(found.faults)
            self.models = (found, read[1])

    def _resolve(self, tenants: Mapping[str, Tenant]) -> dict[tuple[str, str, str], Crew]:
        """Resolve each crew for each tenant's functions; equal layers are resolved once."""
        resolved: dict[tuple[str, str, str], Crew] = {}
        plain: dict[tuple[str, str], Crew | None] = {}
        for one in tenants.values():
            above = self._above(one.key)
            for files in self.crews.values():
                for function in one.functions if files.chain else ():
                    if function not in self.functions:
                        continue
                    known = (files.name, function)
                    if above or known not in plain:
                        crew = self._resolve_one(files, function, above)
                        if not above:
                            plain[known] = crew
                    else:
                        crew = plain[known]
                    if crew is not None:
                        resolved[files.name, one.key, function] = _allowed(crew, one.services)
        return resolved

    def _resolve_one(self, files: CrewFiles, function: str, above: list[Layer]) -> Crew | None:
        lowest = self.functions[function]
        crew, faults = resolve(files, function, lowest=lowest, above=above)
        self.faults.extend(faults)
        return crew

    def _above(self, key: str) -> list[Layer]:
        """Return the layers of a tenant's domain and of its own file."""
        domain, name = key.split("/")
        parts = (self.domains.get((domain, part)) for part in (_BASE, name))
        return [
            layer(file.shape.crew, file.document, prefix=("crew",))
            for file in parts
            if file is not None and file.shape.crew is not None
        ]

    def _check_above(self) -> None:
        """Hold the words that domains and tenants lay over crews against the rules for layers."""
        for file in self.domains.values():
            if file.shape.crew is not None:
                one = layer(file.shape.crew, file.document, prefix=("crew",))
                self.faults.extend(rules.layer_faults(one, tools=self.tools))
                self.faults.extend(self._stray_names(one))

    def _check_tests(self, tenants: Mapping[str, Tenant]) -> None:
        """Hold conversation tests against their shape and the names their tenant knows."""
        channels = {*CHANNELS, *self.crews} - {FALLBACK_CREW}
        for (domain, name), source in self.sources.tests.items():
            key = f"{domain}/{name}"
            if (domain, name) not in self.sources.domains or name == _BASE:
                self.faults.append(Fault("tests_without_tenant", file=source.file, word=key))
                continue
            known = None
            if key in tenants:
                intents = {intent.name for intent in tenants[key].intents}
                known = Vocabulary(intents, self.tools, channels)
            self.faults.extend(read_conversations(source, vocabulary=known)[1])

    def _stray_names(self, one: Layer) -> Iterable[Fault]:
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

    def _capabilities(self) -> dict[tuple[str, str], Capabilities]:
        """Return what each channel can show under each crew of another name."""
        channels = CHANNELS | set(self.crews) - {FALLBACK_CREW}
        return {
            (files.name, channel): files.capabilities(channel)
            for files in self.crews.values()
            for channel in channels
            if channel != files.name
        }

    def _read(self, source: Source, shape: type[M]) -> tuple[M, Document] | None:
        document, faults = parse(source.raw, source.file)
        self.faults.extend(faults)
        if document is None:
            return None
        found, faults = validated(shape, document)
        self.faults.extend(faults)
        return None if found is None else (found, document)

    def _fault_once(self, code: str, path: Path) -> None:
        """Note what is missing, unless the folder itself could not be read."""
        if not any(fault.file == shown(path) for fault in self.faults):
            self.faults.append(Fault(code, file=shown(path)))


def _allowed(crew: Crew, services: Collection[str]) -> Crew:
    """Return the crew with the tools its tenant allows; none named means all."""
    if not services:
        return crew
    allowed = ALWAYS_ALLOWED | set(services)
    return replace(crew, roles=tuple(_with_tools(role, allowed) for role in crew.roles))


def _with_tools(role: RoleSpec, allowed: Collection[str]) -> RoleSpec:
    return replace(role, tools=tuple(tool for tool in role.tools if tool in allowed))
