"""Meaning as vectors: in batches, tried again, left alone while it fails, kept, never needed."""

import asyncio
import importlib
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from typing import Protocol

from chatcrew.cache import Kind, LayeredCache, key
from chatcrew.clock import Clock
from chatcrew.errors import ModelError
from chatcrew.llm._openai_embeddings import OpenAIEmbeddings, Vector
from chatcrew.privacy import Policy, mask
from chatcrew.telemetry import Metrics, get_logger

_log = get_logger("llm")

BATCH = 64
"""Texts of one request; providers take more, but then a failure costs more."""
LONGEST = 6000
"""Characters of a text that are embedded: what models take at least."""
ASKING = 1.0
"""Seconds a customer's question may wait for its vector; then words alone find."""
READING = 30.0
"""Seconds one batch of a document may take."""
_ATTEMPTS = 3
_FIRST_WAIT = 0.5
_KEPT = 7 * 24 * 3600.0
_FAILURES = 3
_REST = 10.0


class Vectors(Protocol):
    """Something that makes vectors once."""

    async def vectors(self, model: str, texts: Sequence[str], *, budget: float) -> list[Vector]:
        """Return one vector per text.

        Raises:
            ModelError: no answer.
        """
        ...


class Circuit(Protocol):
    """What leaves alone an endpoint that fails again and again; see ``llm._circuit``."""

    def enter(self) -> int | None:
        """Return a ticket, or None: leave it alone."""
        ...

    def leave(self, ticket: int, failure: Exception | None) -> None:
        """Say how a call ended."""
        ...

    def forget(self, ticket: int) -> None:
        """Say that a call ended without showing anything."""
        ...


class Embeddings:
    """Satisfies ``knowledge.Embedder``: a failure is None and a count, never an error.

    What identifies people is masked before it leaves. Vectors of questions are kept in the cache;
    those of documents the index keeps.

    Args:
        inner: makes vectors.
        model: its name at the provider.
        circuit: leaves it alone while it fails.
        cache: where vectors of questions are kept, or None.
        metrics: ``chatcrew_embeddings``.
        clock: measures budgets and waits between tries.
        policy: which personal data a tenant hides; left out: all there is.
    """

    def __init__(
        self,
        inner: Vectors,
        *,
        model: str,
        circuit: Circuit,
        cache: LayeredCache | None,
        metrics: Metrics,
        clock: Clock,
        policy: Callable[[str], Policy] | None = None,
    ) -> None:
        self._inner = inner
        self._model = model
        self._circuit = circuit
        self._cache = cache
        self._metrics = metrics
        self._clock = clock
        self._policy = policy or (lambda _: Policy())

    @property
    def model(self) -> str:
        """Name of what makes the vectors."""
        return self._model

    async def embed(self, tenant: str, texts: Sequence[str]) -> list[Vector] | None:
        """Return one vector per text of a document, or None where there are none to be had."""
        sealed = self._sealed(tenant, texts)
        made: list[Vector] = []
        for at in range(0, len(sealed), BATCH):
            found = await self._tried(sealed[at : at + BATCH])
            if found is None:
                return None
            made += found
        return made

    async def ask(self, tenant: str, question: str) -> Vector | None:
        """Return the vector of a customer's words, soon or not at all."""
        sealed = self._sealed(tenant, [question])
        place = key(Kind.EMBEDDINGS, tenant, self._model, sealed[0])
        if self._cache is not None and (kept := await self._cache.get(place)) is not None:
            self._count("kept")
            return tuple(kept)
        made = await self._once(sealed, budget=ASKING)
        if made is None:
            return None
        if self._cache is not None:
            rounded = [round(number, 6) for number in made[0]]
            await self._cache.set(place, rounded, ttl=_KEPT)
        return made[0]

    async def _tried(self, texts: Sequence[str]) -> list[Vector] | None:
        for attempt in range(_ATTEMPTS):
            if attempt:
                await self._clock.sleep(_FIRST_WAIT * 2.0 ** (attempt - 1))
            found = await self._once(texts, budget=READING)
            if found is not None:
                return found
        return None

    async def _once(self, texts: Sequence[str], *, budget: float) -> list[Vector] | None:
        ticket = self._circuit.enter()
        if ticket is None:
            self._count("left_alone")
            return None
        try:
            found = await self._inner.vectors(self._model, texts, budget=budget)
        except ModelError as error:
            self._circuit.leave(ticket, error)
            self._count(error.kind)
            _log.warning("embeddings.failed", model=self._model, kind=error.kind)
            return None
        else:
            self._circuit.leave(ticket, None)
            self._count("made")
            return found
        finally:
            self._circuit.forget(ticket)

    def _sealed(self, tenant: str, texts: Sequence[str]) -> list[str]:
        kinds = self._policy(tenant).kinds
        cut = [text[:LONGEST] or "-" for text in texts]
        return [mask(text, kinds)[0] for text in cut] if kinds else cut

    def _count(self, result: str) -> None:
        self._metrics.count("chatcrew_embeddings", result=result)


async def open_embeddings(
    model: str | None,
    *,
    api_key: str | None,
    base_url: str | None,
    cache: LayeredCache | None,
    metrics: Metrics,
    clock: Clock,
    stack: AsyncExitStack,
    policy: Callable[[str], Policy] | None = None,
) -> Embeddings | None:
    """Return what embeds, closed with ``stack``; None where none is configured."""
    if model is None:
        return None
    if api_key is None and base_url is None:
        _log.warning("embeddings.off", reason="neither OPENAI_API_KEY nor OPENAI_BASE_URL is set")
        return None
    client = OpenAIEmbeddings(api_key=api_key, base_url=base_url, clock=clock)
    stack.push_async_callback(client.aclose)
    await client.warm()
    # its library takes a while to load, and only who embeds needs it
    breaker = await asyncio.to_thread(importlib.import_module, "chatcrew.llm._circuit")

    def changed(state: str) -> None:
        metrics.count("chatcrew_embeddings", result=f"breaker_{state}")
        _log.warning("embeddings.breaker", model=model, state=state)

    circuit: Circuit = breaker.Circuit(
        f"embeddings/{model}", failures=_FAILURES, rest=_REST, clock=clock, changed=changed
    )
    return Embeddings(
        client,
        model=model,
        circuit=circuit,
        cache=cache,
        metrics=metrics,
        clock=clock,
        policy=policy,
    )
