"""The one rule by which a layer of configuration is laid over another."""

from collections.abc import Mapping
from typing import Any


def merge(lower: Mapping[str, Any], upper: Mapping[str, Any]) -> dict[str, Any]:
    """Lay ``upper`` over ``lower``: maps merge key by key, everything else replaces.

    None in ``upper`` says nothing. No key of either is ever lost; merging a layer twice changes
    nothing, and for layers of one shape it does not matter which two are merged first.
    """
    result = dict(lower)
    for key, value in upper.items():
        below = result.get(key)
        if isinstance(value, Mapping) and isinstance(below, Mapping):
            result[key] = merge(below, value)
        elif value is not None or key not in result:
            result[key] = value
    return result
