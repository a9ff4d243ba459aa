"""Tool schemas: one shape that every model API takes (S3-48), and a check of what comes back."""

from collections.abc import Iterator, Mapping
from typing import Any

_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}
_LONGEST_TEXT = 4000


def normalise(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object schema with everything spelled out that some API insists on.

    ``properties`` is there even if empty, ``required`` names only what exists, unknown arguments
    are refused, an array says what it holds, and keys with no value are left out.
    """
    shape = {key: value for key, value in schema.items() if value is not None}
    properties = {
        name: _property(value) for name, value in (shape.pop("properties", None) or {}).items()
    }
    required = [name for name in shape.pop("required", None) or () if name in properties]
    return {
        **shape,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _property(schema: Mapping[str, Any]) -> dict[str, Any]:
    kind = schema.get("type", "object" if "properties" in schema else "string")
    if kind == "object":
        return normalise(schema)
    shape = {key: value for key, value in schema.items() if value is not None}
    shape["type"] = kind
    if kind == "array":
        shape["items"] = _property(shape.get("items") or {})
    return shape


def tidy(arguments: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments without empty optional ones, figures and truth written out as meant.

    Models send ``null`` or ``""`` for what they leave out, and ``"3"`` for ``3``.
    """
    required = schema["required"]
    found = {}
    for name, value in arguments.items():
        if value in (None, "") and name not in required:
            continue
        found[name] = _meant(value, schema["properties"].get(name, {}).get("type"))
    return found


def _meant(value: Any, kind: Any) -> Any:
    if kind == "string" and isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if kind == "integer" and isinstance(value, str) and value.strip().lstrip("-").isdecimal():
        return int(value)
    if kind == "boolean" and isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    return value


def problems(value: Any, schema: Mapping[str, Any], *, where: str = "") -> Iterator[str]:
    """Say what is wrong with ``value``, in words a model can act on."""
    kind = schema.get("type")
    name = where or "the arguments"
    if isinstance(kind, str) and not _is_a(value, kind):
        yield f"{name} must be of type {kind}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{name} must be one of {', '.join(map(str, schema['enum']))}"
    if isinstance(value, str) and len(value) > schema.get("maxLength", _LONGEST_TEXT):
        yield f"{name} is too long"
    if isinstance(value, dict) and kind == "object":
        properties = schema["properties"]
        yield from (f"{key!r} is missing" for key in schema["required"] if key not in value)
        for key, item in value.items():
            if key in properties:
                yield from problems(item, properties[key], where=repr(key))
            else:
                known = ", ".join(properties) or "none"
                yield f"{key[:40]!r} is not an argument (known: {known})"
    if isinstance(value, list) and "items" in schema:
        for item in value:
            yield from problems(item, schema["items"], where=f"an item of {name}")


def _is_a(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _TYPES.get(kind, (object,)))
