"""One load of all files: read, hold against shapes and rules, merge, resolve."""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from chatcrew.tenancy._crews.layers import Layer
from chatcrew.tenancy._crews.loader import Above, CrewBook, above
from chatcrew.tenancy._crews.rules import unknown
from chatcrew.tenancy._domains.rules import DomainFile, Known
from chatcrew.tenancy._domains.tenant import tenant
from chatcrew.tenancy._domains.tools import references
from chatcrew.tenancy._faults.fault import Fault
from chatcrew.tenancy._mapping import Mapped, mapped, unknown_names
from chatcrew.tenancy._model_rules import Catalogued, catalogued, read_models
from chatcrew.tenancy._reading.document import Document, parse
from chatcrew.tenancy._reading.files import Source, Sources, shown
from chatcrew.tenancy._reading.memory import Memory, Reader
from chatcrew.tenancy._reading.validate import validated
from chatcrew.tenancy._secret_faults import tab_faults, unreadable
from chatcrew.tenancy._shapes.domain import DomainShape
from chatcrew.tenancy._shapes.mapping import MappingShape
from chatcrew.tenancy._values.models import ModelCatalogue
from chatcrew.tenancy.conversations import Vocabulary, read_conversations
from chatcrew.tenancy.model import Configuration, Route, Tenant

BASE = "_base"

_Domain = tuple[DomainShape, Document, bool]
_CREW = "crew"


@dataclass(slots=True)
class Loader:
    """One load: what was read so far, and every fault on the way.

    Attributes:
        sources: all files.
        tools: names of the tools that roles may use.
        memory: what earlier loads made of the same files.
        reader: reads files and keeps their faults.
        book: the crews.
        domains: by (domain, ``_base`` or tenant name), as far as they could be read.
        crewless: those of ``domains`` whose part about crews could not be read.
        mapping: bots and routes, None where it is broken.
        models: models and providers, None where there is none or it is broken.
    """

    sources: Sources
    tools: Collection[str]
    memory: Memory = field(default_factory=Memory)
    reader: Reader = field(init=False)
    book: CrewBook = field(init=False)
    domains: dict[tuple[str, str], DomainFile] = field(default_factory=dict)
    crewless: set[tuple[str, str]] = field(default_factory=set)
    mapping: tuple[Mapped, Document] | None = None
    models: tuple[Catalogued, Document] | None = None

    def __post_init__(self) -> None:
        self.memory.begin()
        self.reader = Reader(self.memory)
        self.book = CrewBook(self.reader, self.sources, self.tools)

    @property
    def faults(self) -> list[Fault]:
        """Everything found wrong so far."""
        return self.reader.faults

    def configuration(
        self, mapping: Path, *, config_dir: Path, crews_dir: Path
    ) -> Configuration | None:
        """Return the configuration, None if anything at all is wrong."""
        self.faults.extend(self.sources.faults)
        self.book.read(crews_dir)
        self._read_domains()
        keys = {f"{domain}/{name}" for domain, name in self.sources.domains if name != BASE}
        folder = shown(config_dir / "domains")
        if not keys and not any(fault.file == folder for fault in self.faults):
            self.faults.append(Fault("no_tenants", file=folder))
        tenants = self._tenants()
        self.book.check_above(part for file in self.domains.values() for part in above(file))
        self.faults.extend(self._tool_roles())
        self._check_tests(tenants)
        self._read_mapping(mapping, tenants=keys)
        self._read_models(config_dir)
        self.faults.extend(self._money())
        # What a crew then lacks would be no news either
        whole = {key: one for key, one in tenants.items() if self._whole(key)}
        resolved = self.book.resolve(whole, {key: self.above(key) for key in whole})
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
            capabilities=self.book.capabilities(),
            models=self.models[0].catalogue if self.models else ModelCatalogue(),
        )

    def secret_faults(self) -> Iterable[Fault]:
        """Try every secret reference of the mapping, of the models and of tools."""
        for read in (self.mapping, self.models):
            if read is not None:
                found, document = read
                yield from unreadable(found.references, document)
        if self.mapping is not None:
            yield from tab_faults(*self.mapping)
        for file in self.domains.values():
            yield from unreadable(references(file), file.document)

    def layers(self) -> Iterator[Layer]:
        """Yield every layer that a file gives to any crew."""
        yield from self.book.functions.values()
        for files in self.book.crews.values():
            for function in ("", *(files.crew[0].functions or ())):
                yield from files.layers(function)
        for file in self.domains.values():
            yield from (one.layer for one in above(file))

    def layers_of(self, route: Route, function: str) -> list[Layer]:
        """Return the layers of the crew that answers a route, the lowest first."""
        found = [self.book.functions[function]]
        for files in self.book.crews[route.crew].chain:
            found.extend(files.layers(function))
        return [*found, *(one.layer for one in self.above(route.tenant))]

    def above(self, key: str) -> list[Above]:
        """Return what a tenant's domain and its own file lay over crews, the domain's first."""
        domain, name = key.split("/")
        parts = (self.domains.get((domain, part)) for part in (BASE, name))
        return [one for file in parts if file is not None for one in above(file)]

    def _read_domains(self) -> None:
        for key, source in self.sources.domains.items():
            stamp = (source.file, source.digest)
            read = self._read_domain(source, stamp)
            if read is not None:
                shape, document, whole = read
                self.domains[key] = DomainFile(shape, document, place=source.name, stamp=stamp)
                if not whole:
                    self.crewless.add(key)

    def _read_domain(self, source: Source, stamp: Hashable) -> _Domain | None:
        return self.reader.found(("domain", stamp), lambda: _domain(source))

    def _whole(self, key: str) -> bool:
        domain, name = key.split("/")
        return self.crewless.isdisjoint({(domain, name), (domain, BASE)})

    def _tenants(self) -> dict[str, Tenant]:
        known = Known(frozenset(self.sources.functions), frozenset(self.tools))
        tenants: dict[str, Tenant] = {}
        for (domain, name), own in self.domains.items():
            if name == BASE:
                continue
            base = self.domains.get((domain, BASE))
            if base is None and (domain, BASE) in self.sources.domains:
                continue  # it is broken and says so; what the tenant then lacks is no news
            found = self._tenant(f"{domain}/{name}", own, base, known)
            if found is not None:
                tenants[found.key] = found
        return tenants

    def _tenant(
        self, key: str, own: DomainFile, base: DomainFile | None, known: Known
    ) -> Tenant | None:
        held = self.sources.documents_of(*key.split("/"))
        made_of = ("tenant", key, own.stamp, base.stamp if base else None, known, held)
        return self.reader.found(
            made_of, lambda: tenant(key, own, base, known=known, documents=held)
        )

    def _tool_roles(self) -> Iterator[Fault]:
        """A tool is offered to roles that some crew has."""
        known = {name for one in self.layers() for name in one.values.get("agents", ())}
        for file in self.domains.values():
            for place, one in enumerate(file.shape.tools or ()):
                for number, name in enumerate(one.roles or ()):
                    if name not in known:
                        path = ("tools", place, "roles", number)
                        yield unknown("unknown_role", file.document, path, name, known)

    def _money(self) -> Iterator[Fault]:
        """Limits in reais need to know what a dollar is, in which models are paid."""
        if self.sources.models is not None and self.models is None:
            return  # it is broken and says so
        if self.models is not None and self.models[0].catalogue.exchange is not None:
            return
        for file in self.domains.values():
            limits = file.shape.limits
            if limits is not None and limits.currency == "BRL":
                yield file.document.fault(
                    "no_exchange", ("limits", "currency"), hint="say_exchange"
                )

    def _check_tests(self, tenants: Mapping[str, Tenant]) -> None:
        """Hold conversation tests against their shape and the names their tenant knows."""
        channels, tools = frozenset(self.book.channels()), frozenset(self.tools)
        for (domain, name), source in self.sources.tests.items():
            key = f"{domain}/{name}"
            if (domain, name) not in self.sources.domains or name == BASE:
                self.faults.append(Fault("tests_without_tenant", file=source.file, word=key))
                continue
            known = None
            if key in tenants:
                intents = frozenset(intent.name for intent in tenants[key].intents)
                own = {called for one in tenants[key].tools for called in one.names}
                known = Vocabulary(intents, tools | own, channels)
            self._check_test(source, known)

    def _check_test(self, source: Source, known: Vocabulary | None) -> None:
        made_of = ("tests", source.file, source.digest, known)
        self.reader.found(made_of, lambda: read_conversations(source, vocabulary=known))

    def _read_mapping(self, path: Path, *, tenants: Collection[str]) -> None:
        source = self.sources.mapping
        read = None
        if source is not None:
            made_of = ("mapping", source.file, source.digest)
            read = self.reader.found(made_of, lambda: _mapping(source))
        if read is None:
            return
        (shape, document), crews = read, self.book.names()
        if shape is None:
            self.faults.extend(unknown_names(document, tenants=tenants, crews=crews))
            return
        folder = path.absolute().parent
        found = mapped(shape, document, folder=folder, tenants=tenants, crews=crews)
        self.faults.extend(found.faults)
        self.mapping = (found, document)

    def _read_models(self, config_dir: Path) -> None:
        source = self.sources.models
        if source is None:
            return
        made_of = ("models", source.file, source.digest)
        read = self.reader.found(made_of, lambda: read_models(source))
        if read is not None:
            shape, document = read
            self.models = (catalogued(shape, folder=config_dir.absolute()), document)


def _domain(source: Source) -> tuple[_Domain | None, list[Fault]]:
    """Return a domain's file, and whether that is all of it.

    Nothing else in it depends on what it lays over crews: where only that is broken the rest is
    read, so that an admin hears of all faults at once.
    """
    document, faults = parse(source.raw, source.file)
    if document is None:
        return None, faults
    found, more = validated(DomainShape, document)
    faults += more
    if found is not None:
        return (found, document, True), faults
    if any(one.path.partition(".")[0].partition("[")[0] != _CREW for one in more):
        return None, faults
    rest = {key: value for key, value in document.data.items() if key != _CREW}
    found, _ = validated(DomainShape, replace(document, data=rest))
    return (None if found is None else (found, document, False)), faults


def _mapping(source: Source) -> tuple[tuple[MappingShape | None, Document] | None, list[Fault]]:
    """Return the mapping as its shape and its lines; one that says nothing gets its own sentence.

    The shape is None where it is broken, all is None where it is no YAML.
    """
    document, faults = parse(source.raw, source.file)
    if document is None:
        return None, faults
    if not document.data:
        return None, [*faults, Fault("empty_mapping", file=source.file, hint="map_one")]
    found, more = validated(MappingShape, document)
    return (found, document), [*faults, *more]
