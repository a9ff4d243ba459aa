"""Where in the files of one version the things stand that a reply rests on: file and line (N9)."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chatcrew.tenancy._faults.fault import YamlPath
from chatcrew.tenancy._reading.document import Document, parse
from chatcrew.tenancy._reading.files import Source, Sources, gather
from chatcrew.tenancy.snapshot import sources_of

__all__ = ["Lines", "lines_now", "lines_of", "rule_key"]

_BASE = "_base"
_RULES = "rules#"


def rule_key(text: str) -> str:
    """Return the key of a rule: a digest of its sentence, for rules have no names."""
    return _RULES + hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass(slots=True)
class Lines:
    """The files of one version, each parsed when it is first asked about.

    Attributes:
        version: which.
        sources: the files.
    """

    version: str
    sources: Sources
    _read: dict[str, Document | None] = field(default_factory=dict)

    def place(
        self, tenant: str, key: str, *, crew: str | None = None, function: str | None = None
    ) -> str | None:
        """Return ``file:line`` of a value that counts for a tenant, None where no file gives it.

        Args:
            tenant: tenant key.
            key: such as ``facts.endereço``, ``intents.greeting.replies.1``, ``rules#0f…``,
                ``texts.handoff.pt-BR``, ``hours``, ``professionals.Dra. Ana``,
                ``agents.attendant``.
            crew: of which crew, for roles.
            function: of which function, for roles.
        """
        head, _, rest = key.partition(".")
        if head == "agents":
            return self._role(tenant, rest, crew, function)
        for source in self._files(tenant):
            document = self._document(source)
            path = None if document is None else _path(document.data, key, head, rest)
            if document is not None and path is not None and path in document.marks:
                return f"{source.name}:{document.line(path)}"
        return None

    def rule(self, tenant: str, key: str) -> str:
        """Return the sentence of a rule by its key, "" where there is none."""
        for source in self._files(tenant):
            document = self._document(source)
            for text in () if document is None else _rules(document.data):
                if rule_key(text) == key:
                    return text
        return ""

    def holds(self, place: str) -> bool:
        """Return whether a ``file:line`` is a line of these files that says something.

        Of a document only its digest is kept, so of one of theirs any line counts.
        """
        name, _, line = place.rpartition(":")
        for source in self.sources.everything():
            if source.name == name and line.isdecimal():
                rows = source.raw.splitlines()
                number = int(line)
                return 0 < number <= len(rows) and bool(rows[number - 1].strip())
        known = {one.path for held in self.sources.documents.values() for one in held}
        return place in known or name in known or place.partition("#")[0] in known

    def _role(self, tenant: str, role: str, crew: str | None, function: str | None) -> str | None:
        """Return where a role's texts begin: the nearest layer that speaks of it."""
        layers: list[tuple[Source | None, YamlPath]] = [
            *((one, ("crew", "agents", role)) for one in self._files(tenant)),
            (self.sources.crews.get((crew or "", "agents.yaml")), (role,)),
            (self.sources.functions.get(function or ""), ("agents", role)),
            (self.sources.crews.get(("_default", "agents.yaml")), (role,)),
        ]
        for source, path in layers:
            document = None if source is None else self._document(source)
            if source is not None and document is not None and path in document.marks:
                return f"{source.name}:{document.line(path)}"
        return None

    def _files(self, tenant: str) -> Iterator[Source]:
        """Yield the tenant's own file, then its domain's."""
        domain, _, name = tenant.partition("/")
        for part in (name, _BASE):
            source = self.sources.domains.get((domain, part))
            if source is not None:
                yield source

    def _document(self, source: Source) -> Document | None:
        if source.name not in self._read:
            self._read[source.name] = parse(source.raw, source.file)[0]
        return self._read[source.name]


def lines_now(mapping: Path, config_dir: Path, crews_dir: Path) -> Lines:
    """Return the files as they are on this machine now."""
    sources = gather(mapping, config_dir, crews_dir)
    return Lines(sources.version(), sources)


def lines_of(raw: bytes) -> Lines | None:
    """Return the files of a snapshot, None where it is none."""
    sources = sources_of(raw)
    return None if sources is None else Lines(sources.version(), sources)


def _path(data: Mapping[str, Any], key: str, head: str, rest: str) -> YamlPath | None:
    """Return where a key stands in one file, None where it does not."""
    if key.startswith(_RULES):
        found = (n for n, text in enumerate(_rules(data)) if rule_key(text) == key)
        place = next(found, None)
        return None if place is None else ("rules", place)
    if head == "facts":
        return ("facts", rest)
    if head == "texts":
        return ("texts", *rest.split(".", 1))
    if head == "intents":
        return _in_intent(data, rest)
    if head == "professionals":
        return _named(data, "professionals", rest)
    return (head,) if not rest else None


def _in_intent(data: Mapping[str, Any], rest: str) -> YamlPath | None:
    """Return the path of an intent, or of one of its replies, phrases or slots."""
    name, _, part = rest.partition(".")
    path = _named(data, "intents", name)
    if path is None or not part:
        return path
    what, _, which = part.partition(".")
    if what != "slots":
        return (*path, what, int(which)) if which.isdecimal() else None
    own = data["intents"][path[1]]
    slot = _named(own, "slots", which)
    return None if slot is None else (*path, *slot)


def _named(data: Mapping[str, Any], key: str, name: str) -> YamlPath | None:
    """Return the path of the entry of a list that has this name."""
    entries = data.get(key)
    for place, one in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(one, Mapping) and one.get("name") == name:
            return (key, place)
    return None


def _rules(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield the sentence of each rule of a file, in its order."""
    entries = data.get("rules")
    for one in entries if isinstance(entries, list) else ():
        text = one.get("text") if isinstance(one, Mapping) else one
        yield text if isinstance(text, str) else ""
