"""Accounts: one suite over PostgreSQL and memory; who may enter the console (S2-20, S1-15)."""

import asyncio

import pytest

from chatcrew.accounts import (
    MOST_ADDRESS,
    MOST_HERE,
    MOST_NAME,
    QUICK,
    SESSION_HOURS,
    TRY_WINDOW,
    Accounts,
    AccountStore,
    BadAccount,
    Entered,
    MemoryAccounts,
    Passwords,
    PostgresAccounts,
    Principal,
    Refused,
    Role,
    Strength,
)
from chatcrew.testing import ManualClock

RIGHT = "um segredo bem longo"
HOME = "127.0.0.1"


@pytest.fixture
def clock() -> ManualClock:
    """Give a clock that the test moves."""
    return ManualClock()


@pytest.fixture(params=["memory", "postgres"])
def store(request: pytest.FixtureRequest, clock: ManualClock) -> AccountStore:
    """Give the store of each backend."""
    if request.param == "memory":
        return MemoryAccounts(clock)
    return PostgresAccounts(request.getfixturevalue("database"), clock)


@pytest.fixture
async def accounts(store: AccountStore) -> Accounts:
    """Give accounts with one owner."""
    accounts = Accounts(store, Passwords(QUICK))
    assert await accounts.add("ana", RIGHT, role=Role.OWNER)
    return accounts


async def entered(accounts: Accounts, name: str = "ana", password: str = RIGHT) -> Entered:
    """Sign somebody in who may."""
    found = await accounts.enter(name, password, address=HOME)
    assert isinstance(found, Entered)
    return found


async def test_who_signs_in_stays_so_for_twelve_hours(accounts, clock) -> None:
    """Each browser has a secret of its own, and the name may be typed in any case."""
    first, second = await entered(accounts), await entered(accounts, " ANA ")
    assert first.secret != second.secret
    session = await accounts.session(first.secret)
    assert session is not None
    assert session.who == Principal("ana", Role.OWNER)
    assert (session.expires_at - session.opened_at).total_seconds() == SESSION_HOURS * 3600
    await clock.advance(SESSION_HOURS * 3600 - 1)
    assert await accounts.session(first.secret) is not None
    await clock.advance(1)
    assert await accounts.session(first.secret) is None


async def test_nothing_that_proves_anything_is_stored(accounts, store) -> None:
    """Neither password nor secret: who reads the tables cannot sign in."""
    entered_ = await entered(accounts)
    kept = await store.password("ana")
    assert kept is not None
    assert kept.startswith("$argon2id$")
    assert RIGHT not in kept
    assert await store.session(entered_.secret) is not None
    assert await accounts.session("A" * 43) is None
    assert await accounts.session("no secret of ours") is None
    assert await accounts.session(None) is None


@pytest.mark.parametrize(
    ("name", "password"),
    [("ana", "outra senha qualquer"), ("bia", RIGHT), ("", ""), ("ana", RIGHT + "x" * 1000)],
)
async def test_a_wrong_name_looks_like_a_wrong_password(accounts, name, password) -> None:
    """Nobody learns who has an account."""
    assert await accounts.enter(name, password, address=HOME) == Refused()


async def test_a_name_is_taken_once_and_what_cannot_be_one_is_refused(accounts) -> None:
    """A second account of a name would sign in with the first one's rights."""
    assert not await accounts.add("Ana", RIGHT, role=Role.VIEWER)
    for name, password in (("a b", RIGHT), ("", RIGHT), ("bia", "curta"), ("bia", "x" * 1001)):
        with pytest.raises(BadAccount):
            await accounts.add(name, password, role=Role.VIEWER)
    assert [one.name for one in await accounts.users()] == ["ana"]


async def test_who_is_signed_in_has_the_rights_of_now(accounts) -> None:
    """A right that was taken away counts from the next click on, not from the next day."""
    await accounts.add("bia", RIGHT, role=Role.ADMIN, tenants=["health/varizemed"])
    bia = await entered(accounts, "bia")
    assert bia.who == Principal("bia", Role.ADMIN, frozenset({"health/varizemed"}))
    assert await accounts.change("bia", role=Role.VIEWER, tenants=[])
    session = await accounts.session(bia.secret)
    assert session is not None
    assert session.who == Principal("bia", Role.VIEWER, frozenset())
    assert not await accounts.change("nobody", role=Role.OWNER)


async def test_sessions_end_by_leaving_by_revoking_and_with_a_new_password(accounts) -> None:
    """A lost notebook, a lost password, a person who left."""
    await accounts.add("bia", RIGHT, role=Role.VIEWER)
    one, two, three = await entered(accounts), await entered(accounts), await entered(accounts)
    bia = await entered(accounts, "bia")
    assert {user.name: user.sessions for user in await accounts.users()} == {"ana": 3, "bia": 1}
    assert await accounts.leave(one.secret)
    assert not await accounts.leave(one.secret)
    assert await accounts.revoke("ana") == 2
    assert [await accounts.session(gone.secret) for gone in (one, two, three)] == [None] * 3
    again = await entered(accounts)
    assert await accounts.set_password("ana", "outro segredo bem longo")
    assert await accounts.session(again.secret) is None
    assert await accounts.enter("ana", RIGHT, address=HOME) == Refused()
    assert await accounts.session(bia.secret) is not None
    assert await accounts.remove("bia")
    assert await accounts.session(bia.secret) is None
    assert not await accounts.remove("bia")
    assert not await accounts.set_password("bia", RIGHT)


async def test_wrong_passwords_are_counted_by_name_and_address(accounts, clock) -> None:
    """After five even the right one has to wait, from this address; the owner's own desk works."""
    for _ in range(MOST_HERE):
        assert await accounts.enter("ana", "errada errada", address="10.0.0.9") == Refused()
    refused = await accounts.enter("ana", RIGHT, address="10.0.0.9")
    assert refused == Refused(TRY_WINDOW.total_seconds())
    assert isinstance(await accounts.enter("ana", RIGHT, address=HOME), Entered)
    await clock.advance(TRY_WINDOW.total_seconds())
    assert isinstance(await accounts.enter("ana", RIGHT, address="10.0.0.9"), Entered)


async def test_names_and_addresses_have_a_bound_of_their_own(accounts) -> None:
    """Neither many names from one address nor one name from many addresses goes on for ever."""
    for number in range(MOST_ADDRESS):
        await accounts.enter(f"nome{number}", "errada errada", address="10.0.0.9")
    refused = await accounts.enter("bia", RIGHT, address="10.0.0.9")
    assert isinstance(refused, Refused)
    assert refused.wait > 0
    for number in range(MOST_NAME):
        await accounts.enter("ana", "errada errada", address=f"10.1.0.{number}")
    refused = await accounts.enter("ana", RIGHT, address=HOME)
    assert isinstance(refused, Refused)
    assert refused.wait > 0


async def test_right_passwords_are_not_counted(accounts) -> None:
    """Who signs in often is no attacker."""
    for _ in range(MOST_HERE + 2):
        await entered(accounts)


async def test_tries_at_the_same_moment_are_counted_each(accounts) -> None:
    """A hundred guesses at once are no more than five."""
    tries = (accounts.enter("ana", "errada errada", address="10.0.0.9") for _ in range(20))
    refused = await asyncio.gather(*tries)
    assert sum(one == Refused() for one in refused) == MOST_HERE


async def test_what_ran_out_is_deleted(accounts, clock) -> None:
    """Nothing of a browser or of who tried stays behind."""
    await entered(accounts)
    await accounts.enter("ana", "errada errada", address="10.0.0.9")
    store = accounts._store
    assert await store.purge() == 0
    await clock.advance(TRY_WINDOW.total_seconds())
    assert await store.purge() == 5
    await clock.advance(SESSION_HOURS * 3600)
    assert await store.purge() == 1


async def test_a_hash_of_another_strength_is_made_anew_when_somebody_signs_in(store) -> None:
    """Stronger parameters of a later version reach old accounts, and nobody is signed out."""
    before = Accounts(store, Passwords(QUICK))
    await before.add("ana", RIGHT, role=Role.OWNER)
    first, kept = await entered(before), await store.password("ana")
    after = Accounts(store, Passwords(Strength(passes=2, kibibytes=64, lanes=1)))
    await entered(after)
    assert await store.password("ana") != kept
    assert await after.session(first.secret) is not None
    await entered(after)
