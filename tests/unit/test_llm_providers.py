"""The gateway over several providers, each a server on loopback (S0-15, S3-54, S4-31)."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import date

import pytest

import chatcrew.llm.guarded  # noqa: F401 - loaded before the loop runs: the library is slow to import
from chatcrew.clock import SystemClock
from chatcrew.errors import ConfigError, ModelError, ModelRefused, ModelUnavailable
from chatcrew.llm import Model, NoModel, open_gateway
from chatcrew.messages import ModelCall, ModelRequest
from chatcrew.tenancy import ModelCatalogue, ModelSpec, Price, Provider, Secret
from chatcrew.testing import FakeModelServer

PRICE = Price(date(2026, 11, 5), input=1.0, output=2.0)


@dataclass
class House:
    """What is around a gateway, all in the test's hands: files, secrets, ledger, breakers."""

    catalogue: ModelCatalogue = field(default_factory=ModelCatalogue)
    secrets: dict[str, bytes] = field(default_factory=dict)
    calls: list[ModelCall] = field(default_factory=list)
    states: list[tuple[str, str]] = field(default_factory=list)

    async def record(self, call: ModelCall) -> None:
        """Keep a call."""
        self.calls.append(call)

    def breaker(self, model: str, state: str) -> None:
        """Keep a state."""
        self.states.append((model, state))

    async def read(self, secret: Secret) -> bytes:
        """Return a secret."""
        if secret.reference not in self.secrets:
            raise ConfigError(f"{secret.reference!r} cannot be read")
        return self.secrets[secret.reference]

    async def open(self, stack: AsyncExitStack, server: FakeModelServer | None = None) -> Model:
        """Return the gateway; ``server`` is the environment's endpoint."""
        return await open_gateway(
            api_key="sk-default" if server else None,
            base_url=server.base_url if server else None,
            meter=self,
            cache=None,
            clock=SystemClock(),
            stack=stack,
            catalogue=lambda: self.catalogue,
            read_secret=self.read,
            observer=self,
        )


def request(model: str, *, budget: float = 5.0, max_tokens: int | None = None) -> ModelRequest:
    """Return a request with one user message."""
    messages = [{"role": "user", "content": "olá"}]
    return ModelRequest("health/acme", model, messages, budget=budget, max_tokens=max_tokens)


def catalogue(*specs: ModelSpec, **addresses: str) -> ModelCatalogue:
    """Return a catalogue of models and providers, each provider with a key of its own."""
    providers = {
        name: Provider(name, address, Secret(f"env:{name}")) for name, address in addresses.items()
    }
    return ModelCatalogue(providers=providers, models={spec.name: spec for spec in specs})


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    """Give a stack that is closed at the end."""
    async with AsyncExitStack() as opened:
        yield opened


@pytest.fixture
async def main() -> AsyncIterator[FakeModelServer]:
    """Give the environment's endpoint."""
    async with FakeModelServer(default="from main") as running:
        yield running


@pytest.fixture
async def spare() -> AsyncIterator[FakeModelServer]:
    """Give another provider's endpoint."""
    async with FakeModelServer(default="from spare") as running:
        yield running


async def test_each_model_is_asked_at_its_provider_by_its_name_there(
    stack: AsyncExitStack, main: FakeModelServer, spare: FakeModelServer
) -> None:
    """With that provider's key and no other's; the answer and the row name the configured model."""
    spec = ModelSpec("big", provider="spare", id="vendor/Big-7B", price=PRICE, output=100)
    house = House(catalogue(spec, spare=spare.base_url), {"env:spare": b"sk-spare\n"})
    model = await house.open(stack, main)

    answers = [await model.complete(request(name, max_tokens=500)) for name in ("big", "unlisted")]

    assert [(one.text, one.served_by) for one in answers] == [
        ("from spare", "big"),
        ("from main", "unlisted"),
    ]
    (at_spare,), (at_main,) = spare.requests, main.requests
    assert (at_spare.body["model"], at_main.body["model"]) == ("vendor/Big-7B", "unlisted")
    assert (at_spare.body["max_tokens"], at_main.body["max_tokens"]) == (100, 500)
    assert at_spare.headers["authorization"] == "Bearer sk-spare"
    assert at_main.headers["authorization"] == "Bearer sk-default"
    assert [(call.model, call.cost) for call in house.calls] == [
        ("big", pytest.approx((10 * 1 + 5 * 2) / 1e6)),
        ("unlisted", None),
    ]


async def test_another_provider_stands_in_at_once_and_the_dead_one_is_left_alone(
    stack: AsyncExitStack, main: FakeModelServer, spare: FakeModelServer
) -> None:
    """Every customer is answered; after five failures nobody waits for the dead one any more."""
    first = ModelSpec("m", id="m", fallback=("m-spare",))
    second = ModelSpec("m-spare", provider="spare", id="m")
    house = House(catalogue(first, second, spare=spare.base_url), {"env:spare": b"k"})
    model = await house.open(stack, main)
    for _ in range(20):
        main.fail("overloaded")

    answers = [await model.complete(request("m")) for _ in range(12)]

    assert {one.served_by for one in answers} == {"m-spare"}
    assert len(main.requests) == 5
    assert len(spare.requests) == 12
    assert house.states == [("m", "open")]
    rows = Counter((call.model, call.error) for call in house.calls)
    assert rows == {("m", "unavailable"): 5, ("m-spare", None): 12}


async def test_what_the_content_filter_refuses_is_not_asked_elsewhere(
    stack: AsyncExitStack, main: FakeModelServer, spare: FakeModelServer
) -> None:
    """Nor is it retried, nor held against the provider."""
    first = ModelSpec("m", id="m", fallback=("m-spare",))
    second = ModelSpec("m-spare", provider="spare", id="m")
    house = House(catalogue(first, second, spare=spare.base_url), {"env:spare": b"k"})
    model = await house.open(stack, main)
    for _ in range(8):
        main.fail("content_filter")
        with pytest.raises(ModelRefused):
            await model.complete(request("m"))

    assert (len(main.requests), spare.requests, house.states) == (8, [], [])


async def test_a_key_rotates_without_a_restart(
    stack: AsyncExitStack, spare: FakeModelServer
) -> None:
    """The next call is made with what the reference leads to then."""
    spec = ModelSpec("m", provider="spare", id="m")
    house = House(catalogue(spec, spare=spare.base_url), {"env:spare": b"old"})
    model = await house.open(stack)
    await model.complete(request("m"))
    house.secrets["env:spare"] = b"new"

    await model.complete(request("m"))

    sent = [asked.headers["authorization"] for asked in spare.requests]
    assert sent == ["Bearer old", "Bearer new"]


async def test_a_key_that_leads_nowhere_costs_only_its_own_models(
    stack: AsyncExitStack, main: FakeModelServer, spare: FakeModelServer
) -> None:
    """The server starts, the stand-in answers, and the error names the provider only."""
    first = ModelSpec("m", provider="spare", id="m", fallback=("main",))
    alone = ModelSpec("alone", provider="spare", id="m")
    house = House(catalogue(first, alone, ModelSpec("main", id="main"), spare=spare.base_url))
    model = await house.open(stack, main)

    assert (await model.complete(request("m"))).served_by == "main"
    with pytest.raises(ModelRefused) as caught:
        await model.complete(request("alone"))

    assert caught.value.kind == "invalid_api_key"
    assert str(caught.value) == "the key of provider 'spare' cannot be read"
    assert caught.value.__context__ is None
    assert spare.requests == []


async def test_a_reload_takes_effect_at_the_next_call(
    stack: AsyncExitStack, main: FakeModelServer, spare: FakeModelServer
) -> None:
    """Address and price are those of the files in force when the call is made."""
    house = House(secrets={"env:spare": b"k"})
    model = await house.open(stack, main)
    first = await model.complete(request("m"))
    spec = ModelSpec("m", provider="spare", id="m", price=PRICE)
    house.catalogue = catalogue(spec, spare=spare.base_url)
    second = await model.complete(request("m"))
    house.catalogue = replace(house.catalogue, providers={})

    with pytest.raises(ModelUnavailable) as caught:
        await model.complete(request("m"))

    assert [first.text, second.text] == ["from main", "from spare"]
    assert [call.cost is None for call in house.calls] == [True, False, False]
    assert caught.value.kind == "no_model"


async def test_a_provider_of_the_file_is_enough(
    stack: AsyncExitStack, spare: FakeModelServer
) -> None:
    """Without the environment's endpoint its models are away, and those listed answer."""
    house = House(catalogue(ModelSpec("m", provider="spare", id="m"), spare=spare.base_url))
    house.secrets["env:spare"] = b"k"
    model = await house.open(stack)

    assert not isinstance(model, NoModel)
    assert (await model.complete(request("m"))).text == "from spare"
    with pytest.raises(ModelUnavailable) as caught:
        await model.complete(request("unlisted"))
    assert (caught.value.kind, caught.value.retryable) == ("no_model", False)


async def test_a_models_own_limit_holds(stack: AsyncExitStack, main: FakeModelServer) -> None:
    """Two calls at once to this model, whatever the setting says; others are not held up."""
    house = House(catalogue(ModelSpec("m", id="m", concurrency=2)))
    main.latency = 0.02
    model = await house.open(stack, main)

    await asyncio.gather(*(model.complete(request("m")) for _ in range(10)))
    assert main.most_at_once == 2
    await asyncio.gather(*(model.complete(request("other")) for _ in range(10)))
    assert main.most_at_once > 2


async def test_an_open_breaker_of_the_only_model_fails_at_once(
    stack: AsyncExitStack, main: FakeModelServer
) -> None:
    """The ladder gets the time that waiting would have cost (N5)."""
    house = House()
    model = await house.open(stack, main)
    for _ in range(20):
        main.fail("overloaded")
    kinds = []
    for _ in range(4):
        with pytest.raises(ModelError) as caught:
            await model.complete(request("m", budget=3.0))
        kinds.append(caught.value.kind)

    assert kinds[-1] == "breaker_open"
    assert len(main.requests) == 5
    assert [call.error for call in house.calls] == ["unavailable"] * 5 + ["breaker_open"] * (
        kinds.count("breaker_open")
    )
    assert house.calls[-1].seconds < 0.1
