"""Pairing: one suite over PostgreSQL and memory; who may see what the tab shows (S2-08)."""

from datetime import timedelta

import pytest

from chatcrew.ids import ConversationId, new_id
from chatcrew.pairing import (
    CODE_MINUTES,
    SESSION_HOURS,
    MemoryPairings,
    Pairings,
    PostgresPairings,
    Redeemed,
)
from chatcrew.testing import ManualClock

HERE = ConversationId("acme", "acme-bot", 1532)
CLINIC = "health/varizemed"
SHOP = "cosmetics/bella"


@pytest.fixture
def clock() -> ManualClock:
    """Give a clock that the test moves."""
    return ManualClock()


@pytest.fixture(params=["memory", "postgres"])
def pairings(request: pytest.FixtureRequest, clock: ManualClock) -> Pairings:
    """Give pairing over each backend."""
    if request.param == "memory":
        return MemoryPairings(clock)
    return PostgresPairings(request.getfixturevalue("database"), clock)


async def redeem(
    pairings: Pairings,
    code: str,
    where: ConversationId = HERE,
    *,
    user_id: int = 12,
    tenant: str = CLINIC,
    order: str | None = None,
) -> Redeemed:
    """Let an operator write a code; each note is another one, unless it is named."""
    return await pairings.redeem(
        code,
        where,
        tenant=tenant,
        user_id=user_id,
        user_name="Patrícia",
        order=order or new_id(),
    )


async def test_a_code_pairs_its_browser_once_for_twelve_hours(pairings, clock) -> None:
    """The session is of that operator and that tenant; the code is worth nothing a second time."""
    begun = await pairings.begin("acme", 1532)
    assert await pairings.session(begun.secret, "acme", CLINIC) is None
    assert await redeem(pairings, begun.code) is Redeemed.PAIRED
    assert await redeem(pairings, begun.code) is Redeemed.UNKNOWN

    session = await pairings.session(begun.secret, "acme", CLINIC)
    assert session is not None
    assert (session.user_id, session.user_name, session.tenant) == (12, "Patrícia", CLINIC)
    assert await pairings.sessions() == [session]
    await clock.advance(timedelta(hours=SESSION_HOURS).total_seconds())
    assert await pairings.session(begun.secret, "acme", CLINIC) is None
    assert await pairings.sessions() == []


async def test_a_session_opens_no_other_tenant_and_no_other_account(pairings) -> None:
    """Nor does anybody else's secret, or the code itself, or nothing."""
    begun = await pairings.begin("acme", 1532)
    await redeem(pairings, begun.code)

    assert await pairings.session(begun.secret, "acme", SHOP) is None
    assert await pairings.session(begun.secret, "other", CLINIC) is None
    for secret in ("", begun.code, begun.secret[:-1], begun.secret + "A", begun.secret.swapcase()):
        assert await pairings.session(secret, "acme", CLINIC) is None


async def test_a_code_is_worth_something_in_its_conversation_only(pairings) -> None:
    """Who mistypes cannot let in a browser that shows another conversation or account."""
    begun = await pairings.begin("acme", 1532)
    assert await redeem(pairings, begun.code, ConversationId("acme", "acme-bot", 7)) is (
        Redeemed.UNKNOWN
    )
    other = ConversationId("other", "other-bot", 1532)
    assert await redeem(pairings, begun.code, other) is Redeemed.UNKNOWN
    assert await redeem(pairings, begun.code) is Redeemed.PAIRED


async def test_the_same_note_obeyed_again_finds_what_it_did(pairings) -> None:
    """A turn may be tried twice; the operator must not read that his code was wrong."""
    begun = await pairings.begin("acme", 1532)
    assert await redeem(pairings, begun.code, order="note 7") is Redeemed.PAIRED
    assert await redeem(pairings, begun.code, order="note 7") is Redeemed.PAIRED
    assert await redeem(pairings, begun.code, order="note 8") is Redeemed.UNKNOWN


async def test_a_code_runs_out(pairings, clock) -> None:
    """Nobody's forgotten page is paired by a note of the next day."""
    begun = await pairings.begin("acme", 1532)
    await clock.advance(CODE_MINUTES * 60)
    assert await redeem(pairings, begun.code) is Redeemed.UNKNOWN


async def test_three_wrong_codes_end_whoever_waits_there(pairings) -> None:
    """A code of four digits must not be guessed; a new one can be had."""
    begun = await pairings.begin("acme", 1532)
    wrong = str(1000 + (int(begun.code) + 1) % 9000)
    for _ in range(3):
        assert await redeem(pairings, wrong) is Redeemed.UNKNOWN
    assert await redeem(pairings, begun.code) is Redeemed.UNKNOWN

    again = await pairings.begin("acme", 1532, secret=begun.secret)
    assert again.secret == begun.secret
    assert await redeem(pairings, again.code) is Redeemed.PAIRED


async def test_only_three_browsers_wait_in_a_conversation(pairings, clock) -> None:
    """The oldest makes room, so that a thousand open pages do not make every code right."""
    begun = []
    for _ in range(4):
        begun.append(await pairings.begin("acme", 1532))
        await clock.advance(1)
    assert await redeem(pairings, begun[0].code) is Redeemed.UNKNOWN
    for one in begun[1:]:
        assert await redeem(pairings, one.code) is Redeemed.PAIRED


async def test_a_new_code_of_the_same_browser_replaces_its_old_one(pairings) -> None:
    """A page that is reloaded takes nobody's place."""
    first = await pairings.begin("acme", 1532)
    second = await pairings.begin("acme", 1532, secret=first.secret)
    if first.code != second.code:
        assert await redeem(pairings, first.code) is Redeemed.UNKNOWN
    assert await redeem(pairings, second.code) is Redeemed.PAIRED


@pytest.mark.parametrize("secret", ["", "short", "x" * 43 + "\n", "ç" * 43, "x" * 4000])
async def test_a_secret_that_is_none_of_ours_is_replaced(pairings, secret) -> None:
    """A page cannot choose a weak one."""
    assert (await pairings.begin("acme", 1532, secret=secret)).secret != secret


async def test_a_browser_is_paired_with_one_operator_for_several_tenants(pairings) -> None:
    """Who sits down next ends the sessions of who sat there before."""
    begun = await pairings.begin("acme", 1532)
    await redeem(pairings, begun.code)
    again = await pairings.begin("acme", 8, secret=begun.secret)
    await redeem(pairings, again.code, ConversationId("acme", "acme-bot", 8), tenant=SHOP)
    assert await pairings.session(begun.secret, "acme", CLINIC) is not None
    assert await pairings.session(begun.secret, "acme", SHOP) is not None

    third = await pairings.begin("acme", 1532, secret=begun.secret)
    await redeem(pairings, third.code, user_id=13)
    session = await pairings.session(begun.secret, "acme", CLINIC)
    assert session is not None
    assert session.user_id == 13
    assert await pairings.session(begun.secret, "acme", SHOP) is None


async def test_sessions_can_be_left_and_revoked(pairings) -> None:
    """By the browser itself, by an operator everywhere, for a whole account."""
    browsers = []
    for number, user_id in ((1, 12), (2, 12), (3, 13), (4, 14)):
        begun = await pairings.begin("acme", number)
        where = ConversationId("acme", "acme-bot", number)
        await redeem(pairings, begun.code, where, user_id=user_id)
        browsers.append(begun.secret)
    assert await pairings.leave(browsers[0]) == 1
    assert await pairings.leave(browsers[0]) == 0
    assert await pairings.revoke("acme", 12) == 1
    assert await pairings.revoke("other") == 0
    assert {one.user_id for one in await pairings.sessions()} == {13, 14}
    assert await pairings.revoke("acme") == 2
    assert [await pairings.session(one, "acme", CLINIC) for one in browsers] == [None] * 4


async def test_what_ran_out_is_deleted(pairings, clock) -> None:
    """Nothing of a browser stays behind."""
    await pairings.begin("acme", 1)
    begun = await pairings.begin("acme", 1532)
    await redeem(pairings, begun.code)
    assert await pairings.purge() == 0
    await clock.advance(CODE_MINUTES * 60)
    assert await pairings.purge() == 1
    await clock.advance(SESSION_HOURS * 3600)
    assert await pairings.purge() == 1
