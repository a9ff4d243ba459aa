"""The only door to models, put together: metered, cached, retried, limited."""

from contextlib import AsyncExitStack

from chatcrew.cache import LayeredCache
from chatcrew.clock import Clock
from chatcrew.llm._none import NoModel
from chatcrew.llm._openai import OpenAIModel
from chatcrew.llm._port import Meter, Model
from chatcrew.llm.cached import Cached
from chatcrew.llm.limited import Limited
from chatcrew.llm.metered import Metered
from chatcrew.llm.retrying import Retrying


def build(
    model: Model,
    *,
    meter: Meter,
    clock: Clock,
    cache: LayeredCache | None = None,
    concurrency: int = 32,
    attempts: int = 3,
) -> Metered:
    """Return ``model`` in its wrappers: ``Metered(Cached(Retrying(Limited(model))))``.

    A retry waits outside of the limit, so that it holds no slot while it sleeps; a cached answer
    needs neither, but is metered.
    """
    wrapped: Model = Retrying(
        Limited(model, clock=clock, limit=concurrency), clock=clock, attempts=attempts
    )
    if cache is not None:
        wrapped = Cached(wrapped, cache=cache, clock=clock)
    return Metered(wrapped, meter=meter, clock=clock)


async def open_gateway(
    *,
    api_key: str | None,
    base_url: str | None,
    meter: Meter,
    cache: LayeredCache | None,
    clock: Clock,
    stack: AsyncExitStack,
    concurrency: int = 32,
) -> Model:
    """Return the gateway for what is configured, ready to be asked; it is closed with ``stack``.

    Without key and base URL it is ``NoModel``. With one of them the library is imported here (1.3 s
    in a thread), so that the first customer does not wait for it.
    """
    if api_key is None and base_url is None:
        return NoModel()
    model = OpenAIModel(
        api_key=api_key, base_url=base_url, clock=clock, connections=max(concurrency * 4, 128)
    )
    stack.push_async_callback(model.aclose)
    await model.warm()
    gateway = build(model, meter=meter, clock=clock, cache=cache, concurrency=concurrency)
    stack.push_async_callback(gateway.aclose)
    return gateway
