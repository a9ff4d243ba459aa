"""Meaning as vectors: in batches, tried again, left alone while it fails, kept, never needed."""

import asyncio
import importlib
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from typing import Protocol

from chatcrew.cache import Kind, LayeredCache, key
from chatcrew.clock import Clock
from chatcrew.errors import BudgetExceeded, ModelError
from chatcrew.llm._openai_embeddings import OpenAIEmbeddings, Vector
from chatcrew.llm._port import Meter, Resting
from chatcrew.llm._prices import cost
from chatcrew.llm._purse import OpenPurse, Purse
from chatcrew.llm._rows import Rows, no_price
from chatcrew.messages import Bid, ModelRequest, Usage
from chatcrew.privacy import Policy, mask
from chatcrew.telemetry import Metrics, get_logger
from chatcrew.tenancy import Price

_log = get_logger("llm")

BATCH = 64
"""Texts of one request; providers take more, but then a failure costs more."""
LONGEST = 6000
"""Characters of a text that are embedded: what models take at least."""
ASKING = 1.0
"""Seconds a customer's question may wait for its vector; then words alone find."""
READING = 30.0
"""Seconds one batch of a document may take."""
ROLE = "embeddings"
"""What the rows of these calls say in place of a role."""
_ATTEMPTS = 3
_CHARACTERS_PER_TOKEN = 4
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
        purse: allows each call before it is sent; left out, all are.
        rows: where calls are kept, or None.
        price: of the model, None where nobody knows it.
    """

    def __init__(  # noqa: PLR0913 - the composition root names each part once
        self,
        inner: Vectors,
        *,
        model: str,
        circuit: Resting,
        cache: LayeredCache | None,
        metrics: Metrics,
        clock: Clock,
        policy: Callable[[str], Policy] | None = None,
        purse: Purse | None = None,
        rows: Rows | None = None,
        price: Callable[[str], Price | None] = no_price,
    ) -> None:
        self._inner = inner
        self._model = model
        self._circuit = circuit
        self._cache = cache
        self._metrics = metrics
        self._clock = clock
        self._policy = policy or (lambda _: Policy())
        self._purse = purse or OpenPurse()
        self._rows = rows
        self._price = price

    @property
    def model(self) -> str:
        """Name of what makes the vectors."""
        return self._model

    async def embed(self, tenant: str, texts: Sequence[str]) -> list[Vector] | None:
        """Return one vector per text of a document, or None where there are none to be had."""
        sealed = self._sealed(tenant, texts)
        made: list[Vector] = []
        for at in range(0, len(sealed), BATCH):
            found = await self._tried(tenant, sealed[at : at + BATCH])
            if found is None:
                return None
            made += found
        return made

    async def ask(self, tenant: str, question: str, *, trial: str | None = None) -> Vector | None:
        """Return the vector of a customer's words, soon or not at all.

        Args:
            tenant: whose customer.
            question: his words.
            trial: the turn that asks, where it is simulated: its calls count in no figure. Those of
                others are kept without a turn, for they are no part of what an answer cost.
        """
        sealed = self._sealed(tenant, [question])
        place = key(Kind.EMBEDDINGS, tenant, self._model, sealed[0])
        if self._cache is not None and (kept := await self._cache.get(place)) is not None:
            self._count("kept")
            return tuple(kept)
        made = await self._once(tenant, sealed, budget=ASKING, trial=trial)
        if made is None:
            return None
        if self._cache is not None:
            rounded = [round(number, 6) for number in made[0]]
            await self._cache.set(place, rounded, ttl=_KEPT)
        return made[0]

    async def _tried(self, tenant: str, texts: Sequence[str]) -> list[Vector] | None:
        for attempt in range(_ATTEMPTS):
            if attempt:
                await self._clock.sleep(_FIRST_WAIT * 2.0 ** (attempt - 1))
            found = await self._once(tenant, texts, budget=READING)
            if found is not None:
                return found
        return None

    async def _once(
        self, tenant: str, texts: Sequence[str], *, budget: float, trial: str | None = None
    ) -> list[Vector] | None:
        if self._circuit.rests:
            self._count("left_alone")
            return None
        bid, began = self._bid(tenant, texts, budget), self._clock.monotonic()
        try:
            # not within the try after a rest, which is everybody's
            place = await self._purse.enter(bid, lambda: bid)
        except BudgetExceeded:
            self._count("budget")
            return None
        try:
            left = budget - (self._clock.monotonic() - began)
            return await self._judged(bid, texts, budget=left, trial=trial)
        finally:
            place.leave()

    async def _judged(
        self, bid: Bid, texts: Sequence[str], *, budget: float, trial: str | None
    ) -> list[Vector] | None:
        ticket = self._circuit.enter()
        if ticket is None:
            self._count("left_alone")
            return None
        try:
            found = await self._paid(bid, texts, budget=budget, trial=trial)
        except BudgetExceeded:
            self._count("budget")
            return None
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

    def _bid(self, tenant: str, texts: Sequence[str], seconds: float) -> Bid:
        most = Usage(prompt_tokens=sum(len(text.encode()) for text in texts))
        return Bid(
            tenant,
            self._model,
            tokens=most.prompt_tokens,
            cost=cost(most, self._price(self._model)),
            seconds=seconds,
            role=ROLE,
        )

    async def _paid(
        self, bid: Bid, texts: Sequence[str], *, budget: float, trial: str | None
    ) -> list[Vector]:
        """Ask, once there is room for what it costs, and keep the call.

        Raises:
            ModelError: no answer.
            BudgetExceeded: a limit has no room for it.
        """
        # the providers' own count is not in what they answer everywhere: ours stands for it
        tokens = sum(-(-len(text) // _CHARACTERS_PER_TOKEN) for text in texts)
        held = await self._purse.reserve(bid)
        if self._rows is None:
            return await self._inner.vectors(self._model, texts, budget=budget)
        began = self._rows.now()
        asked = ModelRequest(bid.tenant, self._model, (), budget=budget, turn_id=trial, role=ROLE)
        usage, error = Usage(prompt_tokens=tokens), None
        try:
            return await self._inner.vectors(self._model, texts, budget=budget)
        except ModelError as failed:
            usage, error = (usage if failed.maybe_done else Usage()), failed.kind
            raise
        except asyncio.CancelledError:
            error = "cancelled"
            raise
        finally:
            guessed = usage != Usage()
            self._rows.add(asked, began, usage=usage, error=error, estimated=guessed, held=held)

    def _sealed(self, tenant: str, texts: Sequence[str]) -> list[str]:
        kinds = self._policy(tenant).kinds
        cut = [text[:LONGEST] or "-" for text in texts]
        return [mask(text, kinds)[0] for text in cut] if kinds else cut

    def _count(self, result: str) -> None:
        self._metrics.count("chatcrew_embeddings", result=result)


async def open_embeddings(  # noqa: PLR0913 - the composition root names each part once
    model: str | None,
    *,
    api_key: str | None,
    base_url: str | None,
    cache: LayeredCache | None,
    metrics: Metrics,
    clock: Clock,
    stack: AsyncExitStack,
    policy: Callable[[str], Policy] | None = None,
    purse: Purse | None = None,
    meter: Meter | None = None,
    price: Callable[[str], Price | None] = no_price,
) -> Embeddings | None:
    """Return what embeds, closed with ``stack``; None where none is configured.

    With a ``meter`` its calls are kept like those of every other model.
    """
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

    rows = None
    if meter is not None:
        rows = Rows(meter, clock=clock, price=price)
        stack.push_async_callback(rows.aclose)
    circuit: Resting = breaker.Circuit(
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
        purse=purse,
        rows=rows,
        price=price,
    )
