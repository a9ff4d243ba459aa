"""Changes single values of a YAML text and leaves every other byte as it was: comments, order."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from chatcrew.errors import ConfigError

Path = tuple[str, ...]
"""Keys from the root."""

Value = str | int | Sequence[str] | Mapping[str, Any]

_PLAIN = re.compile(r"[A-Za-z_./][A-Za-z0-9_./:@+~-]*")
_NUMBER = re.compile(r"\.(?:[0-9].*|inf|nan)")
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n", "~"}
_STEP = 2
_FLAT = 60
"""Maps of plain values up to this many characters stand on one line, as people write them."""


class CannotEdit(ConfigError):
    """The text is shaped so that a change by hand is safer than one by us."""


def put(text: str, path: Path, value: Value) -> str:
    """Return ``text`` with ``value`` at ``path``; what is missing on the way is made.

    Raises:
        CannotEdit: something else than a map stands on the way, or the text is no YAML.
    """
    return _Text(text).put(path, value)


def remove(text: str, path: Path) -> str:
    """Return ``text`` without the key at ``path``; a map that loses its last key stays as ``{}``.

    Raises:
        CannotEdit: there is no such key, or the text is no YAML.
    """
    return _Text(text).remove(path)


def listed(text: str, path: Path) -> list[str]:
    """Return the texts listed at ``path``, none where nothing is there."""
    try:
        node = yaml.safe_load(text)
    except yaml.YAMLError:
        return []
    for key in path:
        node = node.get(key, node.get(_number(key))) if isinstance(node, dict) else None
    found = node if isinstance(node, list) else [node]
    return [one for one in found if isinstance(one, str)]


def _number(key: str) -> int | None:
    """Return the number that a key without quotes is read as."""
    return int(key) if key.isdecimal() else None


class _Text:
    """One text with the places of its nodes; good for one change."""

    def __init__(self, text: str) -> None:
        self._mark = "\ufeff" if text.startswith("\ufeff") else ""
        self._text = text.removeprefix("\ufeff")
        self._newline = "\r\n" if "\r\n" in text else "\n"
        try:
            # The loader in Python: libyaml's marks count bytes or characters by version.
            self._root = yaml.compose(self._text, Loader=yaml.SafeLoader)
        except yaml.YAMLError:
            raise CannotEdit("the file is no YAML that can be changed") from None

    @property
    def _top(self) -> yaml.Node:
        if self._root is None:
            raise CannotEdit("the file is empty")
        return self._root

    def put(self, path: Path, value: Value) -> str:
        """See the function of this name."""
        if self._root is None:
            end = "" if not self._text or self._text.endswith("\n") else self._newline
            added = self._newline.join(block(path[0], _nested(path[1:], value), 0))
            return f"{self._mark}{self._text}{end}{added}{self._newline}"
        node, depth = self._deepest(path)
        if depth == len(path):
            return self._replace(node, value)
        key, nested = path[depth], _nested(path[depth + 1 :], value)
        if isinstance(node, yaml.MappingNode) and node.flow_style and not self._roomy(node):
            return self._into_flow(node, key, nested)
        if isinstance(node, yaml.MappingNode) and not node.flow_style:
            return self._into_block(node, key, nested)
        return self._into_nothing(path[:depth], node, key, nested)

    def remove(self, path: Path) -> str:
        """See the function of this name."""
        parent, depth = self._deepest(path[:-1])
        if depth != len(path) - 1 or not isinstance(parent, yaml.MappingNode):
            raise CannotEdit(f"there is no {'.'.join(path)!r}")
        place = next((n for n, (k, _) in enumerate(parent.value) if k.value == path[-1]), None)
        if place is None:
            raise CannotEdit(f"there is no {'.'.join(path)!r}")
        if len(parent.value) == 1:
            return self._emptied(path[:-1], parent)
        if parent.flow_style:
            return self._out_of_flow(parent, place)
        key, value = parent.value[place]
        begin = self._line_start(key.start_mark.index)
        return self._spliced(begin, self._line_end(self._end(value)) + 1, "")

    def _deepest(self, path: Path) -> tuple[yaml.Node, int]:
        """Return the deepest node there is on ``path``, and how many keys lead to it."""
        node = self._top
        for depth, key in enumerate(path):
            if not isinstance(node, yaml.MappingNode):
                if _is_null(node):
                    return node, depth
                raise CannotEdit(f"{'.'.join(path[:depth])!r} is no map")
            found = next((v for k, v in node.value if k.value == key), None)
            if found is None:
                return node, depth
            node = found
        return node, len(path)

    def _roomy(self, node: yaml.MappingNode) -> bool:
        """Return whether an empty ``{}`` can become a block, because no flow is around it."""
        return not node.value and not self._inside_flow(node)

    def _inside_flow(self, node: yaml.Node) -> bool:
        def search(other: yaml.Node, *, flow: bool) -> bool | None:
            if other is node:
                return flow
            if not isinstance(other, yaml.CollectionNode):
                return None
            below = flow or bool(other.flow_style)
            mapping = isinstance(other, yaml.MappingNode)
            children = [v for _, v in other.value] if mapping else list(other.value)
            found = (search(child, flow=below) for child in children)
            return next((one for one in found if one is not None), None)

        return bool(search(self._top, flow=False))

    def _replace(self, node: yaml.Node, value: Value) -> str:
        block_style = isinstance(node, yaml.CollectionNode) and not node.flow_style
        if block_style or (isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")):
            raise CannotEdit("a block cannot be replaced by one value")
        gap = " " if _is_null(node) and node.start_mark.index == node.end_mark.index else ""
        return self._spliced(node.start_mark.index, node.end_mark.index, gap + flow(value))

    def _into_flow(self, node: yaml.MappingNode, key: str, value: Value) -> str:
        inner = f"{scalar(key)}: {flow(value)}"
        if not node.value:
            at = node.end_mark.index - 1
            return self._spliced(at, at, inner)
        at = node.value[-1][1].end_mark.index
        comma = re.match(r"\s*,", self._text[at:])
        if comma is not None:
            return self._spliced(at + comma.end(), at + comma.end(), f" {inner}")
        return self._spliced(at, at, f", {inner}")

    def _into_block(self, node: yaml.MappingNode, key: str, value: Value) -> str:
        column = node.value[0][0].start_mark.column
        lines = block(key, value, column)
        if column == _STEP and len(lines) > _STEP:
            lines = ["", *lines]  # accounts stand apart
        return self._below(self._line_end(self._end(node.value[-1][1])), column, lines)

    def _into_nothing(self, path: Path, node: yaml.Node, key: str, value: Value) -> str:
        """Begin a block where nothing or ``{}`` stood."""
        if not path:
            raise CannotEdit("the file holds no map")
        column = self._key(path).start_mark.column + _STEP
        if node.start_mark.index != node.end_mark.index:
            begin = len(self._text[: node.start_mark.index].rstrip(" "))
            self._text = self._text[:begin] + self._text[node.end_mark.index :]
            at = begin
        else:
            at = node.end_mark.index
        return self._below(self._line_end(at), column, block(key, value, column))

    def _below(self, line_end: int, column: int, lines: list[str]) -> str:
        """Insert lines behind a line and the comments under it that are indented deeper."""
        at, look = line_end, line_end + 1
        while look < len(self._text):
            end = self._line_end(look)
            line = self._text[look:end]
            stripped = line.lstrip(" ").rstrip("\r")
            if stripped.startswith("#") and len(line) - len(line.lstrip(" ")) > column:
                at = end
            elif stripped:
                break
            look = end + 1
        at = min(at, len(self._text))
        carriage = at > 0 and self._text[at - 1] == "\r"
        return self._spliced(
            at - carriage, at - carriage, "".join(self._newline + line for line in lines)
        )

    def _emptied(self, path: Path, node: yaml.MappingNode) -> str:
        if not path:
            raise CannotEdit("nothing would be left of the file")
        if node.flow_style:
            return self._spliced(node.start_mark.index, node.end_mark.index, "{}")
        key = self._key(path)
        colon = self._text.index(":", key.end_mark.index) + 1
        begin = self._line_start(node.start_mark.index)
        end = self._line_end(self._end(node)) + 1
        self._text = self._text[:begin] + self._text[end:]
        return self._spliced(colon, colon, " {}")

    def _out_of_flow(self, node: yaml.MappingNode, place: int) -> str:
        pairs = node.value
        if place + 1 < len(pairs):
            return self._spliced(
                pairs[place][0].start_mark.index, pairs[place + 1][0].start_mark.index, ""
            )
        return self._spliced(pairs[place - 1][1].end_mark.index, pairs[place][1].end_mark.index, "")

    def _key(self, path: Path) -> yaml.Node:
        """Return the node of the last key of a path that is there."""
        node = found = self._top
        for name in path:
            found, node = next((k, v) for k, v in node.value if k.value == name)
        return found

    def _end(self, node: yaml.Node) -> int:
        """Return where a value ends; a block's own mark lies behind the comments that follow."""
        if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            return self._end(last[1] if isinstance(node, yaml.MappingNode) else last)
        end: int = node.end_mark.index
        while end > node.start_mark.index and self._text[end - 1] in "\r\n":
            end -= 1
        return end

    def _line_start(self, index: int) -> int:
        return self._text.rfind("\n", 0, index) + 1

    def _line_end(self, index: int) -> int:
        found = self._text.find("\n", index)
        return len(self._text) if found < 0 else found

    def _spliced(self, begin: int, end: int, new: str) -> str:
        return self._mark + self._text[:begin] + new + self._text[end:]


def block(key: str, value: Value, indent: int) -> list[str]:
    """Return the lines of ``key: value`` in block style; small maps stand on one line."""
    pad = " " * indent
    if isinstance(value, Mapping) and value:
        line = f"{pad}{scalar(key)}: {flow(value)}"
        plain = all(not isinstance(one, Mapping) for one in value.values())
        if not plain or len(line) - indent > _FLAT:
            inner = [line for k, v in value.items() for line in block(k, v, indent + _STEP)]
            return [f"{pad}{scalar(key)}:", *inner]
        return [line]
    return [f"{pad}{scalar(key)}: {flow(value)}"]


def flow(value: Value) -> str:
    """Return a value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(k)}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, str):
        return scalar(value)
    if isinstance(value, int):
        return str(value)
    return "[" + ", ".join(scalar(one) for one in value) + "]"


def scalar(text: str) -> str:
    """Return a text plain where it can only be read as one, else quoted as JSON does it."""
    lower = text.lower()
    plain = _PLAIN.fullmatch(text) and lower not in _WORDS and not text.endswith(":")
    if plain and not _NUMBER.fullmatch(lower):
        return text
    return json.dumps(text, ensure_ascii=False)


def _nested(path: Path, value: Value) -> Value:
    for key in reversed(path):
        value = {key: value}
    return value


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.value in ("", "~", "null")
