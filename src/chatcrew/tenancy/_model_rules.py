"""From the shape of ``models.yaml`` to the catalogue, with the rules that span its entries."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from chatcrew.tenancy._faults.fault import Fault, YamlPath, choices
from chatcrew.tenancy._reading.document import Document, parse
from chatcrew.tenancy._reading.files import Source
from chatcrew.tenancy._reading.urls import url_problems
from chatcrew.tenancy._reading.validate import as_map, validated
from chatcrew.tenancy._shapes.models import ExchangeShape, ModelShape, ModelsShape, PriceShape
from chatcrew.tenancy._shapes.shape import MODEL
from chatcrew.tenancy._values.models import (
    DEFAULT_PROVIDER,
    Exchange,
    ModelCatalogue,
    ModelSpec,
    Price,
    Provider,
)
from chatcrew.tenancy._values.secret import Secret


@dataclass(slots=True)
class Catalogued:
    """What ``models.yaml`` says.

    Attributes:
        catalogue: its values.
        references: every secret with its place in the file.
    """

    catalogue: ModelCatalogue = field(default_factory=ModelCatalogue)
    references: list[tuple[Secret, YamlPath]] = field(default_factory=list)


def read_models(source: Source) -> tuple[tuple[ModelsShape, Document] | None, list[Fault]]:
    """Return the file as its shape, None where that is broken, and all that is wrong with it.

    What is wrong with its names is said in the same breath as what is wrong with its shape: an
    admin mends a file once.
    """
    document, faults = parse(source.raw, source.file)
    if document is None:
        return None, faults
    shape, more = validated(ModelsShape, document)
    rules = _Rules(document)
    rules.look()
    return (None if shape is None else (shape, document)), [*faults, *more, *rules.faults]


def catalogued(shape: ModelsShape, *, folder: Path) -> Catalogued:
    """Return the catalogue with its secrets.

    Args:
        shape: the validated file.
        folder: what a relative ``file:`` reference starts from.
    """
    found = Catalogued()
    providers = {}
    for label, one in shape.providers.items():
        key = None if one.api_key is None else _secret(one.api_key, folder)
        if key is not None:
            found.references.append((key, ("providers", label, "api_key")))
        providers[label] = Provider(name=label, base_url=one.base_url.rstrip("/"), api_key=key)
    found.catalogue = ModelCatalogue(
        providers=providers,
        models={name: _spec(name, model) for name, model in shape.models.items()},
        fast=shape.fast or "",
        exchange=None if shape.exchange is None else _exchange(shape.exchange),
    )
    return found


class _Rules:
    """What no shape says: names that lead to each other, and addresses.

    It looks at what the file holds, not at a shape: one wrong price must not hide a wrong name.
    What has the wrong type is left to the shape.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self.faults: list[Fault] = []

    def look(self) -> None:
        """Note every fault."""
        data = as_map(self._document.data)
        providers, models = as_map(data.get("providers")), as_map(data.get("models"))
        for label, provider in providers.items():
            self._address(as_map(provider).get("base_url"), ("providers", label, "base_url"))
        if DEFAULT_PROVIDER in providers:
            self._fault("default_provider", ("providers", DEFAULT_PROVIDER), hint="name_it_else")
        known = {DEFAULT_PROVIDER, *providers}
        for name, model in models.items():
            here: YamlPath = ("models", name)
            self._known(
                "unknown_provider", as_map(model).get("provider"), known, (*here, "provider")
            )
            others = as_map(model).get("fallback")
            for place, other in enumerate(others if isinstance(others, list) else ()):
                where = (*here, "fallback", place)
                if other == name:
                    self._fault("own_fallback", where, word=name)
                else:
                    self._known("unknown_model", other, models, where)
        self._known("unknown_model", data.get("fast"), models, ("fast",))

    def _fault(
        self, code: str, path: YamlPath, *, hint: str | None = None, **values: object
    ) -> None:
        self.faults.append(self._document.fault(code, path, hint=hint, **values))

    def _known(self, code: str, word: object, among: Collection[str], path: YamlPath) -> None:
        """Note ``word`` as a fault where it is not ``among`` the known ones."""
        if not isinstance(word, str) or not re.match(MODEL, word):
            return
        if word not in among:
            hint, values = choices(word, among)
            self._fault(code, path, hint=hint, word=word, **values)

    def _address(self, text: object, path: YamlPath) -> None:
        problem = next(url_problems(text.strip()), None) if isinstance(text, str) else None
        if problem is not None:
            self._fault(problem, path)


def _secret(reference: str, folder: Path) -> Secret:
    kind, _, name = reference.partition(":")
    return Secret(f"file:{folder / name}" if kind == "file" else reference)


def _spec(name: str, model: ModelShape) -> ModelSpec:
    return ModelSpec(
        name=name,
        provider=model.provider,
        id=model.id or name,
        price=None if model.price is None else _price(model.price),
        context=model.limits.context,
        output=model.limits.output,
        concurrency=model.limits.concurrency,
        fallback=tuple(model.fallback),
    )


def _exchange(said: ExchangeShape) -> Exchange:
    return Exchange(date.fromisoformat(said.as_of), said.brl, said.source or "")


def _price(price: PriceShape) -> Price:
    return Price(
        as_of=date.fromisoformat(price.as_of),
        input=price.input,
        output=price.output,
        cached_input=price.cached_input,
        source=price.source or "",
        minute=price.minute,
    )
