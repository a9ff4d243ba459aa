"""From ``tools:`` and ``databases:`` of a domain's files to their values, with all rules."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from chatcrew.tenancy._domains.rules import DomainFile
from chatcrew.tenancy._domains.tool_rules import WOO_NAMES, shape_faults
from chatcrew.tenancy._faults.fault import Fault, YamlPath, choices
from chatcrew.tenancy._shapes.tools import AuthShape, ToolShape
from chatcrew.tenancy._values.secret import Secret
from chatcrew.tenancy._values.tools import NamedDatabase, ToolAuth, ToolEntry

_JSON = ("type", "description", "enum")


def entries(files: Sequence[DomainFile]) -> Iterator[tuple[DomainFile, YamlPath, ToolShape]]:
    """Yield the tenant's tools, then those of the domain with another name."""
    seen: set[str] = set()
    for file in files:
        here = [tool_name(one) for one in file.shape.tools or ()]
        for place, one in enumerate(file.shape.tools or ()):
            if here[place] not in seen:
                yield file, ("tools", place), one
        seen.update(here)


def tool_name(shape: ToolShape) -> str:
    """Return what an entry is told apart by: its name, or the set it is."""
    return shape.name or shape.use


def offered(files: Sequence[DomainFile]) -> frozenset[str]:
    """Return every name that roles of a tenant may call beside what comes with chatcrew."""
    return frozenset(name for _, _, one in entries(files) for name in names_of(one))


def names_of(shape: ToolShape) -> tuple[str, ...]:
    """Return the names under which roles see an entry."""
    if shape.use == "woocommerce":
        return WOO_NAMES
    return (shape.name,) if shape.name else ()


def tool_faults(files: Sequence[DomainFile], *, taken: Collection[str]) -> Iterator[Fault]:
    """Say what is wrong with the tools of a tenant.

    Args:
        files: the tenant's own, then its domain's.
        taken: names of tools that come with chatcrew.
    """
    databases = databases_of(files)
    seen: set[str] = set()
    for file in files:
        own: set[str] = set()
        for place, one in enumerate(file.shape.tools or ()):
            path: YamlPath = ("tools", place)
            for name in names_of(one):
                if name in own:
                    yield file.document.fault("tool_twice", path, word=name)
                elif name in taken:
                    yield file.document.fault("tool_is_taken", path, word=name)
                own.add(name)
            yield from shape_faults(one, file.document, path)
            if one.database is not None and one.database not in databases:
                hint, values = choices(one.database, databases)
                where = (*path, "database")
                yield file.document.fault(
                    "unknown_database", where, hint=hint, word=one.database, **values
                )
            seen |= own


def tools_of(files: Sequence[DomainFile]) -> Iterator[ToolEntry]:
    """Yield the tools of a tenant; only where ``tool_faults`` found nothing."""
    for file, path, one in entries(files):
        yield _entry(one, file, path)


def databases_of(files: Sequence[DomainFile]) -> dict[str, NamedDatabase]:
    """Return the databases of a tenant by name; its own word counts before its domain's."""
    found: dict[str, NamedDatabase] = {}
    for file in reversed(files):
        for name, one in (file.shape.databases or {}).items():
            found[name] = NamedDatabase(_secret(one.dsn, file), one.own)
    return found


def references(file: DomainFile) -> Iterator[tuple[Secret, YamlPath]]:
    """Yield every secret that a file's tools refer to, with its place."""
    for name, one in (file.shape.databases or {}).items():
        yield _secret(one.dsn, file), ("databases", name, "dsn")
    for place, tool in enumerate(file.shape.tools or ()):
        said: dict[YamlPath, str | None] = {
            ("consumer_key",): tool.consumer_key,
            ("consumer_secret",): tool.consumer_secret,
        }
        if tool.auth is not None:
            for key in ("bearer", "user", "password", "value"):
                said["auth", key] = getattr(tool.auth, key)
        for path, reference in said.items():
            if reference is not None:
                yield _secret(reference, file), ("tools", place, *path)


def _entry(shape: ToolShape, file: DomainFile, path: YamlPath) -> ToolEntry:
    writes = shape.use == "n8n" or (shape.use == "http" and (shape.method or "GET") != "GET")
    return ToolEntry(
        name=tool_name(shape),
        use=shape.use,
        names=names_of(shape),
        description=shape.description or "",
        parameters=schema(shape),
        method=shape.method or ("POST" if shape.use == "n8n" else "GET"),
        url=(shape.url or "").rstrip("/") if shape.use == "woocommerce" else shape.url or "",
        headers=dict(shape.headers or {}),
        query=dict(shape.query or {}),
        body=shape.body,
        auth=_auth(shape, file),
        database=shape.database or "",
        sql=shape.sql or "",
        columns=tuple(shape.columns or ()),
        rows=shape.rows or 20,
        roles=tuple(shape.roles or ()),
        timeout=shape.timeout or 5.0,
        cache=shape.cache or 0,
        acts=writes if shape.once is None else shape.once,
        approval=shape.approval,
        approval_minutes=shape.approval_minutes or 30,
        private=None if shape.private is None else tuple(shape.private),
        trusted=shape.trusted,
        limit=shape.limit or 6,
        pick=tuple(shape.pick or ()),
        result=shape.result or "",
        max_chars=shape.max_chars or 4000,
        place=(file.place, file.document.line(path)),
    )


def schema(shape: ToolShape) -> dict[str, Any]:
    """Return the JSON schema of a tool's arguments."""
    properties: dict[str, Any] = {}
    for name, one in (shape.parameters or {}).items():
        said: Mapping[str, Any] = one.model_dump(exclude_none=True)
        properties[name] = {key: said[key] for key in _JSON if key in said}
        if one.max_length is not None:
            properties[name]["maxLength"] = one.max_length
    required = [name for name, one in (shape.parameters or {}).items() if one.required]
    return {"type": "object", "properties": properties, "required": required}


def _auth(shape: ToolShape, file: DomainFile) -> ToolAuth | None:
    if shape.consumer_key is not None and shape.consumer_secret is not None:
        user, secret = _secret(shape.consumer_key, file), _secret(shape.consumer_secret, file)
        return ToolAuth("basic", secret, user=user)
    one = shape.auth or AuthShape()
    if one.bearer is not None:
        return ToolAuth("bearer", _secret(one.bearer, file))
    if one.user is not None and one.password is not None:
        return ToolAuth("basic", _secret(one.password, file), user=_secret(one.user, file))
    if one.header is not None and one.value is not None:
        return ToolAuth("header", _secret(one.value, file), header=one.header)
    return None


def _secret(reference: str, file: DomainFile) -> Secret:
    """Return a reference; a relative file is looked for beside the YAML that names it."""
    kind, _, name = reference.partition(":")
    folder = Path(file.document.file).absolute().parent
    return Secret(f"file:{folder / name}" if kind == "file" else reference)
