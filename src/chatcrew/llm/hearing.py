"""Speech to text through the providers of the models: with stand-ins, a second try, and metered."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace

from chatcrew.clock import Clock
from chatcrew.errors import ModelDeadlineExceeded, ModelError, ModelUnavailable
from chatcrew.llm._openai import OpenAIModel
from chatcrew.llm._port import Meter
from chatcrew.llm._prices import cost
from chatcrew.llm._providers import Providers, ReadSecret, read_in_thread
from chatcrew.llm._purse import OpenPurse, Purse
from chatcrew.llm._rows import Rows
from chatcrew.messages import Bid, ModelRequest, SpeechRequest, Transcript, Usage
from chatcrew.tenancy import ModelCatalogue, ModelSpec

ROLE = "transcription"
"""What the rows of these calls say in place of a role."""

_ATTEMPTS = 2
_PAUSE = 0.5
_SLOWEST = 750
"""Bytes of a second of speech at least (Opus at 6 kbit/s): of a recording that names no length."""


class Hearing:
    """Writes recordings down.

    Args:
        providers: the clients.
        catalogue: models and their stand-ins as the files say them now.
        rows: where the calls are kept.
        clock: measures budgets.
        concurrency: calls at once.
        purse: allows each call before it is sent; left out, all are.
    """

    def __init__(
        self,
        providers: Providers,
        *,
        catalogue: Callable[[], ModelCatalogue],
        rows: Rows,
        clock: Clock,
        concurrency: int = 8,
        purse: Purse | None = None,
    ) -> None:
        self._providers = providers
        self._catalogue = catalogue
        self._rows = rows
        self._clock = clock
        self._purse = purse or OpenPurse()
        self._slots = asyncio.Semaphore(concurrency)

    async def transcribe(self, request: SpeechRequest) -> Transcript:
        """Return what is said, by the model asked for or the first of its stand-ins that can.

        Raises:
            ModelError: none of them could within ``request.budget`` seconds.
            BudgetExceeded: a limit has no room for it.
        """
        until = self._clock.monotonic() + request.budget
        error: ModelError = ModelUnavailable("no model is configured", kind="no_model")
        for spec in self._catalogue().chain(request.model):
            for attempt in range(_ATTEMPTS):
                if attempt:
                    await self._clock.sleep(_PAUSE)
                left = until - self._clock.monotonic()
                if left <= 0:
                    raise ModelDeadlineExceeded("no time is left to listen", kind="timeout")
                try:
                    return await self._in_turn(spec, replace(request, budget=left), until)
                except ModelError as failed:
                    error = failed
                    if not failed.retryable:
                        break
        raise error

    async def aclose(self) -> None:
        """Wait for the rows, then close the clients."""
        await self._rows.aclose()
        await self._providers.aclose()

    async def _in_turn(self, spec: ModelSpec, request: SpeechRequest, until: float) -> Transcript:
        bid = Bid(
            request.tenant,
            spec.name,
            cost=cost(_longest(request), spec.price),
            seconds=request.budget,
            role=ROLE,
        )
        # the slots are everybody's: who waits for his own business's holds none of them
        place = await self._purse.enter(bid, lambda: bid)
        try:
            async with self._slots:
                left = until - self._clock.monotonic()
                return await self._once(spec, replace(request, budget=left), bid)
        finally:
            place.leave()

    async def _once(self, spec: ModelSpec, request: SpeechRequest, bid: Bid) -> Transcript:
        began = self._rows.now()
        asked = ModelRequest(
            request.tenant, spec.name, (), budget=request.budget, turn_id=request.turn_id, role=ROLE
        )
        longest = _longest(request)
        held = await self._purse.reserve(bid)
        try:
            heard = await self._providers.transcribe(spec, request)
        except ModelError as failed:
            if failed.kind == "no_model":
                await held.give_back()
            else:
                # who stopped waiting is billed all the same
                late = failed.maybe_done and request.budget > 0
                usage = longest if late else Usage()
                self._rows.add(
                    asked, began, usage=usage, error=failed.kind, estimated=late, held=held
                )
            raise
        except asyncio.CancelledError:
            # Whoever had got it to listen will be on the bill
            self._rows.add(
                asked, began, usage=longest, error="cancelled", estimated=True, held=held
            )
            raise
        self._rows.add(asked, began, usage=heard.usage, held=held)
        return heard


def _longest(request: SpeechRequest) -> Usage:
    return Usage(audio_seconds=request.seconds or len(request.data) / _SLOWEST)


async def open_hearing(
    *,
    api_key: str | None,
    base_url: str | None,
    meter: Meter,
    clock: Clock,
    stack: AsyncExitStack,
    catalogue: Callable[[], ModelCatalogue] = ModelCatalogue,
    read_secret: ReadSecret = read_in_thread,
    purse: Purse | None = None,
) -> Hearing:
    """Return what hears by the endpoint of the environment and those of ``models.yaml``.

    Without any of them every recording is refused as ``no_model``. It is closed with ``stack``.
    """
    default = None
    if api_key is not None or base_url is not None:
        default = OpenAIModel(api_key=api_key, base_url=base_url, clock=clock)
    providers = Providers(
        default, catalogue=catalogue, clock=clock, connections=32, read_secret=read_secret
    )
    rows = Rows(meter, clock=clock, price=lambda name: catalogue().spec(name).price)
    hearing = Hearing(providers, catalogue=catalogue, rows=rows, clock=clock, purse=purse)
    stack.push_async_callback(hearing.aclose)
    return hearing
