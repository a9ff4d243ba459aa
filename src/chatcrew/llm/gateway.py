"""The only door to models, put together: metered, cached, retried, with stand-ins and breakers.

``Booked(Masked(Cached(Retrying(Fallback(...)))))``, and per provider and model
``Guarded(Limited(Metered(_Judged(OpenAIModel))))``:

- Booked outside of all: a kept answer has its row too, and nobody else waits for the ledger.
- Masked next: what is inside of it, and so every key and every kept answer, every provider, log
  line and error, knows personal data only as placeholders (N15, ADR 0019).
- Cached next: a kept answer needs neither slot nor breaker nor wait.
- Retrying around Fallback, not inside: the next model is asked at once, and only when all have
  failed somebody sleeps, holding no slot. With the retries inside, a customer would wait for the
  first model's pauses while the second one is idle.
- Guarded around Limited: while a provider is left alone nobody queues for its slots. It judges
  single attempts, inside of all, so that a dead provider is left alone after a few, and a wait
  for our own slot, our own limit or our own database is never the provider's fault.
- Guarded first has the caller's business say that it may call: whoever waits for the pace or the
  slots of his own business holds no slot of the model meanwhile, which belong to all businesses.
- Metered inside of Limited: what a call may cost is reserved last, while nobody waits for anything
  but the provider, and each call that was sent is a row under the model really asked, also the
  one that hung before its stand-in answered; one that only queued or slept is none.
"""

import asyncio
import functools
import importlib
from collections.abc import Callable
from contextlib import AsyncExitStack

from chatcrew.cache import LayeredCache
from chatcrew.clock import Clock
from chatcrew.llm._none import NoModel
from chatcrew.llm._openai import OpenAIModel
from chatcrew.llm._port import BreakerObserver, Meter, Model
from chatcrew.llm._providers import Named, Providers, ReadSecret, read_in_thread
from chatcrew.llm._purse import OpenPurse, Place, Purse, bid_of, bounded
from chatcrew.llm._routes import Routes
from chatcrew.llm._rows import Rows
from chatcrew.llm.cached import Cached
from chatcrew.llm.fallback import Fallback
from chatcrew.llm.masked import Masked
from chatcrew.llm.metered import Booked, Metered
from chatcrew.llm.retrying import Retrying
from chatcrew.messages import Bid, ModelRequest
from chatcrew.privacy import Policy
from chatcrew.tenancy import ModelCatalogue, ModelSpec


def _all_kinds(tenant: str) -> Policy:
    """Hide everything for a ``tenant`` nobody says anything about."""
    del tenant
    return Policy()


def build(  # noqa: PLR0913 - the composition root names each part once
    ask: Model | Callable[[ModelSpec], Model],
    *,
    meter: Meter,
    clock: Clock,
    cache: LayeredCache | None = None,
    catalogue: Callable[[], ModelCatalogue] = ModelCatalogue,
    observer: BreakerObserver | None = None,
    concurrency: int = 32,
    attempts: int = 3,
    policy: Callable[[str], Policy] = _all_kinds,
    purse: Purse | None = None,
    later: bool = False,
) -> Booked:
    """Return the gateway over ``ask`` in all its wrappers.

    Args:
        ask: one model for every name, or what returns the one behind a name.
        meter: keeps the calls.
        clock: measures budgets, sleeps between tries, times the breakers.
        cache: where answers are kept, or None.
        catalogue: models, prices and limits as the files say them now.
        observer: told what breakers do, or None.
        concurrency: calls at once to a model that names no limit of its own.
        attempts: most rounds over a model and its stand-ins.
        policy: which personal data a tenant hides from providers; left out: all there is.
        purse: allows each call before it is sent; left out, all are.
        later: see ``Booked``.
    """
    guarded = load_guarded()
    purse = purse or OpenPurse()

    def spec_of(name: str) -> ModelSpec:
        return catalogue().spec(name)

    async def place(request: ModelRequest) -> Place:
        spec = spec_of(request.model)
        bid = Bid(
            request.tenant,
            request.model,
            seconds=request.budget,
            role=request.role,
            function=request.function,
        )
        return await purse.enter(bid, lambda: bid_of(bounded(request, spec), spec))

    def guard(model: Model, spec: ModelSpec, queue: Callable[[Model], Model]) -> Model:
        made: Model = guarded(
            model,
            model=spec.name,
            provider=spec.provider,
            clock=clock,
            observer=observer,
            queue=lambda judged: queue(Metered(judged, rows, purse=purse, spec=spec_of)),
            place=place,
        )
        return made

    one = ask if callable(ask) else _always(ask)
    rows = Rows(meter, clock=clock, price=lambda name: spec_of(name).price)
    routes = Routes(one, catalogue=catalogue, clock=clock, concurrency=concurrency, guard=guard)
    wrapped: Model = Retrying(Fallback(routes, clock=clock), clock=clock, attempts=attempts)
    if cache is not None:
        wrapped = Cached(wrapped, cache=cache, clock=clock)
    return Booked(Masked(wrapped, policy=policy), rows, later=later)


async def open_gateway(  # noqa: PLR0913 - the composition root names each part once
    *,
    api_key: str | None,
    base_url: str | None,
    meter: Meter,
    cache: LayeredCache | None,
    clock: Clock,
    stack: AsyncExitStack,
    concurrency: int = 32,
    catalogue: Callable[[], ModelCatalogue] = ModelCatalogue,
    read_secret: ReadSecret = read_in_thread,
    observer: BreakerObserver | None = None,
    policy: Callable[[str], Policy] = _all_kinds,
    purse: Purse | None = None,
) -> Model:
    """Return the gateway for what is configured, ready to be asked; it is closed with ``stack``.

    A turn waits for the rows of its calls with ``booked``, before it ends (see ``Booked``).
    Without key, base URL and any provider in the catalogue it is ``NoModel``. With one of them the
    library is imported here (1.3 s in a thread), so that the first customer does not wait for it.
    """
    connections = max(concurrency * 4, 128)
    default = None
    if api_key is not None or base_url is not None:
        default = OpenAIModel(
            api_key=api_key, base_url=base_url, clock=clock, connections=connections
        )
    elif not catalogue().providers:
        return NoModel()
    providers = Providers(
        default,
        catalogue=catalogue,
        clock=clock,
        connections=connections,
        read_secret=read_secret,
    )
    stack.push_async_callback(providers.aclose)
    await providers.warm()
    await asyncio.to_thread(load_guarded)
    gateway = build(
        lambda spec: Named(providers, spec),
        meter=meter,
        clock=clock,
        cache=cache,
        catalogue=catalogue,
        observer=observer,
        concurrency=concurrency,
        policy=policy,
        purse=purse,
        later=True,
    )
    stack.push_async_callback(gateway.aclose)
    return gateway


async def booked(model: Model, turn_id: str) -> None:
    """Wait until the calls of a turn are recorded, as long as a customer may wait for that."""
    if isinstance(model, Booked):
        await model.booked(turn_id)


@functools.cache
def load_guarded() -> Callable[..., Model]:
    """Return ``Guarded``, loaded when first wanted: its library imports redis where that is."""
    guarded: Callable[..., Model] = importlib.import_module("chatcrew.llm.guarded").Guarded
    return guarded


def _always(model: Model) -> Callable[[ModelSpec], Model]:
    """Return what gives ``model`` whatever is asked for."""
    return lambda _: model
