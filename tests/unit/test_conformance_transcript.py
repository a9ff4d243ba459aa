"""What conformance compares: everything that somebody sees differs, ids and times do not (N17)."""

from pathlib import Path

import pytest
from benchmarks._chaos_talks import Outside
from benchmarks._conform_town import Place, Town
from benchmarks._conform_transcript import difference, transcript

from chatcrew.testing import FakeChatwoot, FakeModelServer


async def seen(
    *,
    skip: int = 0,
    words: tuple[str, ...] = ("Oi!", "Custa R$ 350."),
    note: str = "passei em 3 s",
    status: str = "pending",
    labels: tuple[str, ...] = (),
    acted: int = 1,
    strangers: int = 0,
) -> list[str]:
    """Return the transcript of one conversation in a town of its own."""
    async with FakeChatwoot() as chatwoot:
        chatwoot.skip_ids(skip)
        account = chatwoot.add_account(1)
        inbox = account.add_inbox(21, channel="Channel::Whatsapp")
        bot = account.add_bot(7)
        place = Place("clinic", account, inbox, bot, account.add_agent(11))
        outside = Outside()
        outside.acted[71] = acted
        here = Path()
        town = Town(chatwoot, FakeModelServer(), outside, {"clinic": place}, here, here, here)
        contact = account.add_contact(name="Maria")
        talk = await chatwoot.customer_says(inbox, contact, "Quanto custa?")
        town.talks["asks"] = talk
        for text in words:
            await chatwoot.bot_says(talk, text)
        await chatwoot.bot_says(talk, note, private=True)
        talk.status = status
        talk.labels = list(labels)
        for _ in range(strangers):
            await chatwoot.begins(inbox, account.add_contact(name="Bia"))
        return transcript(town)


async def test_ids_and_lengths_of_time_make_no_difference() -> None:
    """Two runs of the same stories have the same transcript."""
    plain = await seen()

    assert difference(plain, await seen(skip=500, note="passei em 41 s")) == []
    assert any("Custa R$ 350." in line for line in plain)


@pytest.mark.parametrize(
    "other",
    [
        {"words": ("Oi!", "Custa R$ 350.", "Custa R$ 350.")},
        {"words": ("Custa R$ 350.", "Oi!")},
        {"words": ("Oi!",)},
        {"words": ("Oi!", "Custa R$ 351.")},
        {"note": "fiquei com ela"},
        {"status": "open"},
        {"labels": ("abuso",)},
        {"acted": 2},
        {"strangers": 1},
    ],
    ids="-".join,
)
async def test_what_somebody_sees_otherwise_is_found(other: dict[str, object]) -> None:
    """Said twice, in another order, not at all, in other words; acted twice; another state."""
    assert difference(await seen(), await seen(**other)) != []
