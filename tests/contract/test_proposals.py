"""Drafts and proposals: one suite over PostgreSQL and memory."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chatcrew.ids import ConversationId
from chatcrew.messages import Fate, Suggestion
from chatcrew.proposals import (
    Cause,
    Content,
    DraftStore,
    Kind,
    MemoryDrafts,
    MemoryProposals,
    NewProposal,
    PostgresDrafts,
    PostgresProposals,
    Proposals,
    State,
)
from chatcrew.testing import ManualClock

WHERE = ConversationId("demo", "bot", 5)
DRAFT = Suggestion("t1", WHERE, "shop/ana", "Custa R$ 350.", asked=False, after=9, config="v")
NEW = NewProposal(
    "reply:bot:9",
    "shop/ana",
    WHERE,
    Kind.FAQ,
    Cause.COMMAND,
    "Ana",
    Content("R$ 250.", "quanto?", "R$ 350."),
)


@pytest.fixture
def clock() -> ManualClock:
    """Give a clock of the test's own."""
    return ManualClock()


@pytest.fixture(params=["memory", "postgres"])
def drafts(request: pytest.FixtureRequest, clock: ManualClock) -> DraftStore:
    """Give an empty store of each kind."""
    if request.param == "memory":
        return MemoryDrafts(clock)
    return PostgresDrafts(request.getfixturevalue("database"), clock)


@pytest.fixture(params=["memory", "postgres"])
def proposals(request: pytest.FixtureRequest, clock: ManualClock) -> Proposals:
    """Give an empty store of each kind."""
    if request.param == "memory":
        return MemoryProposals(clock)
    return PostgresProposals(request.getfixturevalue("database"), clock)


async def test_a_draft_is_one_per_turn_and_loses_its_words_with_its_fate(
    drafts: DraftStore, clock: ManualClock
) -> None:
    """The newest text of a turn counts; a fate that is known stays; figures are by business."""
    await drafts.keep(DRAFT)
    await drafts.keep(replace(DRAFT, text="Custa R$ 300."))
    await clock.advance(60)
    await drafts.keep(replace(DRAFT, turn_id="t2"))
    await drafts.keep(replace(DRAFT, turn_id="t3", tenant="shop/eva"))
    oldest, *_ = await drafts.open()
    assert oldest.suggestion.text == "Custa R$ 300."
    latest = await drafts.latest(WHERE, tenant="shop/ana")
    assert latest is not None
    assert latest.suggestion.turn_id == "t2"
    assert await drafts.latest(WHERE, tenant="shop/ivo") is None

    await drafts.settle("t1", Fate.EDITED, 0.75)
    await drafts.settle("t1", Fate.SENT, 1.0)
    await drafts.settle("t2", Fate.IGNORED, None)
    await drafts.keep(DRAFT)

    assert [one.suggestion.turn_id for one in await drafts.open()] == ["t3"]
    since = clock.now() - timedelta(hours=1)
    ana, eva = await drafts.figures(since=since)
    assert (ana.tenant, ana.made, ana.used, ana.likeness) == ("shop/ana", 2, 0.5, 0.75)
    assert ana.fates == {Fate.EDITED: 1, Fate.IGNORED: 1}
    assert (eva.made, eva.used) == (1, None)
    assert [one.tenant for one in await drafts.figures(since=since, tenant="shop/eva")] == [
        "shop/eva"
    ]
    assert await drafts.figures(since=clock.now() + timedelta(hours=1)) == []
    assert await drafts.purge(clock.now()) == 1
    assert await drafts.purge(clock.now() + timedelta(seconds=1)) == 2


async def test_a_reply_has_one_open_proposal_and_keeps_its_number(proposals: Proposals) -> None:
    """Corrected again it says the newest; closed, another correction is another proposal."""
    first = await proposals.make(NEW)
    again = await proposals.make(replace(NEW, content=Content("R$ 200.", "quanto?")))
    assert again.id == first.id
    assert not await proposals.mark(NEW)
    known = await proposals.get(first.id)
    assert known is not None
    assert known.new.content.text == "R$ 200."

    assert await proposals.answer(first.id, Content("R$ 180.", "quanto?"))
    assert await proposals.end(first.id, State.REJECTED, reason="não é isso")
    assert not await proposals.end(first.id, State.ACCEPTED)
    assert not await proposals.answer(first.id, NEW.content)
    assert not await proposals.mark(NEW)
    other = await proposals.make(NEW)

    assert other.id != first.id
    assert [one.id for one in await proposals.listed()] == [other.id]
    (closed,) = await proposals.listed(state=State.REJECTED)
    assert (closed.reason, closed.new.content.text) == ("não é isso", "R$ 180.")
    assert closed.ended_at is not None
    assert len(await proposals.listed(state=None)) == 2
    assert await proposals.listed(tenant="shop/eva", state=None) == []
    assert await proposals.get(999) is None
    assert await proposals.mark(replace(NEW, key="reply:bot:10"))


async def test_a_thumb_down_takes_no_correction_away(proposals: Proposals) -> None:
    """Who corrects a reply and then judges it badly, or does after another, loses no word (N10)."""
    bad = replace(NEW, made_by="Rui", content=Content("", "quanto?", "R$ 350."))
    first = await proposals.make(bad)
    assert (first.new.content.text, first.new.made_by) == ("", "Rui")
    assert (await proposals.make(NEW)).new == NEW
    assert (await proposals.make(bad)).new == NEW
    assert [one.new for one in await proposals.listed()] == [NEW]
