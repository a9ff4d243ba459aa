"""Where each value of an inbox's crew and tenant comes from: file and line, and what it hides.

Worked out on demand by loading once more; a running server keeps no places of values.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from chatcrew.tenancy._crews.layers import Layer
from chatcrew.tenancy._crews.resolve import WIDE
from chatcrew.tenancy._faults.fault import YamlPath, dotted
from chatcrew.tenancy._loader import BASE, Loader
from chatcrew.tenancy._reading.document import Document
from chatcrew.tenancy._reading.files import gather
from chatcrew.tenancy._reading.memory import Memory
from chatcrew.tenancy._tracing.entries import ENTRIES, entry_origins
from chatcrew.tenancy._tracing.trail import Given, Origin, Trail, given
from chatcrew.tenancy.model import Configuration, Crew, RoleSpec, Route
from chatcrew.tenancy.vocabulary import SURE

__all__ = ["Given", "Origin", "origins"]

_APART = ("crew", *ENTRIES)
_NOT_RESOLVED = ("agents", "tasks", "extends", "capabilities", "channels", "functions", "summary")
_CREW = ("process", "engine", "promise", "hedge", "deadline", "history", "parallel")
_SILENT: Mapping[YamlPath, object] = {("language",): "pt-BR", ("intent_confidence",): SURE}
_ROLE = {"temperature": "temperature", "max_tokens": "max_tokens", "max_iter": "max_rounds"}


def origins(
    mapping: Path,
    config_dir: Path,
    crews_dir: Path,
    *,
    tools: Collection[str],
    account: str,
    inbox: int,
    function: str | None = None,
    memory: Memory | None = None,
) -> tuple[Origin, ...]:
    """Return the origin of every value that counts in an inbox; none where the files have faults.

    Args:
        mapping: ``chatwoot_mapping.yaml``.
        config_dir: folder that holds ``domains/``.
        crews_dir: folder of crews and functions.
        tools: names of the tools that roles may use.
        account: label of the account.
        inbox: Chatwoot's inbox id.
        function: another function than the tenant's default.
        memory: what was made of the same files before.
    """
    loader = Loader(gather(mapping, config_dir, crews_dir), tools, memory or Memory())
    found = loader.configuration(mapping, config_dir=config_dir, crews_dir=crews_dir)
    route = found.route(account, inbox) if found is not None else None
    if found is None or route is None:
        return ()
    crew = found.crew(route, function)
    return (
        *_of_mapping(loader, account, inbox),
        *_of_tenant(loader, found, route.tenant),
        *_of_crew(loader, route, crew),
    )


def _of_mapping(loader: Loader, account: str, inbox: int) -> Iterator[Origin]:
    if loader.mapping is None:
        return
    document = loader.mapping[1]
    trail = Trail()
    at: YamlPath = ("accounts", account)
    places: list[tuple[YamlPath, tuple[str, ...]]] = [
        (("default",), ("tenant", "channel")),
        (at, ("base_url", "account_id", "tenant")),
        ((*at, "inboxes", str(inbox)), ("channel", "crew", "tenant")),
    ]
    for path, keys in places:
        for key in keys:
            if (*path, key) in document.marks:
                trail.add(
                    (key,), given(_value(document, (*path, key)), "mapping", document, path, key)
                )
    yield from trail.origins()


def _of_tenant(loader: Loader, found: Configuration, key: str) -> Iterator[Origin]:
    domain, name = key.split("/")
    named = (("domain", (domain, BASE)), ("tenant", (domain, name)))
    files = [(layer, loader.domains[place]) for layer, place in named if place in loader.domains]
    trail = Trail()
    for layer, file in files:
        said = file.shape.model_dump(exclude_none=True, exclude=set(_APART))
        for path, value in _leaves(said):
            trail.add(path, given(value, layer, file.document, path))
    for path, value in _SILENT.items():
        if path not in trail.said:
            trail.add(path, Given(value, "default"))
    yield from trail.origins()
    yield from entry_origins(files, found.tenants[key])


def _of_crew(loader: Loader, route: Route, crew: Crew) -> Iterator[Origin]:
    files = loader.book.crews[route.crew]
    layers = [("function", loader.book.functions[crew.function])]
    layers += [("crew", one) for part in files.chain for one in part.layers(crew.function)]
    domain = route.tenant.split("/")[0]
    for above in loader.above(route.tenant):
        base = loader.domains.get((domain, BASE))
        layers.append(("domain" if base and above.stamp == base.stamp else "tenant", above.layer))
    trail = Trail()
    for name, one in layers:
        plain = {k: v for k, v in one.values.items() if k not in (*_NOT_RESOLVED, *WIDE)}
        for path, value in _leaves(plain):
            trail.add(path, _from(one, path, value, name))
    for part in files.chain:
        shape, document = part.crew
        for place, what in _shown(shape, route.channel):
            for path, value in _leaves(what):
                trail.add(("capabilities", *path), given(value, "crew", document, (*place, *path)))
    for path, value in _defaults(crew):
        if path not in trail.said:
            trail.add(path, Given(value, "default"))
    yield from trail.origins()
    yield from _of_roles(layers, crew.everybody())
    tasks = Trail()
    for name, one in layers:
        for task in crew.tasks:
            for path, value in _leaves(one.values.get("tasks", {}).get(task.name, {})):
                there = ("tasks", task.name, *path)
                tasks.add(there, _from(one, there, value, name))
    yield from tasks.origins()


def _defaults(crew: Crew) -> Iterator[tuple[YamlPath, object]]:
    """Yield what a crew has where no file says anything."""
    for key in _CREW:
        yield (key,), getattr(crew, key)
    for key, value in asdict(crew.delivery.on(crew.channel)).items():
        yield ("delivery", key), value


def _of_roles(layers: Sequence[tuple[str, Layer]], roles: Sequence[RoleSpec]) -> Iterator[Origin]:
    """Follow each role through the layers, as ``_crews`` merges them."""
    wide: dict[str, list[Given]] = {}
    said: dict[str, dict[str, list[Given]]] = {}
    for name, one in layers:
        for key in WIDE:
            if key in one.values:
                given = _from(one, (key,), one.values[key], name)
                for known in (wide, *said.values()):
                    known.setdefault(key, []).append(given)
        for role, part in one.values.get("agents", {}).items():
            mine = said.setdefault(role, {key: list(given) for key, given in wide.items()})
            for key, value in part.items():
                given = _from(one, ("agents", role, key), value, name)
                mine.setdefault("model" if key == "llm" else key, []).append(given)
    for role_spec in roles:
        # What stands behind manager_llm is in no file but for what holds for every role.
        mine = said.get(role_spec.name) or {key: list(given) for key, given in wide.items()}
        for key, attribute in _ROLE.items():
            mine.setdefault(key, [Given(getattr(role_spec, attribute), "default")])
        for key, givens in mine.items():
            path = dotted(("agents", role_spec.name, key))
            yield Origin(path, givens[-1], tuple(reversed(givens[:-1])))


def _shown(shape: Any, channel: str) -> Iterator[tuple[YamlPath, Mapping[str, Any]]]:
    """Yield what a ``crew.yaml`` says about a channel's capabilities, with its place."""
    parts: list[tuple[YamlPath, Any]] = [
        (("capabilities",), shape.capabilities),
        (("channels", channel), (shape.channels or {}).get(channel)),
    ]
    for place, part in parts:
        if part is not None:
            yield place, part.model_dump(exclude_none=True)


def _leaves(values: Mapping[str, Any], at: YamlPath = ()) -> Iterator[tuple[YamlPath, Any]]:
    """Yield what is no map, with its path; a list is one value, as in a merge."""
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*at, key))
        else:
            yield (*at, key), value


def _value(document: Document, path: YamlPath) -> object:
    here: Any = document.data
    for part in path:
        here = here[part]
    return here


def _from(one: Layer, path: YamlPath, value: object, name: str) -> Given:
    return given(value, name, one.document, one.place(path) or one.prefix)
