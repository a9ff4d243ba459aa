"""Where each value of an inbox's crew and tenant comes from: file and line, and what it hides.

Worked out on demand by loading once more; a running server keeps no places of values.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from chatcrew.tenancy._crews.layers import Layer
from chatcrew.tenancy._crews.process import MANAGER
from chatcrew.tenancy._crews.resolve import WIDE
from chatcrew.tenancy._faults.fault import YamlPath, dotted
from chatcrew.tenancy._loader import BASE, Loader
from chatcrew.tenancy._reading.files import gather
from chatcrew.tenancy._reading.memory import Memory
from chatcrew.tenancy._tracing.entries import ENTRIES, entry_origins
from chatcrew.tenancy._tracing.mapping import mapping_origins
from chatcrew.tenancy._tracing.trail import Given, Origin, Trail, given
from chatcrew.tenancy.model import Configuration, Crew, Retention, RoleSpec, Route
from chatcrew.tenancy.vocabulary import HIDDEN, LANGUAGES, SURE

__all__ = ["Ambient", "Given", "Origin", "origins"]

_APART = ("crew", *ENTRIES)
_NOT_RESOLVED = ("agents", "tasks", "extends", "capabilities", "channels", "functions", "summary")
_CREW = (
    "process",
    "engine",
    "promise",
    "hedge",
    "deadline",
    "history",
    "history_tokens",
    "parallel",
)
_SILENT: Mapping[YamlPath, object] = {
    ("language",): "pt-BR",
    ("languages",): list(LANGUAGES),
    ("privacy", "mask"): list(HIDDEN),
    **{("privacy", "retention", kind): days for kind, days in Retention().days.items()},
    ("intent_confidence",): SURE,
}
_ROLE = {"temperature": "temperature", "max_tokens": "max_tokens", "max_iter": "max_rounds"}


@dataclass(frozen=True, slots=True)
class Ambient:
    """Models that hold where no file names one.

    Attributes:
        model: of roles; the environment's or the program's own.
        fast_model: the environment's, or None.
    """

    model: Given
    fast_model: Given | None = None


def origins(  # noqa: PLR0913 - files and a question, each by its name
    mapping: Path,
    config_dir: Path,
    crews_dir: Path,
    *,
    tools: Collection[str],
    account: str,
    inbox: int,
    function: str | None = None,
    memory: Memory | None = None,
    ambient: Ambient | None = None,
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
        ambient: what the settings say; None: what only they name is left out.
    """
    loader = Loader(gather(mapping, config_dir, crews_dir), tools, memory or Memory())
    found = loader.configuration(mapping, config_dir=config_dir, crews_dir=crews_dir)
    route = found.route(account, inbox) if found is not None else None
    if found is None or route is None:
        return ()
    crew = found.crew(route, function)
    return (
        *_of_mapping(loader, found, account, inbox),
        *_of_tenant(loader, found, route.tenant),
        *_of_crew(loader, route, crew, ambient),
    )


def _of_mapping(loader: Loader, found: Configuration, account: str, inbox: int) -> Iterator[Origin]:
    if loader.mapping is None:
        return
    bots = [bot for bot in found.bots.values() if bot.account == account]
    yield from mapping_origins(loader.mapping[1], account=account, inbox=inbox, bots=bots)


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


def _of_crew(loader: Loader, route: Route, crew: Crew, ambient: Ambient | None) -> Iterator[Origin]:
    files = loader.book.crews[route.crew]
    layers = [("function", loader.book.functions[crew.function])]
    layers += [("crew", one) for part in files.chain for one in part.layers(crew.function)]
    layers += _above(loader, route)
    trail = Trail()
    for known in _fast_models(loader, ambient):
        trail.add(("fast_model",), known)
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
    yield from _of_roles(layers, crew.everybody(), ambient)
    yield from _of_tasks(layers, crew)


def _above(loader: Loader, route: Route) -> Iterator[tuple[str, Layer]]:
    """Yield what the route's business lays over crews, its domain's part first."""
    base = loader.domains.get((route.tenant.split("/")[0], BASE))
    for above in loader.above(route.tenant):
        yield "domain" if base and above.stamp == base.stamp else "tenant", above.layer


def _of_tasks(layers: Sequence[tuple[str, Layer]], crew: Crew) -> Iterator[Origin]:
    tasks = Trail()
    for name, one in layers:
        for task in crew.tasks:
            for path, value in _leaves(one.values.get("tasks", {}).get(task.name, {})):
                there = ("tasks", task.name, *path)
                tasks.add(there, _from(one, there, value, name))
    yield from tasks.origins()


def _fast_models(loader: Loader, ambient: Ambient | None) -> Iterator[Given]:
    """Yield who names the model that is asked too, the last resort first (``fast_model_name``)."""
    models = loader.models
    if models is not None and models[0].catalogue.fast:
        yield given(models[0].catalogue.fast, "models", models[1], ("fast",))
    elif ambient is not None and ambient.fast_model is None:
        yield ambient.model
    if ambient is not None and ambient.fast_model is not None:
        yield ambient.fast_model


def _defaults(crew: Crew) -> Iterator[tuple[YamlPath, object]]:
    """Yield what a crew has where no file says anything."""
    for key in _CREW:
        yield (key,), getattr(crew, key)
    for key, value in asdict(crew.delivery.on(crew.channel)).items():
        yield ("delivery", key), value
    for key, value in asdict(crew.timing).items():
        yield ("timing", key), value
    for key, value in asdict(crew.capabilities).items():
        yield ("capabilities", key), value


def _of_roles(
    layers: Sequence[tuple[str, Layer]], roles: Sequence[RoleSpec], ambient: Ambient | None
) -> Iterator[Origin]:
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
        mine.update(_other_model(layers, role_spec, ambient, said=mine))
        for key, givens in mine.items():
            path = dotted(("agents", role_spec.name, key))
            yield Origin(path, givens[-1], tuple(reversed(givens[:-1])))


def _other_model(
    layers: Sequence[tuple[str, Layer]],
    role: RoleSpec,
    ambient: Ambient | None,
    *,
    said: Collection[str],
) -> dict[str, list[Given]]:
    """Return who names a role's model where that is not the role's own key."""
    key = "manager_llm"
    led = [_from(one, (key,), one.values[key], name) for name, one in layers if key in one.values]
    if role.name == MANAGER and led:
        return {"model": led}
    return {} if ambient is None or "model" in said else {"model": [ambient.model]}


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


def _from(one: Layer, path: YamlPath, value: object, name: str) -> Given:
    return given(value, name, one.document, one.place(path) or one.prefix)
