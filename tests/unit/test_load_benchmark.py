"""The load of a thousand users: what the lean Chatwoot sends, and when users write."""

import asyncio
import json
import random
import sys
from pathlib import Path

import pytest

from chatcrew.chatwoot.webhook import parse

sys.path.append(str(Path(__file__).parents[2]))  # pytest, unlike python -m pytest, leaves it out
from benchmarks import _peer
from benchmarks._lean import LeanChatwoot, Talk
from benchmarks._scenes import Scenes, record
from benchmarks._users import KINDS, Mix, _Load, arrivals
from benchmarks.soak import Series


@pytest.fixture(scope="module")
def scenes() -> Scenes:
    """Give what FakeChatwoot sends, act by act."""
    return asyncio.run(record())


async def test_a_turn_of_the_load_has_the_webhooks_of_a_turn_of_chatwoot(scenes: Scenes) -> None:
    """What is measured is not made lighter than it is: every echo and receipt is there (S1-74)."""
    asked = [one.event for one in scenes["first", "pending"].webhooks]
    told = [one.event for one in scenes["reply", "pending"].webhooks]

    assert sorted(asked) == ["conversation_updated", "message_created"]
    assert sorted(told[:2]) == ["conversation_updated", "message_created"]
    assert told[2:] == ["message_updated"] * 4
    opened = {one.event for one in scenes["open", "pending"].webhooks}
    assert opened == {"conversation_opened", "conversation_status_changed", "conversation_updated"}


async def test_a_filled_webhook_is_one_that_the_server_reads(scenes: Scenes) -> None:
    """No recorded id, text or time is left in it, and it is read like Chatwoot's own (S1-74)."""
    sent: list[bytes] = []
    chatwoot = LeanChatwoot(scenes, threads=0, keep_alive=False)
    talk = chatwoot.customer_writes(None, 'Onde fica a "clínica"?', 0.0)
    number, answer = chatwoot._answer(
        "POST",
        f"/api/v1/accounts/1/conversations/{talk.number}/messages",
        json.dumps(
            {"content": "Na rua <A>.", "content_attributes": {"chatcrew": {"bubble": [1, 2]}}}
        ).encode(),
    )
    sent += [template.fill(values) for template, _, values, _ in chatwoot._waiting]

    assert number == 200
    assert json.loads(answer)["content"] == "Na rua <A>."
    events = [parse(body) for body in sent]
    assert [event.name for event in events][:3] == [
        "conversation_updated",
        "message_created",
        "message_created",
    ]
    for body in sent:
        assert not any(mark in body for mark in (b"TEXT-OF", b"770001", b"12345678", b"9008800"))
    first, echo = json.loads(sent[1]), json.loads(sent[2])
    assert first["content"] == 'Onde fica a "clínica"?'
    assert echo["content_attributes"] == {"chatcrew": {"bubble": [1, 2]}}
    assert echo["id"] > first["id"]


async def test_a_call_that_no_scene_knows_is_counted(scenes: Scenes) -> None:
    """A load in which the server asked for what the lean Chatwoot lacks is not a valid one."""
    chatwoot = LeanChatwoot(scenes, threads=0, keep_alive=False)
    chatwoot.talks[1] = Talk(1)

    chatwoot._answer("GET", "/api/v1/accounts/1/conversations/1/messages", b"")

    assert chatwoot.heard.unknown == {"GET messages": 1}


def test_users_come_at_their_own_times_and_more_of_them_after_the_ramp() -> None:
    """The load is open: no answer moves a moment, and the same seed gives the same ones (S1-74)."""
    moments = list(arrivals(random.Random(3), rate=50.0, seconds=60.0, ramp=20.0))

    assert moments == list(arrivals(random.Random(3), rate=50.0, seconds=60.0, ramp=20.0))
    assert moments == sorted(moments)
    early = sum(moment < 10.0 for moment in moments)
    late = sum(moment >= 50.0 for moment in moments)
    assert 60 < early < 190  # a quarter of the full rate on average
    assert 400 < late < 600


async def test_an_answer_counts_from_the_moment_the_message_was_due(scenes: Scenes) -> None:
    """A load that came late itself hides nothing of the wait (coordinated omission)."""
    chatwoot = LeanChatwoot(scenes, threads=0, keep_alive=False)
    load = _Load(chatwoot, Mix("", rate=0.0, seconds=0.0))
    load._write(100.0)
    talk = chatwoot.talks[1]

    load.said(talk, "Rua das Acácias", 103.5)
    load.said(talk, "mais uma", 104.0)

    assert [seconds for kind in KINDS for seconds in load.answers[kind]] == [3.5]
    assert load.stray == 1


async def test_a_peer_answers_customers_and_passes_over_every_echo(scenes: Scenes) -> None:
    """The baselines have the same work, and are not charged for answering themselves."""
    chatwoot = LeanChatwoot(scenes, threads=0, keep_alive=False)
    talk = chatwoot.customer_writes(None, "Onde fica a clínica?", 0.0)
    said = json.dumps(_peer.reply("Na rua A.")).encode()
    chatwoot._answer("POST", _peer.place("", talk.number), said)

    asked = [_peer.asked(template.fill(values)) for template, _, values, _ in chatwoot._waiting]
    assert [one for one in asked if one is not None] == [(talk.number, "Onde fica a clínica?")]
    assert "Acácias" in str(_peer.by_keyword("Onde fica a clínica?"))
    assert _peer.by_keyword("Sinto um formigamento") is None


def test_the_slope_of_a_soak_leaves_the_warm_up_out() -> None:
    """What fills in the first minutes and stays is flat; what goes on growing is not."""
    filled, leaking = Series(), Series()
    for minute in range(21):
        filled.add(minute * 60.0, 100.0 + 20.0 * min(minute, 5))
        leaking.add(minute * 60.0, 100.0 + 20.0 * minute)

    assert filled.settled().slope() == 0.0
    assert filled.settled().growth() == 0.0
    assert leaking.settled().slope() * 60 == pytest.approx(20.0)
    assert leaking.settled().growth() > 1.0
