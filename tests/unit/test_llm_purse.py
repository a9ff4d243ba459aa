"""Every real call is allowed before it is sent, and settled with what it cost (S3-89)."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatcrew.cache import open_cache
from chatcrew.errors import BudgetExceeded, ModelDeadlineExceeded, ModelError, ModelUnavailable
from chatcrew.llm import build
from chatcrew.llm._prices import cost, estimated
from chatcrew.llm._purse import bid_of, bounded
from chatcrew.llm.gateway import load_guarded
from chatcrew.messages import Bid, ModelAnswer, ModelCall, ModelRequest, Usage
from chatcrew.tenancy import ModelCatalogue, ModelSpec, Price
from chatcrew.testing import ManualClock

load_guarded()

PRICE = Price(date(2026, 3, 1), input=1.0, output=2.0)
SPEC = ModelSpec("m", id="m", price=PRICE, output=1000)
CATALOGUE = ModelCatalogue(models={"m": SPEC})


@dataclass
class Purse:
    """Remembers what it was asked; allows ``calls`` of them."""

    calls: int = 100
    bids: list[Bid] = field(default_factory=list)
    settled: list[ModelCall] = field(default_factory=list)
    shut: dict[str, asyncio.Event] = field(default_factory=dict)
    within: int = 0

    async def enter(self, bid: Bid, worst: Callable[[], Bid]) -> "Purse":
        """Let in, once the business of it may."""
        if bid.tenant in self.shut:
            assert worst().tokens > 0
            await self.shut[bid.tenant].wait()
        self.within += 1
        return self

    def leave(self) -> None:
        """Note that a call is over."""
        self.within -= 1

    async def reserve(self, bid: Bid) -> "Purse":
        """Allow, or refuse."""
        self.bids.append(bid)
        if len(self.bids) > self.calls:
            raise BudgetExceeded(bid.tenant)
        return self

    async def settle(self, call: ModelCall) -> None:
        """Note the call."""
        self.settled.append(call)

    async def give_back(self) -> None:
        """Nothing is to be given back here."""


@dataclass
class Rows:
    """A ledger that remembers."""

    calls: list[ModelCall] = field(default_factory=list)

    async def record(self, call: ModelCall) -> None:
        """Keep one call."""
        self.calls.append(call)


@dataclass
class Provider:
    """Answers, fails or hangs, by turns."""

    ends: list[object]
    requests: list[ModelRequest] = field(default_factory=list)

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """Do what is next."""
        self.requests.append(request)
        end = self.ends.pop(0)
        if isinstance(end, ModelError):
            raise end
        if isinstance(end, asyncio.Event):
            await end.wait()
        return ModelAnswer("Claro.", usage=Usage(prompt_tokens=20, completion_tokens=4))


def request(text: str = "Quanto custa?", **options: object) -> ModelRequest:
    """Return a request."""
    said = [{"role": "user", "content": text}]
    return ModelRequest("shop/acme", "m", said, **options)  # type: ignore[arg-type]  # of the test's own choice


def gateway(provider: Provider, purse: Purse, rows: Rows, **options: object):
    """Return the gateway over a provider."""
    return build(
        provider,
        meter=rows,
        clock=ManualClock(),
        catalogue=lambda: CATALOGUE,
        purse=purse,
        **options,  # type: ignore[arg-type]  # of the test's own choice
    )


async def test_a_call_reserves_its_worst_case_and_settles_what_its_row_says() -> None:
    """What the ledger keeps and what the limit counts are one figure."""
    purse, rows = Purse(), Rows()
    model = gateway(Provider([1]), purse, rows)
    await model.complete(request(role="atendente", function="sales", max_tokens=50))
    (bid,), (call,) = purse.bids, purse.settled
    assert (bid.role, bid.function) == ("atendente", "sales")
    assert call == rows.calls[0]
    assert call.cost == pytest.approx((20 * 1 + 4 * 2) / 1e6)
    assert bid.cost is not None
    assert bid.cost > call.cost
    assert bid.tokens >= 50 + 20


async def test_a_call_without_room_is_never_sent_and_nobody_stands_in() -> None:
    """The refusal is a row that costs nothing; retries and fallbacks do not try to get round it."""
    purse, rows, provider = Purse(calls=0), Rows(), Provider([1])
    with pytest.raises(BudgetExceeded):
        await gateway(provider, purse, rows).complete(request())
    assert provider.requests == []
    assert len(purse.bids) == 1
    assert [(one.error, one.cost) for one in rows.calls] == [("budget", 0.0)]


async def test_each_try_is_a_call_of_its_own() -> None:
    """A retry asks again for room; a try that was refused by the provider gives its room back."""
    away = ModelUnavailable("busy", kind="rate_limit", retryable=True, retry_after=0.0)
    purse, rows, provider = Purse(), Rows(), Provider([away, 1])
    clock = ManualClock()
    model = build(
        provider, meter=rows, clock=clock, catalogue=lambda: CATALOGUE, purse=purse, attempts=2
    )
    asking = asyncio.create_task(model.complete(request()))
    for _ in range(20):
        await clock.advance(0.1)
    await asking
    assert len(purse.bids) == 2
    assert [call.cost == 0.0 for call in purse.settled] == [True, False]


@pytest.mark.parametrize(
    ("end", "whole"),
    [
        (ModelDeadlineExceeded("late", kind="timeout"), True),
        (ModelUnavailable("slow", kind="timeout"), True),
        (ModelUnavailable("cut off", kind="unavailable", maybe_done=True), True),
        (ModelUnavailable("refused", kind="unavailable"), False),
        (ModelUnavailable("not connected", kind="timeout", maybe_done=False), False),
        (ModelUnavailable("busy", kind="rate_limit"), False),
        (1, False),
    ],
)
async def test_what_may_be_billed_uncounted_is_settled_whole(end: object, whole: bool) -> None:
    """A call that was sent and never counted may have cost all that was reserved (S3-89)."""
    purse, rows = Purse(), Rows()
    asking = gateway(Provider([end]), purse, rows).complete(request("x" * 400))
    if isinstance(end, ModelError):
        with pytest.raises(ModelError):
            await asking
    else:
        await asking
    assert [call.uncounted for call in purse.settled] == [whole]
    assert rows.calls[0].usage.completion_tokens == (4 if end == 1 else 0)


async def test_a_cancelled_call_settles_what_it_may_be_billed() -> None:
    """The loser of a hedge has read the prompt, and may have written on."""
    purse, rows = Purse(), Rows()
    model = gateway(Provider([asyncio.Event()]), purse, rows)
    asking = asyncio.create_task(model.complete(request("x" * 400)))
    for _ in range(20):
        await asyncio.sleep(0.005)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await model.aclose()
    (call,) = purse.settled
    assert call.error == "cancelled"
    assert call.usage.prompt_tokens >= 100
    assert call.uncounted


async def test_who_waits_for_its_own_business_holds_nothing_of_the_others() -> None:
    """Neither the model's slots nor its breaker: five that gave up there opened it for all."""
    clock, purse, rows = ManualClock(), Purse(), Rows()
    purse.shut["shop/acme"] = asyncio.Event()
    model = build(
        Provider([1, 1]),
        meter=rows,
        clock=clock,
        catalogue=lambda: CATALOGUE,
        purse=purse,
        concurrency=1,
    )
    waiting = [asyncio.create_task(model.complete(request(budget=60.0))) for _ in range(6)]
    other = ModelRequest("shop/other", "m", [{"role": "user", "content": "Oi"}])
    assert (await asyncio.wait_for(model.complete(other), 2)).text == "Claro."
    await clock.advance(10)
    for one in waiting:
        one.cancel()
    await asyncio.wait(waiting)
    assert (await asyncio.wait_for(model.complete(other), 2)).text == "Claro."
    assert (len(purse.bids), purse.within) == (2, 0)


async def test_a_model_left_alone_takes_no_place_of_the_business() -> None:
    """Its stand-in would have to be paced behind a call that was never made."""
    away = ModelUnavailable("away", kind="unavailable")
    purse, rows, provider = Purse(), Rows(), Provider([away] * 9)
    purse.shut["shop/acme"] = asyncio.Event()
    model = gateway(provider, purse, rows, attempts=1)
    other = ModelRequest("shop/other", "m", [{"role": "user", "content": "Oi"}])
    for _ in range(5):
        with pytest.raises(ModelUnavailable):
            await model.complete(other)
    with pytest.raises(ModelUnavailable) as caught:
        await asyncio.wait_for(model.complete(request()), 2)
    assert caught.value.kind == "breaker_open"


async def test_a_kept_answer_asks_for_no_room() -> None:
    """It costs nothing, so a limit that is used up does not stop it."""
    purse, rows = Purse(calls=1), Rows()
    async with open_cache(ManualClock()) as cache:
        model = gateway(Provider([1]), purse, rows, cache=cache)
        asked = request(temperature=0.0, config="v1")
        await model.complete(asked)
        again = await model.complete(asked)
    assert again.cached
    assert len(purse.bids) == 1


def test_an_answer_has_a_bound_before_it_is_paid_for() -> None:
    """Without one nobody could say what it may cost at worst."""
    assert bounded(request(), SPEC).max_tokens == 1000
    assert bounded(request(max_tokens=5000), SPEC).max_tokens == 1000
    assert bounded(request(max_tokens=70), SPEC).max_tokens == 70
    assert bounded(request(), ModelSpec("x")).max_tokens == 4096


@given(st.text(), st.integers(1, 4000))
def test_the_worst_case_is_never_less_than_our_own_count(text: str, most: int) -> None:
    """Whatever is written: bytes are more than tokens."""
    asked = bounded(request(text, max_tokens=most), SPEC)
    bid = bid_of(asked, SPEC)
    used = estimated(asked, ModelAnswer("x" * min(most, 1000)))
    assert bid.tokens >= used.prompt_tokens + used.completion_tokens
    found = cost(used, PRICE)
    assert bid.cost is not None
    assert found is not None
    assert bid.cost >= found
