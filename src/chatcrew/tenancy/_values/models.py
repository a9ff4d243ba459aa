"""What ``config/models.yaml`` says once it is checked: providers, models, prices, limits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from chatcrew.tenancy._values.secret import Secret

DEFAULT_PROVIDER = "default"
"""The provider of ``OPENAI_BASE_URL`` and ``OPENAI_API_KEY``; it needs no entry."""


@dataclass(frozen=True, slots=True)
class Provider:
    """An OpenAI-compatible endpoint.

    Attributes:
        name: label in ``models.yaml``.
        base_url: its address without a trailing slash, such as ``http://127.0.0.1:11434/v1``.
        api_key: sent as bearer token, or None for a server that wants none.
    """

    name: str
    base_url: str
    api_key: Secret | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """What a million tokens cost, in US dollars.

    Attributes:
        as_of: the day on which somebody looked.
        input: of the request.
        output: of the answer.
        cached_input: of the part of the request that the provider had cached; None: as ``input``.
        source: where it stands, or "".
        minute: of speech, in dollars a minute, for a model that is not paid by tokens; or None.
    """

    as_of: date
    input: float
    output: float
    cached_input: float | None = None
    source: str = ""
    minute: float | None = None


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """One model that may be asked.

    Attributes:
        name: how crews and settings call it.
        provider: label of its provider.
        id: how the provider calls it.
        price: None where nobody knows: its calls then cost an unknown sum, not nothing.
        context: most tokens of request and answer together, or None.
        output: most tokens of an answer, or None.
        concurrency: most calls at once from one worker, or None for ``CHATCREW_MODEL_CONCURRENCY``.
        fallback: names of the models asked in its place, in order.
    """

    name: str
    provider: str = DEFAULT_PROVIDER
    id: str = ""
    price: Price | None = None
    context: int | None = None
    output: int | None = None
    concurrency: int | None = None
    fallback: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a US dollar is in other money.

    Attributes:
        as_of: the day on which somebody looked.
        brl: Brazilian reais.
        source: where it stands, or "".
    """

    as_of: date
    brl: float
    source: str = ""


@dataclass(frozen=True, slots=True)
class ModelCatalogue:
    """Every model and provider the admin has described; empty without ``config/models.yaml``.

    Attributes:
        providers: by label; ``default`` only where the file overrides the environment's.
        models: by name.
        fast: name of the model asked when another is slow, or "".
        exchange: what a dollar is in other money, None where nobody says.
    """

    providers: Mapping[str, Provider] = field(default_factory=dict)
    models: Mapping[str, ModelSpec] = field(default_factory=dict)
    fast: str = ""
    exchange: Exchange | None = None

    def spec(self, name: str) -> ModelSpec:
        """Return what is known of a model: an unlisted one is the default provider's."""
        return self.models.get(name) or ModelSpec(name, id=name)

    def chain(self, name: str) -> Iterator[ModelSpec]:
        """Yield the model and, each once, those asked in its place, nearest first."""
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            here = waiting.pop(0)
            if here not in seen:
                seen.add(here)
                found = self.spec(here)
                yield found
                waiting.extend(found.fallback)
