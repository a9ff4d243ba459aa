"""What of a row is sealed, for the stores that write and read it (S1-76).

Ids, times, kinds and figures stay as they are, so that every query still finds its rows; names,
words, addresses of files do not.
"""

from collections.abc import Callable, Mapping
from typing import Any

from chatcrew.privacy import Keyring, walked

_ATTACHMENT = ("url", "text")

SEALED: Mapping[str, Mapping[str, str]] = {
    "message": {"line": "line {bot}"},
    "event": {"body": "body {bot}"},
    "quarantine": {"body": "body {bot}"},
    "outbox_part": {"payload": "part {bot}"},
    "rating": {"feedback": "rating {bot}"},
    "contact_fact": {"body": "fact {tenant}"},
    "episode_memory": {"summary": "summary {bot}"},
    "attachment_content": {"text": "file {tenant}"},
    "suggestion": {"text": "draft {tenant}"},
    "tool_call": {"arguments": "call {tenant}", "result": "call {tenant}"},
}
"""Columns that are sealed, by table, and whose each is: a form that columns of its row fill.

Only they are ever opened: elsewhere a text that looks like a sealed one is what somebody typed.
"""


def about_row(table: str, column: str, row: Mapping[Any, Any]) -> str:
    """Return whose a sealed column of a row is, as ``Keyring.seal`` was told."""
    return SEALED[table][column].format_map(row)


def sealed_line(keys: Keyring, bot: str, line: Mapping[str, Any]) -> dict[str, Any]:
    """Return a line of the history (``line_to_json``) as it is stored."""
    about = f"line {bot}"
    return line_with(line, lambda text: keys.seal(text, about))


def opened_line(keys: Keyring, bot: str, line: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored line of a bot's as ``line_from_json`` reads it.

    Raises:
        Unsealable: its key is none of ours, it was changed, or it is another bot's.
    """
    about = f"line {bot}"
    return line_with(line, lambda text: keys.open(text, about))


def readable_line(keys: Keyring, bot: str, line: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored line of a bot's as ``opened_line`` does; what does not open is empty."""
    about = f"line {bot}"
    return line_with(line, lambda text: keys.readable(text, about))


def sealed_payload(keys: Keyring, bot: str, payload: Mapping[str, Any]) -> Any:
    """Return what a part of the outbox holds as it is stored: every text in it."""
    about = f"part {bot}"
    return walked(payload, lambda text: keys.seal(text, about))


def line_with(line: Mapping[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    """Return a line with what people said in it passed through ``change``."""
    author = line["author"]
    name = author["name"]
    return {
        **line,
        "text": change(line["text"]),
        "author": {**author, "name": None if name is None else change(name)},
        "attachments": [
            {
                key: change(one) if key in _ATTACHMENT and isinstance(one, str) else one
                for key, one in item.items()
            }
            for item in line["attachments"]
        ],
        "options": [change(one) for one in line.get("options", ())],
    }
