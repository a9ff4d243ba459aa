"""Fill a tool's templates: each value is escaped for the place where it stands."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from chatcrew.messages import Contact

_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_.]*)\}")
_CLIMBS = re.compile(r"(?:^|[/\\])\.{1,2}(?:$|[/\\])")
"""Segments that a server may resolve even where they are percent-encoded."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Unfit(Exception):
    """A value that cannot stand where the template wants it, in words for the role."""


def facts(contact: Contact, proven: str | None) -> dict[str, Any]:
    """Return what templates may hold of the customer, as Chatwoot knows him or her.

    Args:
        contact: the customer.
        proven: which of the telephone and the e-mail address the channel vouches for.
    """
    return {
        "contact.id": contact.id,
        "contact.name": contact.name,
        "contact.phone": contact.phone,
        "contact.email": contact.email,
        "contact.proven_phone": contact.phone if proven == "phone" else None,
        "contact.proven_email": contact.email if proven == "email" else None,
    }


def fill_url(template: str, query: Mapping[str, str], values: Mapping[str, Any]) -> str:
    """Return an address: values are percent-encoded whole, so none adds a segment or a key.

    Raises:
        Unfit: a value is missing, or would climb in the path.
    """

    def put(match: re.Match[str]) -> str:
        value = values.get(match[1])
        said = "" if value is None else plain(value)
        if not said or _CLIMBS.search(said) or _CONTROL.search(said):
            raise Unfit(_missing(match[1]))
        return quote(said, safe="")

    address = _PLACEHOLDER.sub(put, template)
    pairs = []
    for name, one in query.items():
        value = _filled(one, values)
        if value is not None:
            pairs.append(f"{quote(name, safe='')}={quote(plain(value), safe='')}")
    if not pairs:
        return address
    return f"{address}{'&' if '?' in address else '?'}{'&'.join(pairs)}"


def fill_headers(headers: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, str]:
    """Return headers; one whose only value is missing is left out.

    Raises:
        Unfit: a value has a line break or another control character.
    """
    found = {}
    for name, one in headers.items():
        value = _filled(one, values)
        if value is None:
            continue
        if _CONTROL.search(plain(value)):
            raise Unfit(_missing(name))
        found[name] = plain(value)
    return found


def fill_body(body: Any, values: Mapping[str, Any]) -> Any:
    """Return a JSON value: put together as values, never as text, so nothing breaks out of it.

    A text that is one placeholder alone keeps the value's type; a key whose only value is missing
    is left out.
    """
    if isinstance(body, str):
        return _filled(body, values)
    if isinstance(body, Mapping):
        filled = {str(key): (one, fill_body(one, values)) for key, one in body.items()}
        return {
            key: value
            for key, (one, value) in filled.items()
            if not (value is None and isinstance(one, str))
        }
    if isinstance(body, list):
        return [fill_body(one, values) for one in body]
    return body


def _filled(template: str, values: Mapping[str, Any]) -> Any:
    alone = _PLACEHOLDER.fullmatch(template)
    if alone is not None:
        return values.get(alone[1])

    def put(match: re.Match[str]) -> str:
        value = values.get(match[1])
        return "" if value is None else plain(value)

    return _PLACEHOLDER.sub(put, template)


def plain(value: Any) -> str:
    """Return a value as it stands in a text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _missing(name: str) -> str:
    return (
        f"Falta o valor de {name!r} ou ele não serve aqui; pergunte ao cliente. "
        f"(The value of {name!r} is missing or unfit: ask the customer.)"
    )
