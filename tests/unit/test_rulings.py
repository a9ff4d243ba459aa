"""What operators read of risky calls: enough to rule on, and no document whole."""

from datetime import UTC, datetime

import pytest

from chatcrew.app import ruling_texts as texts
from chatcrew.hub import due
from chatcrew.hub.ports import Ruling
from chatcrew.ids import ConversationId
from chatcrew.messages import ConversationState, Snapshot, ToolResult
from chatcrew.tools import CallRow, CallState

HERE = ConversationId("acme", "acme-bot", 7)
NOW = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)


def row(state: CallState = CallState.WAITING, **arguments: object) -> CallRow:
    """Return a request."""
    return CallRow(
        id=12,
        tenant="shop/a",
        conversation=HERE,
        turn_id="t",
        run="r",
        tool="refund_order",
        digest="d",
        arguments=arguments,
        state=state,
        made_at=NOW,
        ruled_by="Patrícia [x](http://evil.example)",
    )


def test_a_request_shows_its_data_and_no_document_whole() -> None:
    """The last digits tell two people apart; orders and prices are shown as they are."""
    note = texts.asked(row(cpf="529.982.247-25", order=4471, valor="R$ 120,00"), until=NOW)
    assert "982" not in note
    assert "25" in note
    assert "4471" in note
    assert "120,00" in note
    assert "/bot aprovar 12" in note
    assert "23/11 13:30" in note


def test_what_others_wrote_makes_no_links_in_a_note() -> None:
    """A name, an argument or a tool's answer is shown letter by letter."""
    trap = "[clique](http://evil.example) ![x](http://a.example/p.png)"
    assert "[clique](" not in texts.asked(row(note=trap), until=None)
    done = texts.carried_out(row(), ToolResult(ok=True, text=trap))
    assert "[clique](" not in done
    assert "[x](" not in done


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (CallState.WAITING, "venceu"),
        (CallState.EXPIRED, "venceu"),
        (CallState.DENIED, "negado"),
        (CallState.DONE, "autorizado"),
        (CallState.UNKNOWN, "autorizado"),
    ],
)
def test_a_ruling_that_comes_too_late_says_why(state, words) -> None:
    """Each with its own words."""
    assert words in texts.not_waiting(row(state))


def test_several_timers_of_one_burst_are_all_told_of() -> None:
    """Notes add up, people are called where one calls them, a follow-up is kept."""
    state = ConversationState(HERE, snapshot=Snapshot(status="snoozed"), last_customer_id=5)
    fired = due.fire(due.Fired(), {"timer": "reminder", "text": "ligar"}, state=state)
    fired = due.fire(fired, {"timer": "snooze", "reason": "voltar"}, state=state)
    fired = due.fire(
        fired, {"timer": "approval"}, state=state, ruling=Ruling("n", "t", to_people=True)
    )
    fired = due.fire(fired, {"timer": "followup", "customer_id": 5}, state=state)
    assert len(fired.notes) == 3
    assert fired.opens
    assert fired.told == ("t",)
    assert fired.follow_up is not None
    later = ConversationState(HERE, last_customer_id=6)
    ended = due.fire(due.Fired(), {"timer": "followup", "customer_id": 5}, state=later)
    assert (ended.follow_up, ended.reason) == (None, "followup_customer_wrote")
    assert due.fire(due.Fired(), {"timer": "odd"}, state=later).reason == "timer_over"


def test_the_note_of_a_limit_is_not_told_to_whom_the_conversation_went_meanwhile() -> None:
    """Its inbox may be another business's by the time the timer fires (N1)."""
    state = ConversationState(ConversationId("acme", "acme-bot", 7), tenant="shop/rival")
    payload = {"timer": due.LIMIT, "text": "80%", "tenant": "shop/acme"}
    assert due.fire(due.Fired(), payload, state=state).notes == ()
    mine = {**payload, "tenant": "shop/rival"}
    assert due.fire(due.Fired(), mine, state=state).notes == ("80%",)
