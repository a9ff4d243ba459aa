"""Advice about files that hold: what works, but hardly as its author meant it (S3-110..112)."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from chatcrew.tenancy._domains.rules import DomainFile
from chatcrew.tenancy._domains.tenant import TenantFiles
from chatcrew.tenancy._faults.fault import Fault, YamlPath, choices
from chatcrew.tenancy._linting.crews import crew_warnings
from chatcrew.tenancy._linting.experiment import experiment_warnings
from chatcrew.tenancy._linting.intents import button_warnings, intent_warnings
from chatcrew.tenancy._linting.leftovers import leftover_warnings
from chatcrew.tenancy._linting.limits import exchange_warnings, limit_warnings
from chatcrew.tenancy._linting.people import people_warnings
from chatcrew.tenancy._linting.texts import example_warnings, knowledge_warnings, text_warnings
from chatcrew.tenancy._loader import BASE, Loader
from chatcrew.tenancy._shapes.slots import opening_times
from chatcrew.tenancy.model import Configuration, Intent, Tenant

PRICE_OLD = 365
"""Days after which somebody should look at a model's price again."""

Hits = Callable[[str, Sequence[Intent]], str | None]
"""Returns the name of the intent that a text is, None where it is none."""
Found = Callable[[Tenant, str], Collection[str]]
"""Returns the sources (``file:line``) that a search of a tenant's knowledge finds."""
Certain = Callable[[Tenant, str], bool]
"""Says whether a tenant's knowledge answers a text for certain."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What is needed to give advice; the higher floors bring it along.

    Attributes:
        today: rules that ended before are told.
        hits: how texts become intents.
        builtin: intents every tenant has besides its own.
        found: how knowledge is searched.
        certain: what knowledge answers without a model.
        asks: a model is configured.
        reasons: why conversations go to people, beside intents and topics.
    """

    today: date
    hits: Hits
    builtin: Sequence[Intent]
    found: Found
    certain: Certain
    asks: bool = False
    reasons: Collection[str] = ()


def warnings(loader: Loader, configuration: Configuration, advice: Advice) -> Iterator[Fault]:
    """Yield everything worth a second look in files without faults."""
    yield from loader.sources.advice
    yield from crew_warnings(loader, configuration)
    yield from _model_warnings(loader, advice.today)
    roles = {name for one in loader.layers() for name in one.values.get("agents", ())}
    routed = {route.tenant for route in configuration.routes.values()}
    if configuration.fallback is not None:
        routed.add(configuration.fallback.tenant)
    for key, tenant in configuration.tenants.items():
        domain, name = key.split("/")
        own, base = loader.domains[domain, name], loader.domains.get((domain, BASE))
        files = TenantFiles(own, base)
        if key not in routed:
            yield own.document.fault("tenant_unrouted", (), word=key)
        yield from intent_warnings(files, tenant, hits=advice.hits, builtin=advice.builtin)
        yield from button_warnings(
            files, tenant, hits=advice.hits, builtin=advice.builtin, certain=advice.certain
        )
        yield from leftover_warnings(key, files.files)
        yield from knowledge_warnings(files, tenant, hits=advice.hits, found=advice.found)
        yield from example_warnings(files, tenant)
        yield from text_warnings(files, configuration, key)
        yield from people_warnings(
            files,
            tenant,
            builtin=advice.builtin,
            configuration=configuration,
            reasons=advice.reasons,
        )
        yield from limit_warnings(
            files, tenant, roles=roles, configuration=configuration, asks=advice.asks
        )
        yield from experiment_warnings(files, tenant, today=advice.today)
        for file in files.files:
            yield from _business_warnings(file, advice.today)


def _business_warnings(file: DomainFile, today: date) -> Iterator[Fault]:
    """Say which rules are over, and which times of one person overlap."""
    for place, rule in enumerate(file.shape.rules or ()):
        if rule.until is not None and date.fromisoformat(rule.until) < today:
            yield file.document.fault("rule_over", ("rules", place, "until"), word=rule.until)
    for place, person in enumerate(file.shape.professionals or ()):
        taken: list[tuple[str, str, str]] = []
        for number, text in enumerate(person.slots):
            slots = [_parts(slot) for slot in opening_times(text) or ()]
            if any(_overlap(one, other) for one in slots for other in taken):
                path: YamlPath = ("professionals", place, "slots", number)
                yield file.document.fault("slots_overlap", path, word=text)
            taken.extend(slots)


def _parts(slot: str) -> tuple[str, str, str]:
    day, _, times = slot.partition(" ")
    opens, _, closes = times.partition("-")
    return day, opens, closes


def _overlap(one: tuple[str, str, str], other: tuple[str, str, str]) -> bool:
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]


def _model_warnings(loader: Loader, today: date) -> Iterator[Fault]:
    """Hold every model that a file names against the catalogue, where there is one."""
    if loader.models is None:
        return
    found, document = loader.models
    yield from exchange_warnings(found.catalogue, document, today)
    dated = {
        name: (today - model.price.as_of).days
        for name, model in found.catalogue.models.items()
        if model.price is not None
    }
    old = sorted((name for name, age in dated.items() if age > PRICE_OLD), key=lambda n: -dated[n])
    if old:
        # one visit to the provider's page mends them all
        path: YamlPath = ("models", old[0], "price", "as_of")
        word = ", ".join(old)
        yield document.fault("price_old", path, hint="new_day", number=dated[old[0]], word=word)
    known = found.catalogue.models
    for one in loader.layers():
        named: list[tuple[YamlPath, str]] = [
            ((key,), one.values[key])
            for key in ("model", "fast_model", "manager_llm")
            if key in one.values
        ]
        for role, part in one.values.get("agents", {}).items():
            named += [(("agents", role, k), part[k]) for k in ("model", "llm") if k in part]
        for at, word in named:
            if word not in known:
                hint, values = choices(word, known)
                where = one.place(at) or one.prefix
                yield one.document.fault("model_unlisted", where, hint=hint, word=word, **values)
