"""The layered cache behaves like a dict with a time to live, whatever its layers do."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chatcrew.cache import Kind, LayeredCache, LocalInvalidations, key
from chatcrew.cache._envelope import pack, unpack, value_of
from chatcrew.errors import UpstreamError
from chatcrew.testing import ManualClock
from chatcrew.testing._cache import FlakyStore

KEYS = [key(Kind.CHATWOOT, "health/acme", number) for number in range(3)]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abcé\0"), inner, max_size=4)
    ),
    max_leaves=12,
)
SECONDS = st.floats(0.01, 50)


class Layers(RuleBasedStateMachine):
    """Two processes over a shared layer; any layer may be away at any time.

    The model is a dict of value and moment of death. A miss is always allowed; a hit must be the
    last value written, and alive.
    """

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.clock = ManualClock()
        self.shared = FlakyStore(self.clock, "redis")
        port = LocalInvalidations()
        self.own = [
            [FlakyStore(self.clock, "memory"), FlakyStore(self.clock, "file")] for _ in range(2)
        ]
        self.caches = [
            LayeredCache([memory, self.shared, file], clock=self.clock, invalidations=[port])
            for memory, file in self.own
        ]
        for cache in self.caches:
            self.run(cache.__aenter__())
        # every value that may be found: since the last invalidation, with death and allowance
        self.written: dict[str, list[tuple[Any, float, float]]] = {}
        self.lives: dict[tuple[int, str], tuple[Any, float]] = {}
        self.counter = 0

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run ``work`` and whatever it has set going."""

        async def all_of_it() -> Any:
            result = await work
            await self.clock.advance(0)
            return result

        return self.loop.run_until_complete(all_of_it())

    def new_value(self) -> int:
        """Return a value that was never used before, so that an old one is recognised."""
        self.counter += 1
        return self.counter

    def check(self, name: str, value: Any, *, stale: float = 0.0) -> None:
        """Assert that ``value`` may be what is under ``name``, at most ``stale`` seconds late."""
        if value is None:
            return
        found = [entry for entry in self.written.get(name, []) if entry[0] == value]
        assert found, "a value that was invalidated or never written"
        _, death, allowance = found[0]
        assert self.clock.monotonic() < death + min(stale, allowance), "a value that has expired"

    @rule(name=st.sampled_from(KEYS), ttl=SECONDS, process=st.integers(0, 1))
    def set(self, name: str, ttl: float, process: int) -> None:
        """Write in one process; the other is told, as the app does."""
        value = self.new_value()
        self.run(self.caches[process].invalidate(name))
        self.run(self.caches[process].set(name, value, ttl=ttl))
        self.written[name] = [(value, self.clock.monotonic() + ttl, 0.0)]
        self.lives.clear()

    @rule(name=st.sampled_from(KEYS), process=st.integers(0, 1))
    def get(self, name: str, process: int) -> None:
        """Read in one process."""
        self.check(name, self.run(self.caches[process].get(name)))

    @rule(name=st.sampled_from(KEYS), process=st.integers(0, 1))
    def invalidate(self, name: str, process: int) -> None:
        """Forget in one process: neither finds it any more."""
        self.run(self.caches[process].invalidate(name))
        self.written.pop(name, None)
        self.lives.clear()
        for cache in self.caches:
            assert self.run(cache.get(name)) is None

    @rule(
        name=st.sampled_from(KEYS),
        ttl=SECONDS,
        stale=st.sampled_from([0.0, 20.0]),
        fails=st.booleans(),
        process=st.integers(0, 1),
    )
    def get_or_load(self, name: str, ttl: float, stale: float, fails: bool, process: int) -> None:
        """Read through: the value is the loaded one, or a live one, or a stale one on failure."""
        fresh = self.new_value()
        loaded = False

        async def load() -> int:
            nonlocal loaded
            loaded = True
            if fails:
                raise UpstreamError("away")
            return fresh

        async def ask() -> Any:
            try:
                return await self.caches[process].get_or_load(
                    name, load, ttl=ttl, stale_if_error=stale
                )
            except UpstreamError:
                return None

        value = self.run(ask())
        if value == fresh:
            assert loaded
            self.written.setdefault(name, []).append((fresh, self.clock.monotonic() + ttl, stale))
            self.lives.clear()
        else:
            self.check(name, value, stale=stale if loaded else 0.0)

    @rule(seconds=SECONDS)
    def pass_time(self, seconds: float) -> None:
        """Let time pass."""
        self.run(self.clock.advance(seconds))

    @rule(away=st.booleans())
    def shared_fails_or_returns(self, away: bool) -> None:
        """Redis goes or comes back, with whatever it held."""
        self.shared.away = away

    @rule(which=st.integers(0, 1), away=st.booleans(), process=st.integers(0, 1))
    def own_fails_or_returns(self, which: int, away: bool, process: int) -> None:
        """A layer of one process goes or comes back."""
        self.own[process][which].away = away

    @precondition(lambda self: self.written)
    @rule(process=st.integers(0, 1))
    def memory_is_lost(self, process: int) -> None:
        """A process is restarted: its memory is empty."""
        self.run(self.own[process][0].inner.clear())

    @invariant()
    def no_life_grows(self) -> None:
        """No layer holds a value longer than it was written for, and no copy gains time."""
        stores = [self.shared, *self.own[0], *self.own[1]]
        now = self.clock.monotonic()
        for number, store in enumerate(stores):
            for name in KEYS:
                entry = self.run(store.inner.get(name))
                if entry is None:
                    self.lives.pop((number, name), None)
                    continue
                death, said = now + entry.remaining, value_of(entry.value)
                before, known = self.lives.get((number, name), (said, death))
                if before != said:
                    # A newer value, written while this layer was away, has a life of its own
                    known = death
                self.lives[number, name] = said, min(known, death)
                assert death <= known + 1e-6
                for value, written, allowance in self.written.get(name, []):
                    if value == said:
                        assert death <= written + allowance + 1e-6

    def teardown(self) -> None:
        """Close everything; nothing may be left running."""
        for cache in self.caches:
            self.run(cache.aclose())
        assert not asyncio.all_tasks(self.loop)
        self.loop.close()


Layers.TestCase.settings = settings(max_examples=80, stateful_step_count=30, deadline=None)


class TestLayers(Layers.TestCase):  # type: ignore[name-defined, misc]  # hypothesis makes the class
    """Any sequence of operations and failures (S4-09)."""


@given(value=JSON, stale=st.floats(0, 1e6))
def test_any_json_survives_the_envelope(value: Any, stale: float) -> None:
    """What is packed is unpacked to the same value with the same allowance."""
    found = unpack(pack(value, stale=stale), deadline=1.0)

    assert found.value == value
    assert abs(found.stale - stale) <= 0.001


@given(raw=st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    """Foreign bytes give a value or ValueError, nothing else."""
    try:
        unpack(raw, deadline=1.0)
    except ValueError:
        return


@given(
    tenants=st.lists(
        st.text(st.characters(exclude_characters=":", min_codepoint=33), min_size=1),
        min_size=2,
        max_size=2,
        unique=True,
    ).filter(lambda pair: all("\x7f" not in one and one != "*" for one in pair)),
    parts=st.lists(JSON, max_size=3),
    kind=st.sampled_from(Kind),
)
def test_tenants_never_share_a_key(tenants: list[str], parts: list[Any], kind: Kind) -> None:
    """Whatever is asked, two tenants' keys differ and each names its tenant (S4-48)."""
    one, two = (key(kind, tenant, *parts) for tenant in tenants)

    assert one != two
    assert one.startswith(f"v1:{tenants[0]}:{kind}:")


@given(one=st.lists(JSON, max_size=3), two=st.lists(JSON, max_size=3))
def test_keys_are_equal_exactly_where_their_parts_are(one: list[Any], two: list[Any]) -> None:
    """No two questions share a digest by the way their parts are put together."""
    same = repr(one) == repr(two)

    keys = [key(Kind.SEARCH, "health/acme", *parts) for parts in (one, two)]

    assert (keys[0] == keys[1]) is same or one == two
