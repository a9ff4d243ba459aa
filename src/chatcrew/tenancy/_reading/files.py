"""Find and read every file an admin edits: the mapping, the domains and the crews."""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chatcrew.tenancy._faults.fault import Fault, choices
from chatcrew.tenancy._reading.document import MAX_BYTES
from chatcrew.tenancy._reading.documents import shelf
from chatcrew.tenancy._values.documents import FOLDER, Document

_FOLDER = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_-")
TESTS = ".tests.yaml"
"""What the name of a tenant's conversation tests ends with."""
MAPPING = "mapping"
"""What the mapping is called inside the configuration, wherever it lies."""
_CREW_FILES = ("crew.yaml", "agents.yaml", "tasks.yaml")


@dataclass(frozen=True, slots=True)
class Source:
    """One file as read.

    Attributes:
        name: its place inside the configuration, the same on every machine.
        file: its path as the admin knows it.
        raw: its bytes.
        digest: sha256 of them.
    """

    name: str
    file: str
    raw: bytes
    digest: bytes = b""


@dataclass(slots=True)
class Sources:
    """Every file, by what it is.

    Attributes:
        mapping: ``chatwoot_mapping.yaml``, or None if it could not be read.
        domains: by (domain, ``_base`` or tenant name).
        crews: by (crew folder, file name).
        functions: by function name.
        models: ``models.yaml``, or None where there is none.
        tests: conversation tests, by (domain, tenant name); no part of the version.
        documents: of the ``knowledge`` folders, by (domain, tenant name); "": the domain's own.
        faults: what could not be read.
        advice: what is not read, and nothing stops for it.
    """

    mapping: Source | None = None
    domains: dict[tuple[str, str], Source] = field(default_factory=dict)
    crews: dict[tuple[str, str], Source] = field(default_factory=dict)
    functions: dict[str, Source] = field(default_factory=dict)
    models: Source | None = None
    tests: dict[tuple[str, str], Source] = field(default_factory=dict)
    documents: dict[tuple[str, str], tuple[Document, ...]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    advice: list[Fault] = field(default_factory=list)

    def everything(self) -> list[Source]:
        """Return every file, by name."""
        found = [*self.domains.values(), *self.crews.values(), *self.functions.values()]
        found.extend(one for one in (self.mapping, self.models) if one is not None)
        return sorted(found, key=lambda one: one.name)

    def documents_of(self, domain: str, name: str) -> tuple[Document, ...]:
        """Return a tenant's documents, then those of its domain that it has none of this name for.

        Nothing is made anew where a tenant has none of its own: 200 share one tuple.
        """
        own, shared = self.documents.get((domain, name), ()), self.documents.get((domain, ""), ())
        if not own:
            return shared
        names = {_below(one) for one in own}
        return (*own, *(one for one in shared if _below(one) not in names))

    def version(self) -> str:
        """Return the first 12 hex digits of the sha256 over all names and bytes.

        Of a document its digest stands for its bytes.
        """
        digest = hashlib.sha256()
        pieces = [(source.name.encode(), source.raw) for source in self.everything()]
        held = sorted({(one.path, one.digest) for own in self.documents.values() for one in own})
        pieces += [(path.encode(), of.encode()) for path, of in held]
        for pair in pieces:
            for piece in pair:
                digest.update(len(piece).to_bytes(8, "big"))
                digest.update(piece)
        return digest.hexdigest()[:12]


def gather(mapping: Path, config_dir: Path, crews_dir: Path) -> Sources:
    """Read all files; what cannot be read becomes a fault, nothing is raised."""
    sources = Sources()
    sources.mapping = read_source(mapping, MAPPING, sources.faults)
    sources.models = _models(config_dir, sources.faults)
    for folder in _folders(config_dir / "domains", sources.faults):
        for path in _yaml_files(folder, sources.faults):
            name = f"{config_dir.name}/domains/{folder.name}/{path.name}"
            source = read_source(path, name, sources.faults)
            tenant = path.name.removesuffix(TESTS)
            if source is None:
                continue
            if tenant != path.name:
                sources.tests[folder.name, tenant] = source
            elif _fit(path.stem, path, sources.faults):
                sources.domains[folder.name, path.stem] = source
        _gather_documents(folder, config_dir, sources)
    for folder in _folders(crews_dir, sources.faults):
        for path in _yaml_files(folder, sources.faults):
            name = f"{crews_dir.name}/{folder.name}/{path.name}"
            if folder.name == "functions":
                source = read_source(path, name, sources.faults)
                if source is not None and _fit(path.stem, path, sources.faults):
                    sources.functions[path.stem] = source
                continue
            if path.name not in _CREW_FILES:
                hint, values = choices(path.name, _CREW_FILES)
                filling: dict[str, Any] = {"word": path.name, **values}
                sources.faults.append(Fault("unknown_file", file=shown(path), hint=hint, **filling))
                continue
            source = read_source(path, name, sources.faults)
            if source is not None:
                sources.crews[folder.name, path.name] = source
    return sources


def _below(document: Document) -> str:
    """Return a document's name below its ``knowledge`` folder."""
    return document.path.partition(f"/{FOLDER}/")[2]


def _gather_documents(folder: Path, config_dir: Path, sources: Sources) -> None:
    """Read which documents a domain and its tenants have."""
    place = f"{config_dir.name}/domains/{folder.name}"
    for name in ("", *(path.name for path in _tenant_folders(folder, sources.faults))):
        where = folder / name / FOLDER
        under = f"{place}/{name}/{FOLDER}" if name else f"{place}/{FOLDER}"
        found = shelf(where, under, shown(where), roots=(config_dir, folder))
        sources.faults += found.faults
        sources.advice += found.advice
        if not found.documents:
            continue
        if name and (folder.name, name) not in sources.domains:
            word = f"{folder.name}/{name}"
            sources.faults.append(
                Fault(
                    "documents_without_tenant",
                    hint="make_tenant_file",
                    file=shown(where),
                    word=word,
                )
            )
        else:
            sources.documents[folder.name, name] = tuple(found.documents)
    if (folder.name, FOLDER) in sources.domains and (folder / FOLDER).is_dir():
        # what is one tenant's own would be all the others' as well
        file = shown(folder / f"{FOLDER}.yaml")
        sources.faults.append(Fault("tenant_called_knowledge", file=file, word=FOLDER))


def _tenant_folders(folder: Path, faults: list[Fault]) -> Iterable[Path]:
    return (one for one in _listed(folder, faults) if one.name != FOLDER and one.is_dir())


def _models(config_dir: Path, faults: list[Fault]) -> Source | None:
    """Read ``models.yaml``, which may be missing; other names for it would be overlooked."""
    for odd in ("models.yml", "model.yaml"):
        if (config_dir / odd).exists():
            faults.append(Fault("yml_file", file=shown(config_dir / odd), word="models.yaml"))
    path = config_dir / "models.yaml"
    return read_source(path, f"{config_dir.name}/models.yaml", faults) if path.exists() else None


def shown(path: Path) -> str:
    """Return a path relative to where the admin stands, if it lies below, else as it was given."""
    try:
        return path.absolute().relative_to(Path.cwd()).as_posix()
    except (ValueError, OSError):
        return path.as_posix()


def _folders(parent: Path, faults: list[Fault]) -> Iterable[Path]:
    """Return the sub-folders by name, hidden ones left out."""
    found = []
    for path in _listed(parent, faults):
        if path.is_dir() and _fit(path.name, path, faults):
            found.append(path)
    return found


def _yaml_files(folder: Path, faults: list[Fault]) -> Iterable[Path]:
    """Return the ``*.yaml`` files by name; a ``*.yml`` would be overlooked, so it is a fault."""
    found = []
    for path in _listed(folder, faults):
        if path.suffix == ".yml":
            faults.append(Fault("yml_file", file=shown(path), word=f"{path.stem}.yaml"))
        elif path.suffix == ".yaml":
            found.append(path)
    return found


def _listed(folder: Path, faults: list[Fault]) -> list[Path]:
    try:
        names = sorted(name for name in os.listdir(folder) if not name.startswith("."))  # noqa: PTH208 - iterdir() would hide the OSError until later
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        code = "no_such_folder" if missing else "unreadable_file"
        hint = "stand_there" if missing else None
        faults.append(Fault(code, file=shown(folder), hint=hint, reason=error.strerror))
        return []
    return [folder / name for name in names]


def _fit(name: str, path: Path, faults: list[Fault]) -> bool:
    """Say whether a name can be part of a tenant key, a route or a function."""
    if name and set(name) <= _FOLDER:
        return True
    faults.append(Fault("bad_file_name", file=shown(path), word=name))
    return False


def read_source(path: Path, name: str, faults: list[Fault]) -> Source | None:
    """Read one file, one byte more than allowed at most."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        missing = isinstance(error, FileNotFoundError) and name == MAPPING
        hint = "stand_here" if missing else None
        faults.append(Fault("unreadable_file", file=shown(path), hint=hint, reason=reason))
        return None
    return Source(name, shown(path), raw, hashlib.sha256(raw).digest())
