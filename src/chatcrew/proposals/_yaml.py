"""Adds an item to a list of a YAML text, or changes one value; every other byte stays as it was."""

import json
from collections.abc import Sequence

import yaml
from yaml.reader import Reader

from chatcrew.errors import ConfigError

_STEP = 2


class CannotChange(ConfigError):
    """The text is shaped so that a change by hand is safer than one by us.

    Args:
        kind: short stable name by which a terminal has words in each language.
        word: the key it is about, or "".
        file: the file it is about, or "".
    """

    def __init__(self, kind: str, *, word: str = "", file: str = "") -> None:
        super().__init__(f"{kind} {word}".rstrip(), file=file)
        self.kind = kind
        self.word = word


def with_item(text: str, key: str, lines: Sequence[str]) -> str:
    """Return ``text`` with one more item at the end of the list ``key``, which is made if missing.

    Args:
        text: a YAML file.
        key: at its root.
        lines: of the item without its dash, indented as if they began at the left.

    Raises:
        CannotChange: the list is written in one line, or the text is no map.
    """
    root, newline = _composed(text), "\r\n" if "\r\n" in text else "\n"
    found = _value(root, key)
    if found is None or _is_null(found):
        return _with_list(text, key, lines, found, newline)
    if not isinstance(found, yaml.SequenceNode):
        raise CannotChange("no_list", word=key)
    if found.flow_style:
        if found.value:
            raise CannotChange("one_line", word=key)
        begin = len(text[: found.start_mark.index].rstrip(" "))
        block = "".join(newline + line for line in _item(lines, _STEP))
        return text[:begin] + block + text[found.end_mark.index :]
    last = found.value[-1]
    at = _line_end(text, _end(text, last))
    gap = newline if _apart(text, found) else ""
    block = "".join(newline + line for line in _item(lines, found.start_mark.column))
    return text[:at] + gap + block + (newline if at == len(text) else "") + text[at:]


def with_value(text: str, key: str, place: int, name: str, value: str) -> str:
    """Return ``text`` with another text as ``name`` of item ``place`` of the list ``key``.

    Raises:
        CannotChange: there is no such value.
    """
    found = _value(_composed(text), key)
    items = found.value if isinstance(found, yaml.SequenceNode) else []
    item = items[place] if place < len(items) else None
    node = _value(item, name)
    if not (isinstance(item, yaml.MappingNode) and isinstance(node, yaml.ScalarNode)):
        raise CannotChange("no_text", word=f"{key}[{place}].{name}")
    flow = bool(item.flow_style)
    begin, end = node.start_mark.index, _end(text, node)
    return text[:begin] + (quoted(value) if flow else scalar(value)) + text[end:]


def scalar(text: str) -> str:
    """Return a text plain where it reads as itself, else quoted."""
    try:
        plain = yaml.safe_load(f"- k: {text}\n") == [{"k": text}] and "\n" not in text
        plain = plain and yaml.safe_load(f"- {text}\n") == [text]
    except yaml.YAMLError:
        plain = False
    return text if plain else quoted(text)


def quoted(text: str) -> str:
    """Return a text in double quotes, as JSON writes it: YAML reads it alike."""
    written = json.dumps(text, ensure_ascii=False)
    return Reader.NON_PRINTABLE.sub(lambda sign: f"\\u{ord(sign[0]):04x}", written)


def _composed(text: str) -> yaml.MappingNode:
    try:
        # The loader in Python: libyaml's marks count bytes or characters by version.
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        raise CannotChange("no_yaml") from None
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise CannotChange("no_map")
    return root


def _with_list(
    text: str, key: str, lines: Sequence[str], node: yaml.Node | None, newline: str
) -> str:
    block = "".join(line + newline for line in _item(lines, _STEP))
    if node is not None:
        at = _line_end(text, node.end_mark.index)
        return text[:at] + newline + block.rstrip("\r\n") + text[at:]
    end = "" if text.endswith("\n") or not text else newline
    return f"{text}{end}{newline}{key}:{newline}{block}"


def _item(lines: Sequence[str], column: int) -> list[str]:
    pad = " " * column
    return [
        f"{pad}{'- ' if place == 0 else '  '}{line}" if line else ""
        for place, line in enumerate(lines)
    ]


def _apart(text: str, items: yaml.SequenceNode) -> bool:
    """Return whether the last two items stand apart, as people like it for long ones."""
    if len(items.value) < 2:
        return False
    before, last = items.value[-2:]
    between = text[_end(text, before) : last.start_mark.index]
    return any(not line.strip() for line in between.splitlines()[1:-1])


def _value(node: yaml.Node | None, key: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.value in ("", "~", "null")


def _end(text: str, node: yaml.Node) -> int:
    """Return where a value ends; a block's own mark lies behind the comments that follow."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(text, last[1] if isinstance(node, yaml.MappingNode) else last)
    end: int = node.end_mark.index
    while end > node.start_mark.index and text[end - 1] in "\r\n \t":
        end -= 1
    return end


def _line_end(text: str, index: int) -> int:
    found = text.find("\n", index)
    if found < 0:
        return len(text)
    return found - 1 if found > index and text[found - 1] == "\r" else found
