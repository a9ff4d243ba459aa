"""The OpenAPI 3.1 document, made of the very shapes that validate (S1-55)."""

import re
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from chatcrew.web.api._operations import PATTERNS, Operation
from chatcrew.web.api._shapes import Error

_REF = "#/components/schemas/{model}"
_PART = re.compile(r"{(\w+)}")
_WHY = {
    400: "What was sent is no HTTP or no JSON.",
    401: "No token, or one that has ended.",
    403: "The token's role may not do this.",
    404: "There is no such thing, or the token may not see it.",
    409: "It cannot be done as things are.",
    413: "The body is too long.",
    415: "The body is not JSON.",
    422: "A parameter or the body is not as described.",
    429: "Too many requests with this token, or too much waits; see Retry-After.",
    503: "The database is away.",
    504: "No worker took the message in time.",
}


def document(operations: Sequence[Operation], *, version: str) -> dict[str, Any]:
    """Return the document.

    Args:
        operations: all of them.
        version: of the program.
    """
    inputs: list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = []
    for one in operations:
        if one.body is not None:
            inputs.append((f"{one.name}Body", "validation", TypeAdapter(one.body)))
        if one.answer is not None:
            inputs.append((f"{one.name}Answer", "serialization", TypeAdapter(one.answer)))
    inputs.append(("error", "serialization", TypeAdapter(Error)))
    made, shared = TypeAdapter.json_schemas(inputs, ref_template=_REF)
    schemas = {name: schema for (name, _), schema in made.items()}
    paths: dict[str, dict[str, Any]] = {}
    for one in operations:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "chatcrew",
            "version": version,
            "description": "Try a bot, read its figures, export and erase what it holds of people.",
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": shared.get("$defs", {}),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(one: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "parameters": [*_parts(one.path), *_query(one.query)],
        "responses": _responses(one, schemas),
    }
    if one.role is None:
        found["security"] = []
    if one.body is not None:
        found["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schemas[f"{one.name}Body"]}},
        }
    return found


def _responses(one: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    answer = schemas.get(f"{one.name}Answer")
    good = {media: {"schema": answer} if answer else {} for media in one.media}
    statuses = {400, 422, 503, *one.faults}
    if one.role is not None:
        statuses |= {401, 403, 429}
    if _PART.search(one.path):
        statuses.add(404)
    if one.body is not None:
        statuses |= {413, 415}
    error = {"content": {"application/json": {"schema": schemas["error"]}}}
    return {
        str(one.status): {"description": one.summary, "content": good},
        **{str(status): {"description": _WHY[status], **error} for status in sorted(statuses)},
    }


def _parts(path: str) -> list[dict[str, Any]]:
    """Return the parameters of an address."""
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "pattern": f"^{PATTERNS[name]}$"},
        }
        for name in _PART.findall(path)
    ]


def _query(shape: type[BaseModel]) -> list[dict[str, Any]]:
    """Return the parameters after the question mark."""
    schema = shape.model_json_schema(ref_template=_REF)
    needed = schema.get("required", [])
    return [
        {
            "name": name,
            "in": "query",
            "required": name in needed,
            "schema": _without_null(of),
            **({"description": of["description"]} if "description" in of else {}),
        }
        for name, of in schema.get("properties", {}).items()
    ]


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a parameter's schema: one that is left out is none, and never null."""
    said = {key: value for key, value in schema.items() if key not in ("description", "title")}
    choices = [one for one in said.get("anyOf", ()) if one.get("type") != "null"]
    if len(choices) == 1:
        rest = {key: value for key, value in said.items() if key not in ("anyOf", "default")}
        return {**rest, **choices[0]}
    return said
