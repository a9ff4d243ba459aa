"""API tokens: one suite over PostgreSQL and memory; nothing that opens anything is stored."""

from datetime import timedelta

import pytest

from chatcrew.accounts import (
    MARK,
    MemoryTokens,
    PostgresTokens,
    Principal,
    Role,
    TokenStore,
    is_token,
)
from chatcrew.testing import ManualClock

SHOP = frozenset({"cosmetics/acme"})


@pytest.fixture
def clock() -> ManualClock:
    """Give a clock that the test moves."""
    return ManualClock()


@pytest.fixture(params=["memory", "postgres"])
def store(request: pytest.FixtureRequest, clock: ManualClock) -> TokenStore:
    """Give the store of each backend."""
    if request.param == "memory":
        return MemoryTokens(clock)
    return PostgresTokens(request.getfixturevalue("database"), clock)


async def test_a_token_stands_for_its_role_and_tenants(store: TokenStore) -> None:
    """It is told once; lists show how it begins."""
    secret = await store.add("loja", role=Role.ADMIN, tenants=SHOP)
    every = await store.add("casa", role=Role.OWNER, tenants=None)

    assert secret is not None
    assert every is not None
    assert is_token(secret)
    assert await store.whose(secret) == Principal("loja", Role.ADMIN, SHOP)
    assert await store.whose(every) == Principal("casa", Role.OWNER)
    assert [(one.name, one.shown) for one in await store.tokens()] == [
        ("casa", every[: len(MARK) + 6]),
        ("loja", secret[: len(MARK) + 6]),
    ]


async def test_a_name_is_taken_once(store: TokenStore) -> None:
    """The audit log tells tokens apart by it."""
    first = await store.add("loja", role=Role.VIEWER, tenants=SHOP)
    second = await store.add("loja", role=Role.OWNER, tenants=None)

    assert second is None
    assert first is not None
    assert await store.whose(first) == Principal("loja", Role.VIEWER, SHOP)


async def test_a_revoked_token_is_nobodys_and_its_name_free(store: TokenStore) -> None:
    """The new one of that name is another."""
    old = await store.add("loja", role=Role.VIEWER, tenants=SHOP)

    assert await store.revoke("loja")
    assert not await store.revoke("loja")
    new = await store.add("loja", role=Role.VIEWER, tenants=SHOP)

    assert old is not None
    assert new is not None
    assert await store.whose(old) is None
    assert await store.whose(new) is not None


async def test_a_token_ends_by_itself(store: TokenStore, clock: ManualClock) -> None:
    """At its moment, not after it."""
    ends = clock.now() + timedelta(days=90)
    secret = await store.add("loja", role=Role.VIEWER, tenants=SHOP, expires_at=ends)
    assert secret is not None

    await clock.advance(90 * 24 * 3600 - 1)
    before = await store.whose(secret)
    await clock.advance(1)

    assert before is not None
    assert await store.whose(secret) is None
    assert [one.expires_at for one in await store.tokens()] == [ends]


async def test_when_it_was_used_is_known_to_the_minute(
    store: TokenStore, clock: ManualClock
) -> None:
    """A call within the minute writes nothing."""
    secret = await store.add("loja", role=Role.VIEWER, tenants=SHOP)
    assert secret is not None
    assert [one.used_at for one in await store.tokens()] == [None]
    first = clock.now()
    await store.whose(secret)
    await clock.advance(30)
    await store.whose(secret)
    soon = [one.used_at for one in await store.tokens()]
    await clock.advance(30)
    await store.whose(secret)

    assert soon == [first]
    assert [one.used_at for one in await store.tokens()] == [first + timedelta(minutes=1)]


@pytest.mark.parametrize("said", ["", MARK, f"{MARK}short", "x" * 49, f"{MARK}{'x' * 44}"])
async def test_what_is_no_token_is_nobodys(store: TokenStore, said: str) -> None:
    """Whatever was sent."""
    assert not is_token(said)
    assert await store.whose(said) is None
