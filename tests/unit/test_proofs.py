"""Where a chain of records is broken: each kind of break by itself, and none where all is well."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chatcrew.ids import ConversationId
from chatcrew.messages import ActKind, Outcome, PartState, TurnState
from chatcrew.proofs import Break, Chain, Input, Sent, Turn, lines, prove
from chatcrew.proofs._text import BREAKS

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HEARD = Input("message", "message_created", 41, "d-1", NOW)
SAID = Sent(0, ActKind.MESSAGE, PartState.SENT, "tag-1", 1, NOW, NOW, 42, echoed=True)
TURN = Turn(
    id="t1",
    state=TurnState.FINISHED,
    worker="w0",
    attempts=1,
    started_at=NOW,
    decided_at=NOW,
    finished_at=NOW,
    outcome=Outcome.REPLIED,
    reason="crew",
    inputs=(HEARD,),
    parts=(SAID,),
)
CHAIN = Chain(
    conversation=ConversationId("demo", "bot", 7),
    tenant="health/varizemed",
    status="pending",
    due_at=None,
    leased_until=None,
    worker=None,
    turns=(TURN,),
)
DOUBTED = replace(SAID, position=1, state=PartState.UNKNOWN)
TOLD = replace(SAID, position=2, kind=ActKind.NOTE, message_id=43)
"""The note that tells people of a message whose fate nobody knows."""


def codes(chain: Chain, **options: object) -> list[str]:
    """Return what breaks."""
    return [one.code for one in prove(chain, now=NOW, **options).breaks]


def with_parts(*parts: Sent, **changes: object) -> Chain:
    """Return a chain whose turn has these parts."""
    return replace(CHAIN, turns=(replace(TURN, parts=parts, **changes),))


def test_a_whole_chain_has_no_break() -> None:
    """Also where Chatwoot itself was asked."""
    assert codes(CHAIN) == []
    assert codes(CHAIN, chatwoot={"tag-1": 1}) == []
    assert codes(with_parts(outcome=Outcome.DROPPED)) == []


@pytest.mark.parametrize(
    ("chain", "code"),
    [
        (replace(CHAIN, unheard=(40,)), "unheard"),
        (replace(CHAIN, waiting=(HEARD,)), "never_claimed"),
        (with_parts(SAID, state=TurnState.DECIDED), "abandoned"),
        (with_parts(outcome=None), "no_outcome"),
        (with_parts(), "nothing_said"),
        (with_parts(outcome=Outcome.HANDED_OFF), "nothing_said"),
        (with_parts(SAID, replace(SAID, position=1, state=PartState.PLANNED)), "left_over"),
        (with_parts(SAID, DOUBTED, TOLD), "in_doubt"),
        (with_parts(SAID, replace(DOUBTED, state=PartState.FAILED)), "nobody_told"),
        (with_parts(replace(SAID, state=PartState.FAILED)), "nobody_told"),
        (with_parts(replace(SAID, message_id=None)), "no_id"),
        (with_parts(SAID, replace(SAID, position=1, message_id=41)), "order"),
    ],
)
def test_each_kind_of_break_is_found(chain: Chain, code: str) -> None:
    """By the records alone."""
    assert codes(chain) == [code]


@pytest.mark.parametrize(
    ("held", "state", "code"),
    [
        ({}, PartState.SENT, "not_there"),
        ({"tag-1": 2}, PartState.SENT, "twice"),
        ({"tag-1": 1}, PartState.SKIPPED, "said_all_the_same"),
    ],
)
def test_what_chatwoot_itself_holds_is_held_against_the_records(
    held: dict[str, int], state: PartState, code: str
) -> None:
    """The read-back: a reply twice, or one that only we believe in."""
    told = Sent(1, ActKind.NOTE, PartState.SENT, "tag-2", 1, NOW, NOW, 43)
    chain = with_parts(replace(SAID, state=state), told, outcome=Outcome.DROPPED)

    assert codes(chain, chatwoot={**held, "tag-2": 1}) == [code]


def test_what_is_under_way_is_no_break() -> None:
    """Somebody has it, or will: that is told apart."""
    open_turn = replace(TURN, state=TurnState.OPEN, outcome=None, parts=(), finished_at=None)
    leased = replace(CHAIN, turns=(open_turn,), leased_until=NOW + timedelta(seconds=20))
    due = replace(CHAIN, waiting=(HEARD,), due_at=NOW + timedelta(hours=1))

    for chain, code in ((leased, "under_way"), (due, "waits")):
        proof = prove(chain, now=NOW)
        assert proof.whole
        assert [one.code for one in proof.pending] == [code]


def test_who_holds_no_lease_any_more_has_left_it() -> None:
    """A worker that died: without a due time nobody would come back to it."""
    open_turn = replace(TURN, state=TurnState.OPEN, outcome=None, parts=())
    over = replace(CHAIN, turns=(open_turn,), leased_until=NOW - timedelta(seconds=1))

    assert codes(over) == ["abandoned"]


@pytest.mark.parametrize("language", ["pt-BR", "en"])
def test_the_words_name_every_link_and_every_break(language: str) -> None:
    """With the numbers by which somebody finds them in Chatwoot and in the database."""
    proof = replace(
        prove(CHAIN, now=NOW, chatwoot={"tag-1": 1}),
        breaks=[Break(code, "t1", "x9") for code in BREAKS],
    )
    told = "\n".join(lines(proof, language, zone=UTC, limit=20))

    for word in ("d-1", "41", "t1", "42", "1x", "12:00:00", "x9", "demo/bot/7"):
        assert word in told
    assert len(told.splitlines()) == 5 + len(BREAKS)
    whole = "\n".join(lines(prove(CHAIN, now=NOW), language, zone=UTC, limit=1))
    assert {"pt-BR": "inteira", "en": "whole"}[language] in whole
