"""Read one YAML file as an admin means it: YAML 1.2 scalars, no duplicate keys, lines kept.

PyYAML by itself reads YAML 1.1: ``12:30`` becomes 750, ``no`` becomes False and a duplicate key is
dropped in silence. Here libyaml only parses; what a scalar means is decided by the core schema of
YAML 1.2.2, chapter 10.3.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from chatcrew.tenancy._faults.fault import Fault, YamlPath, dotted
from chatcrew.tenancy._faults.syntax import finding
from chatcrew.tenancy._reading.scalars import scalar

MAX_BYTES = 1 << 20
"""Largest file read; a bigger one is a mistake, not a configuration."""
MAX_VALUES = 100_000
"""Most values of one file after aliases are expanded (against the "billion laughs" of aliases)."""
MAX_DEPTH = 40

_CORE = "tag:yaml.org,2002:"
# YAML 1.2.2, rule 1: c-printable
_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML file: its values and the line of each.

    Attributes:
        file: path as the admin knows it.
        data: maps, lists, text, numbers, booleans and None; the root is a map.
        marks: line and column, both from 1, by path; a key's own for what stands under it.
    """

    file: str
    data: dict[str, Any]
    marks: Mapping[YamlPath, tuple[int, int]]

    def mark(self, path: YamlPath) -> tuple[int, int]:
        """Return line and column of ``path``, or of what is nearest above it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.marks:
                return self.marks[path[:length]]
        return 1, 1

    def line(self, path: YamlPath) -> int:
        """Return the line of ``path``, or of what is nearest above it."""
        return self.mark(path)[0]

    def fault(
        self, code: str, path: YamlPath, *, hint: str | None = None, **values: object
    ) -> Fault:
        """Return a fault at ``path`` of this file."""
        line, column = self.mark(path)
        where = dotted(path)
        return Fault(
            code, file=self.file, line=line, column=column, path=where, hint=hint, **values
        )


def parse(raw: bytes, file: str) -> tuple[Document | None, list[Fault]]:
    """Read a file's bytes; the document is None where nothing can be made of it.

    Never raises for what stands in the file (YAML 1.2.2; tried with any bytes).
    """
    text, fault = _text(raw, file)
    if fault is not None:
        return None, [fault]
    builder = _Builder(file)
    try:
        data = builder.document(_events(text))
    except yaml.YAMLError as error:
        return None, [*builder.faults, _syntax_fault(error, file, text)]
    except _Stop:
        return None, builder.faults
    if data is None:
        data = {}
    if not isinstance(data, dict):
        return None, [
            *builder.faults,
            Fault("not_a_map", file=file, line=1, column=1, found=kind(data)),
        ]
    return Document(file, data, builder.marks), builder.faults


def _events(text: str) -> Iterator["_Event"]:
    """Return libyaml's events; ``yaml.parse`` asks it twice for each."""
    parser = yaml.CSafeLoader(text)
    return iter(parser.get_event, None)


def _text(raw: bytes, file: str) -> tuple[str, Fault | None]:
    """Return the file as text, or the fault that keeps it from being any."""
    if len(raw) > MAX_BYTES:
        return "", Fault("file_too_big", file=file, limit=MAX_BYTES // 1024)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8-sig", "replace")) + 1
        return "", Fault("not_utf8", file=file, line=line, column=column, hint="save_utf8")
    odd = _UNPRINTABLE.search(text)
    if odd is not None:
        line = text.count("\n", 0, odd.start()) + 1
        column = odd.start() - text.rfind("\n", 0, odd.start())
        number = f"{ord(odd.group()):04X}"
        return "", Fault("odd_character", file=file, line=line, column=column, number=number)
    return text, None


def kind(value: object) -> str:
    """Return what a value is called in sentences for people."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int):
        return "a whole number"
    if isinstance(value, float):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "a map" if isinstance(value, Mapping) else "a list"


def _syntax_fault(error: yaml.YAMLError, file: str, text: str) -> Fault:
    """Say what is wrong; neither libyaml's problem texts nor our findings quote a value."""
    found = finding(error, text)
    return Fault(
        found.code,
        file=file,
        line=found.line,
        column=found.column,
        hint=found.hint,
        word=found.word,
        problem=found.problem,
    )


_Event = Any  # PyYAML's stubs say that an event's mark may be None, which libyaml's never is


class _Stop(Exception):
    """The file is too much; no further value is made."""


class _Builder:
    """Turns libyaml's events into values, noting the line of each and every fault on the way.

    Events and not nodes: PyYAML's composer recurses in C and dies of a deep document.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.marks: dict[YamlPath, tuple[int, int]] = {}
        self.faults: list[Fault] = []
        self._count = 0
        self._anchors: dict[str, tuple[Any, int]] = {}

    def document(self, events: Iterator[_Event]) -> Any:
        """Return the value of the only document, None if there is none.

        Raises:
            _Stop: too deep, too many values, or a second document.
            yaml.YAMLError: libyaml found a fault.
        """
        data: Any = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._fault("second_document", event, ())
                    raise _Stop
            elif isinstance(event, yaml.NodeEvent):
                data = self._value(event, events, (), depth=0)
        return data

    def _value(self, event: _Event, events: Iterator[_Event], path: YamlPath, *, depth: int) -> Any:
        self._counted(1, event, path)
        if depth > MAX_DEPTH:
            self._fault("too_deep", event, path[:3], limit=MAX_DEPTH)
            raise _Stop
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, path)
        before = self._count
        if isinstance(event, yaml.ScalarEvent):
            value = self._scalar(event, path)
        elif isinstance(event, yaml.MappingStartEvent):
            self._untagged(event, path, allowed="map")
            value = self._map(events, path, depth=depth)
        else:
            self._untagged(event, path, allowed="seq")
            value = self._list(events, path, depth=depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, self._count - before + 1)
        return value

    def _list(self, events: Iterator[_Event], path: YamlPath, *, depth: int) -> list[Any]:
        items: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            here = (*path, len(items))
            self.marks[here] = _at(event)
            items.append(self._value(event, events, here, depth=depth + 1))
        return items

    def _map(self, events: Iterator[_Event], path: YamlPath, *, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(event, events, path, depth=depth, known=result)
            here = path if key is None else (*path, key)
            if key is not None:
                self.marks[here] = _at(event)
            value = self._value(next(events), events, here, depth=depth + 1)
            if key is not None:
                result[key] = value
        return result

    def _key(
        self,
        event: _Event,
        events: Iterator[_Event],
        path: YamlPath,
        *,
        depth: int,
        known: Mapping[str, Any],
    ) -> str | None:
        """Return the key as it is written (``31`` and ``"31"`` are one key), None if unfit."""
        if not isinstance(event, yaml.ScalarEvent):
            self._fault("odd_key", event, path)
            self._value(event, events, path, depth=depth + 1)
            return None
        key: str = event.value
        self._counted(1, event, path)
        if key == "<<" and event.implicit[0]:
            self._fault("merge_key", event, path)
            return None
        if key in known:
            self._fault("duplicate_key", event, (*path, key), hint="keep_one", key=key)
            return None
        return key

    def _scalar(self, event: _Event, path: YamlPath) -> object:
        self._untagged(event, path, allowed="str")
        return scalar(event.value) if event.implicit[0] else event.value

    def _alias(self, event: _Event, path: YamlPath) -> Any:
        """Return what the anchor stands for; inside itself an anchor is not known yet."""
        if event.anchor not in self._anchors:
            self._fault("unknown_alias", event, path, hint="check_quotes")
            return None
        value, count = self._anchors[event.anchor]
        self._counted(count, event, path)
        return value

    def _untagged(self, event: _Event, path: YamlPath, *, allowed: str) -> None:
        if event.tag not in (None, _CORE + allowed):
            self._fault("odd_tag", event, path)

    def _counted(self, number: int, event: _Event, path: YamlPath) -> None:
        self._count += number
        if self._count > MAX_VALUES:
            self._fault("too_many_values", event, path, limit=MAX_VALUES)
            raise _Stop

    def _fault(
        self,
        code: str,
        event: _Event,
        path: YamlPath,
        *,
        hint: str | None = None,
        **values: object,
    ) -> None:
        line, column = _at(event)
        where = dotted(path)
        self.faults.append(
            Fault(code, file=self.file, line=line, column=column, path=where, hint=hint, **values)
        )


def _at(event: _Event) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1
