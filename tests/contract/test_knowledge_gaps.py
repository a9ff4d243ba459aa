"""Unanswered questions: one suite over PostgreSQL and memory."""

import pytest

from chatcrew.knowledge import Gaps, MemoryGaps, PostgresGaps
from chatcrew.knowledge._gaps import MOST
from chatcrew.testing import ManualClock


@pytest.fixture
def clock() -> ManualClock:
    """Give a clock of the test's own."""
    return ManualClock()


@pytest.fixture(params=["memory", "postgres"])
def gaps(request: pytest.FixtureRequest, clock: ManualClock) -> Gaps:
    """Give an empty store of each kind."""
    if request.param == "memory":
        return MemoryGaps(clock)
    return PostgresGaps(request.getfixturevalue("database"), clock)


async def test_the_same_question_is_counted_however_it_is_written(
    gaps: Gaps, clock: ManualClock
) -> None:
    """Capitals, blanks and marks make no other question; the last time is known."""
    first = clock.now()
    for text in (
        "Vocês alugam bicicletas?",
        "vocês  alugam bicicletas",
        "VOCÊS ALUGAM BICICLETAS!",
    ):
        await gaps.note("shop/a", text)
        await clock.advance(60)
    await gaps.note("shop/a", "tem wifi?")

    found = await gaps.gaps("shop/a")

    assert [(one.question, one.count) for one in found] == [
        ("vocês alugam bicicletas", 3),
        ("tem wifi", 1),
    ]
    assert (found[0].last_at - first).total_seconds() == 120
    assert found[0].first_at == first
    assert len(await gaps.gaps("shop/a", limit=1)) == 1


async def test_nobody_is_known_by_what_is_kept(gaps: Gaps) -> None:
    """CPF, e-mail, phone and long numbers are left out (N15)."""
    await gaps.note(
        "shop/a",
        "meu cpf 529.982.247-25, fone (11) 98765-4321, ana@exemplo.com.br, pedido 1234567: e aí?",
    )

    kept = (await gaps.gaps("shop/a"))[0].question
    for part in ("529", "98765", "ana@", "exemplo.com", "1234567"):
        assert part not in kept
    assert "pedido" in kept


async def test_a_tenant_sees_only_its_own(gaps: Gaps) -> None:
    """Another business's customers are none of its business (S2-05)."""
    await gaps.note("shop/a", "tem wifi?")
    assert await gaps.gaps("shop/b") == []


async def test_the_oldest_give_way(gaps: Gaps, clock: ManualClock) -> None:
    """The list is bounded per tenant; what nobody asks any more goes first."""
    for number in range(MOST + 2):
        await gaps.note("shop/a", f"pergunta {'abcdefghij'[number % 10]}{number}")
        await clock.advance(1)
    found = {one.question for one in await gaps.gaps("shop/a", limit=MOST * 2)}

    assert len(found) == MOST
    assert "pergunta a0" not in found


@pytest.mark.parametrize("text", ["", "  ", "???", "👍", "\x00", "12345678"])
async def test_what_asks_nothing_is_not_kept(gaps: Gaps, text: str) -> None:
    """A sticker or a number alone is no gap."""
    await gaps.note("shop/a", text)
    assert await gaps.gaps("shop/a") == []
