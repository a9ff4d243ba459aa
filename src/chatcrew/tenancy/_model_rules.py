"""From the shape of ``models.yaml`` to the catalogue, with the rules that span its entries."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from chatcrew.tenancy._faults import Fault, YamlPath, choices
from chatcrew.tenancy._models import DEFAULT_PROVIDER, ModelCatalogue, ModelSpec, Price, Provider
from chatcrew.tenancy._secret import Secret
from chatcrew.tenancy._shapes_models import ModelShape, ModelsShape, PriceShape
from chatcrew.tenancy._urls import url_problems
from chatcrew.tenancy._yaml import Document


@dataclass(slots=True)
class Catalogued:
    """What ``models.yaml`` says.

    Attributes:
        catalogue: its values.
        references: every secret with its place in the file.
        faults: what is wrong with it.
    """

    catalogue: ModelCatalogue = field(default_factory=ModelCatalogue)
    references: list[tuple[Secret, YamlPath]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def catalogued(shape: ModelsShape, document: Document, *, folder: Path) -> Catalogued:
    """Return the catalogue with its secrets and faults.

    Args:
        shape: the validated file.
        document: where its lines are.
        folder: what a relative ``file:`` reference starts from.
    """
    found = Catalogued()
    rules = _Rules(document, found)
    providers = {
        label: Provider(
            name=label,
            base_url=rules.address(provider.base_url, ("providers", label, "base_url")),
            api_key=rules.secret(provider.api_key, ("providers", label, "api_key"), folder),
        )
        for label, provider in shape.providers.items()
    }
    if DEFAULT_PROVIDER in providers:
        rules.fault("default_provider", ("providers", DEFAULT_PROVIDER), hint="name_it_else")
    known = {DEFAULT_PROVIDER, *providers}
    for name, model in shape.models.items():
        here: YamlPath = ("models", name)
        rules.known("unknown_provider", model.provider, known, (*here, "provider"))
        for place, other in enumerate(model.fallback):
            where = (*here, "fallback", place)
            if other == name:
                rules.fault("own_fallback", where, word=name)
            else:
                rules.known("unknown_model", other, shape.models, where)
    if shape.fast is not None:
        rules.known("unknown_model", shape.fast, shape.models, ("fast",))
    found.catalogue = ModelCatalogue(
        providers=providers,
        models={name: _spec(name, model) for name, model in shape.models.items()},
        fast=shape.fast or "",
    )
    return found


class _Rules:
    """Collects what is wrong, each with its line."""

    def __init__(self, document: Document, found: Catalogued) -> None:
        self._document = document
        self._found = found

    def fault(
        self, code: str, path: YamlPath, *, hint: str | None = None, **values: object
    ) -> None:
        """Note a fault."""
        self._found.faults.append(self._document.fault(code, path, hint=hint, **values))

    def known(self, code: str, word: str, among: Collection[str], path: YamlPath) -> None:
        """Note ``word`` as a fault where it is not ``among`` the known ones."""
        if word not in among:
            hint, values = choices(word, among)
            self.fault(code, path, hint=hint, word=word, **values)

    def address(self, text: str, path: YamlPath) -> str:
        """Return the address without a slash at its end."""
        problem = next(url_problems(text), None)
        if problem is not None:
            self.fault(problem, path)
        return text.rstrip("/")

    def secret(self, reference: str | None, path: YamlPath, folder: Path) -> Secret | None:
        """Return the secret and remember where it stands."""
        if reference is None:
            return None
        kind, _, name = reference.partition(":")
        secret = Secret(f"file:{folder / name}" if kind == "file" else reference)
        self._found.references.append((secret, path))
        return secret


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


def _price(price: PriceShape) -> Price:
    return Price(
        as_of=date.fromisoformat(price.as_of),
        input=price.input,
        output=price.output,
        cached_input=price.cached_input,
        source=price.source or "",
    )
