"""A loaded configuration as a cache value that only somebody who has the files could have made.

A cache may be shared (Redis), and whoever writes there must not be able to point a bot's token at
another address: the value carries an HMAC whose key is made of the files themselves (ADR-0007).
"""

import base64
import hashlib
import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError

from chatcrew.tenancy._reading.files import gather
from chatcrew.tenancy.model import Capabilities, Configuration, Crew, Route

_FORMAT = 5
"""Changes when the values of ``tenancy.model`` change their meaning."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What identifies a configuration before it is parsed.

    Attributes:
        name: digest that may be shown and used in a cache key.
        key: secret made of the files' bytes, for the seal.
    """

    name: str
    key: bytes


@dataclass(frozen=True, slots=True)
class _Rows:
    """The maps of a configuration whose keys JSON cannot hold, as lists."""

    routes: list[tuple[tuple[str, int | None], Route]]
    crews: list[tuple[tuple[str, str, str], Crew]]
    capabilities: list[tuple[tuple[str, str], Capabilities]]


_ROWS = TypeAdapter(_Rows)
_PLAIN: dict[str, TypeAdapter[Any]] = {
    one.name: TypeAdapter(one.type)
    for one in fields(Configuration)
    if one.name not in _Rows.__dataclass_fields__
}


def fingerprint(
    mapping: Path, config_dir: Path, crews_dir: Path, *, tools: Collection[str]
) -> Fingerprint:
    """Return the fingerprint of the files as they are now; reads them, parses nothing.

    Where the files lie is part of it: relative references of secrets start at the mapping's folder.
    """
    sources = gather(mapping, config_dir, crews_dir)
    where = [str(path.absolute()) for path in (mapping, config_dir, crews_dir)]
    about = orjson.dumps([_FORMAT, sources.version(), *where, sorted(tools), str(Path.cwd())])
    secret = hashlib.sha256(about)
    for source in sources.everything():
        secret.update(hashlib.sha256(source.raw).digest())
    return Fingerprint(hashlib.sha256(about).hexdigest(), secret.digest())


def seal(configuration: Configuration, print_: Fingerprint) -> dict[str, str]:
    """Return a JSON-shaped value that ``unseal`` takes back."""
    rows = _Rows(
        list(configuration.routes.items()),
        list(configuration.crews.items()),
        list(configuration.capabilities.items()),
    )
    body = {
        name: adapter.dump_python(getattr(configuration, name), mode="json")
        for name, adapter in _PLAIN.items()
    }
    raw = orjson.dumps([body, _ROWS.dump_python(rows, mode="json")])
    return {"body": base64.b85encode(raw).decode(), "seal": _mac(raw, print_)}


def unseal(value: object, print_: Fingerprint) -> Configuration | None:
    """Return the configuration, or None where the value was not sealed from these files."""
    if not isinstance(value, Mapping):
        return None
    try:
        raw = base64.b85decode(str(value.get("body", "")))
    except ValueError:
        return None
    # As bytes: compare_digest refuses text that is not ASCII with a TypeError.
    given = str(value.get("seal", "")).encode("utf-8", "replace")
    if not hmac.compare_digest(_mac(raw, print_).encode(), given):
        return None
    try:
        body, rows = orjson.loads(raw)
        plain: dict[str, Any] = {
            name: adapter.validate_python(body[name]) for name, adapter in _PLAIN.items()
        }
        found = _ROWS.validate_python(rows)
    except (ValidationError, KeyError, ValueError):
        return None
    return Configuration(
        **plain,
        routes=dict(found.routes),
        crews=dict(found.crews),
        capabilities=dict(found.capabilities),
    )


def _mac(raw: bytes, print_: Fingerprint) -> str:
    return hmac.new(print_.key, raw, hashlib.sha256).hexdigest()
