"""What a business's conversation tests depend on, as one digest that is the same everywhere."""

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import orjson

from chatcrew.errors import ConfigErrors
from chatcrew.tenancy.conversations import conversations_path, load_conversations
from chatcrew.tenancy.model import Configuration, Tenant
from chatcrew.tenancy.vocabulary import FALLBACK_CREW
from chatcrew.version import VERSION

_WHERE = frozenset({"place"})
"""Fields that say where something stands: a comment above it changes no answer."""


def touched(coming: Configuration, current: Configuration) -> tuple[Tenant, ...]:
    """Return the tenants of ``coming`` that, or whose crews, are not as they are in ``current``."""
    known = current.crews
    crewed = {
        key[1]
        for key, crew in coming.crews.items()
        if (before := known.get(key)) is not crew and before != crew
    }
    crewed.update(key[1] for key in known.keys() - coming.crews.keys())
    return tuple(
        one
        for key, one in coming.tenants.items()
        if key in crewed or ((had := current.tenants.get(key)) is not one and had != one)
    )


def content(configuration: Configuration, tenant: str, config_dir: Path) -> str | None:
    """Return a digest of all that may change how a tenant's conversation tests go.

    Their file, the tenant, its crews on the channels they name, and this version of the program;
    neither the mapping nor where on the machine the files lie.

    Returns:
        None where the tenant has no conversation tests, or their file is at fault.
    """
    path = conversations_path(config_dir, tenant)
    try:
        raw = path.read_bytes()
        channels = {one.channel for one in load_conversations(path)}
    except (OSError, ConfigErrors):
        return None
    if not channels or tenant not in configuration.tenants:
        return None
    own = {name for name, _, _ in configuration.crews}
    names = {channel if channel in own else FALLBACK_CREW for channel in channels}
    parts = [
        VERSION,
        hashlib.sha256(raw).hexdigest(),
        _plain(configuration.tenants[tenant]),
        [
            [*key, _plain(crew)]
            for key, crew in sorted(configuration.crews.items(), key=lambda row: row[0])
            if key[0] in names and key[1] == tenant
        ],
        [
            [*key, _plain(shown)]
            for key, shown in sorted(configuration.capabilities.items(), key=lambda row: row[0])
            if key[1] in channels
        ],
    ]
    return hashlib.sha256(orjson.dumps(parts, default=str)).hexdigest()


def _plain(value: Any) -> Any:
    """Return a value as JSON has it, in an order that no process's hash seed decides."""
    if is_dataclass(value):
        return {
            one.name: _plain(getattr(value, one.name))
            for one in fields(value)
            if one.name not in _WHERE
        }
    if isinstance(value, Mapping):
        return sorted([str(key), _plain(one)] for key, one in value.items())
    if isinstance(value, (set, frozenset)):
        return sorted(map(str, value))
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value
