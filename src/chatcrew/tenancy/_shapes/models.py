"""The shape of ``config/models.yaml``: providers, models, prices, limits."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chatcrew.tenancy._shapes.days import Day
from chatcrew.tenancy._shapes.mapping import SecretReference
from chatcrew.tenancy._shapes.shape import MODEL, Label, Shape, Text
from chatcrew.tenancy._values.models import DEFAULT_PROVIDER

ModelName = Annotated[str, StringConstraints(pattern=MODEL)]
Dollars = Annotated[float, Field(ge=0)]
Count = Annotated[int, Field(ge=1)]


class ProviderShape(Shape):
    """One OpenAI-compatible endpoint besides the environment's."""

    base_url: Text = Field(description="Its address, such as http://127.0.0.1:11434/v1.")
    api_key: SecretReference | None = Field(
        None, description="Reference to its key; left out: none is sent."
    )


class PriceShape(Shape):
    """US dollars per million tokens; a model without it costs an unknown sum, not nothing."""

    as_of: Day = Field(description="The day somebody looked: 2026-11-05.")
    input: Dollars = Field(description="Of the request.")
    cached_input: Dollars | None = Field(
        None, description="Of what the provider had cached of it; left out: as input."
    )
    output: Dollars = Field(description="Of the answer.")
    minute: Dollars | None = Field(
        None, description="Of a minute of speech, where a transcription is paid by length."
    )
    source: Text | None = Field(None, description="Where it stands.")


class LimitsShape(Shape):
    """What a model takes."""

    context: Count | None = Field(
        None, description="Most tokens of request and answer; too long goes to a larger fallback."
    )
    output: Count | None = Field(
        None, description="Most tokens of an answer, never more are asked."
    )
    concurrency: Annotated[int, Field(ge=1, le=1000)] | None = Field(
        None, description="Calls at once from one worker; left out: CHATCREW_MODEL_CONCURRENCY."
    )


class ModelShape(Shape):
    """One model."""

    provider: Label = Field(DEFAULT_PROVIDER, description="Left out: the environment's endpoint.")
    id: Text | None = Field(None, description="Its name at the provider; left out: the key.")
    price: PriceShape | None = Field(None, description="Left out: unknown.")
    limits: LimitsShape = Field(LimitsShape(), description="Left out: unknown.")
    fallback: list[ModelName] = Field(
        [], description="Models asked in its place, in order, where its provider cannot answer."
    )


class ExchangeShape(Shape):
    """What a US dollar is in other money; prices stand in dollars, limits may not."""

    as_of: Day = Field(description="The day somebody looked: 2026-11-05.")
    brl: Annotated[float, Field(gt=0.1, le=1000)] = Field(description="Brazilian reais a dollar.")
    source: Text | None = Field(None, description="Where it stands.")


class ModelsShape(Shape):
    """``config/models.yaml``."""

    providers: dict[Label, ProviderShape] = Field({}, description="Endpoints by label.")
    models: dict[ModelName, ModelShape] = Field({}, description="Models by name.")
    fast: ModelName | None = Field(
        None, description="Model asked too when another is slow; CHATCREW_FAST_MODEL comes first."
    )
    exchange: ExchangeShape | None = Field(
        None, description="What a dollar is in other money; left out: nobody knows."
    )
