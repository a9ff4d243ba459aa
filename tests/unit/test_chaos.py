"""The harness that kills and stops processes: its scripts, its saboteur, its cuts, its judge."""

import asyncio
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from benchmarks import _chaos_house
from benchmarks._chaos_house import House, bound_socket
from benchmarks._chaos_orders import Sabotage
from benchmarks._chaos_script import LONG, OTHERS, RARE, TALKS, draw, read, save
from benchmarks._chaos_trial import Ended, Trial, talkovers
from benchmarks._cutter import Cutter
from benchmarks._saboteur import Saboteur

from chatcrew.clock import SystemClock
from chatcrew.points import POINTS
from chatcrew.testing import FakeChatwoot
from chatcrew.testing.judge import Heard, judge

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_a_seed_draws_the_same_run_again_and_another_seed_another() -> None:
    """A run can be repeated by its number (N3)."""
    assert draw(4, 60) == draw(4, 60)
    assert draw(4, 60) != draw(5, 60)


def test_three_hundred_blows_strike_every_point_with_both_signals() -> None:
    """And others fall on the database, Redis, the template and the clock while one is passed."""
    steps = draw(1, 300, redis=True)
    blows = [step for step in steps if step.kind == "point"]
    own = {(step.point, step.signal) for step in blows if not step.victim}

    assert len(blows) == 300
    assert own == {(point, number) for point in POINTS for number in ("SIGKILL", "SIGSTOP")}
    assert {(step.victim, step.signal) for step in blows if step.victim} == set(OTHERS)
    assert len({step.point for step in blows if step.victim}) == len(POINTS)
    assert {step.kind for step in steps} == {"point", "disk", "cut", "model", "chatwoot", "busy"}
    assert {talk for step in steps for talk in step.talks} == set(TALKS)
    assert {step.role for step in blows} == {"ingress", "worker"}
    assert any(step.seconds == LONG for step in steps)
    assert all(any(point.startswith(rare) for point in POINTS) for rare in RARE)
    effects = {effect for step in steps for effect, _, _ in step.faults}
    assert effects == {
        *("drop", "slow", "broken", "away", "refuse", "hang", "mute", "error", "cut")
    }


def test_without_a_redis_none_is_struck() -> None:
    """And the points are struck all the same."""
    steps = draw(1, 300)

    assert "redis" not in {step.victim for step in steps}
    assert len({(step.point, step.signal) for step in steps if not step.victim}) >= 188


def test_a_run_that_begins_later_is_the_rest_of_the_whole_one() -> None:
    """So that two short runs are one long one (``--first``)."""
    whole = [str(step).partition(":")[2] for step in draw(7, 60)]
    parts = [*draw(7, 25), *draw(7, 35, first=25)]

    assert [str(step).partition(":")[2] for step in parts] == whole


def test_a_script_in_a_file_is_the_script_that_was_played(tmp_path: Path) -> None:
    """Whoever gets the file of a violation plays the same steps, with the same things around."""
    steps = draw(9, 30)
    save(tmp_path / "one.json", steps[3:8], redis=True, violation="lost: a message")

    again, about = read(tmp_path / "one.json")

    assert again == steps[3:8]
    assert about == {"redis": True, "violation": "lost: a message"}


@pytest.fixture
def sabotage(tmp_path: Path) -> Sabotage:
    """Give a folder in which orders are given; a signal that does nothing is sent there."""
    made = Sabotage(tmp_path / "sabotage")
    made.folder.mkdir()
    made.prepare()
    return made


def test_an_order_is_obeyed_once_by_one_of_many_at_the_passage_it_names(sabotage) -> None:
    """Two workers pass the point; a process of another kind does not care."""
    first, second, other = (
        Saboteur(sabotage.folder, name, every=0.0) for name in ("worker-0", "worker-1", "ingress-0")
    )
    order = sabotage.order("worker", "hub.answer", nth=2, number=signal.SIGCONT.name)

    for saboteur in (other, other, first, second):
        saboteur.hear("hub.answer")
    assert sabotage.fired(order) is None
    first.hear("hub.check")
    first.hear("hub.answer")
    second.hear("hub.answer")
    second.hear("hub.answer")

    assert sabotage.fired(order) is not None
    fired = [row for row in sabotage.rows if row["what"] == "fired"]
    assert [(row["name"], row["point"]) for row in fired] == [("worker-0", "hub.answer")]
    assert sabotage.points() == {"hub.answer", "hub.check"}
    assert not sabotage.withdraw(order)


def test_an_order_that_is_withdrawn_is_obeyed_by_nobody(sabotage) -> None:
    """A point that is not passed in time strikes nobody later."""
    worker = Saboteur(sabotage.folder, "worker-0", every=0.0)
    order = sabotage.order("worker", "act.done", nth=1, number=signal.SIGCONT.name)
    worker.hear("act.begun")

    assert sabotage.withdraw(order)
    worker.hear("act.done")

    assert sabotage.fired(order) is None


def test_another_process_is_struck_while_a_point_is_passed(sabotage) -> None:
    """Whoever passes it goes on; where the other is not there nobody is, and that is told."""
    worker = Saboteur(sabotage.folder, "worker-0", every=0.0)
    with subprocess.Popen(["sleep", "60"]) as other:
        sabotage.name("redis", other.pid)
        ended = sabotage.order("worker", "hub.look", nth=1, number="SIGKILL", victim="redis")
        worker.hear("hub.look")
        assert other.wait(10) == -signal.SIGKILL
    sabotage.name("redis", None)
    lost = sabotage.order("worker", "hub.look", nth=1, number="SIGKILL", victim="redis")
    worker.hear("hub.look")

    assert (sabotage.fired(ended) or {})["pids"] == [other.pid]
    assert (sabotage.fired(ended) or {})["what"] == "fired"
    assert (sabotage.fired(lost) or {})["what"] == "spared"


def test_a_clock_jumps_while_a_point_is_passed(sabotage, monkeypatch) -> None:
    """Only that of the process that passes it."""
    monkeypatch.setattr(SystemClock, "now", SystemClock.now)
    worker = Saboteur(sabotage.folder, "worker-0", every=0.0)
    order = sabotage.order(
        "worker", "hub.look", nth=1, number="jump", victim="clock", seconds=3600.0
    )
    before = SystemClock().now()
    worker.hear("hub.look")

    assert SystemClock().now() - before > timedelta(seconds=3590)
    assert (sabotage.fired(order) or {})["what"] == "fired"


async def test_the_proxy_passes_bytes_on_until_it_cuts() -> None:
    """Both sides see a reset, and the next connection works again."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(100):
            writer.write(piece)
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, Cutter(f"http://127.0.0.1:{port}") as cutter:
        outer = int(cutter.url.rpartition(":")[2])
        for _ in range(2):
            reader, writer = await asyncio.open_connection("127.0.0.1", outer)
            writer.write(b"oi")
            assert await reader.readexactly(2) == b"oi"
            assert cutter.cut() == 1
            with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                await reader.readexactly(1)
            writer.close()
    assert cutter.cuts == 2


async def test_a_message_that_a_person_answered_is_neither_lost_nor_the_bots() -> None:
    """The judge: who takes over answers; without him silence is a loss."""
    async with FakeChatwoot() as chatwoot:
        account = chatwoot.add_account(1)
        inbox = account.add_inbox(21, channel="Channel::Whatsapp")
        account.add_bot(7)
        account.add_agent(12)
        talk = await chatwoot.customer_says(inbox, account.add_contact(), "Oi?")
        said = talk.messages[0]
        heard = [Heard(said.id, "t1", "finished", "dropped", "silenced_by_person")]
        assert judge([talk], heard, []).lost

        await chatwoot.agent_says(talk, "Oi, eu cuido.")

        verdict = judge([talk], heard, [])
        assert verdict.clean
        assert verdict.answered == 0
        assert verdict.outcomes == {"answered by a person: dropped (silenced_by_person)": 1}


@pytest.mark.parametrize(("told_after", "slow", "over"), [(0, 0, 1), (12, 0, 0), (0, 10, 0)])
def test_late_over_a_person_is_who_knew_of_him(told_after: int, slow: float, over: int) -> None:
    """20 s after his words: not where the webhook came late, or the machine stood still (N3)."""
    spoke = SimpleNamespace(id=5, created_at=NOON, by_person=True, to_customer=True)
    reply = SimpleNamespace(id=6, created_at=NOON + timedelta(seconds=20), content_attributes={})
    reply.by_person = False
    talk: Any = SimpleNamespace(id=3, messages=[spoke, reply], public_bot_replies=[reply])
    known: Any = SimpleNamespace(message=spoke, known_at=NOON + timedelta(seconds=told_after))
    trial = Trial({3: Ended(1, Counter())})

    talkovers(trial, talk, [known], slow=slow)

    assert trial.crossed == [20 - told_after]
    assert len(trial.violations) == over


class _Starts:
    """A cradle whose first child ends with an error, as beside a database that was killed."""

    def __init__(self) -> None:
        self._left = ["raise SystemExit(1)", "import time; print('worker.ready'); time.sleep(60)"]

    async def born(self, words: Any, *, log: Any, **_: Any) -> Any:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-u", "-I", "-S", "-c", self._left.pop(0), stdout=log
        )

    async def warm(self) -> None:
        pass

    async def close(self) -> None:
        pass


async def test_a_place_that_failed_once_and_works_since_is_no_fault(tmp_path, monkeypatch) -> None:
    """It began beside a database that was killed a moment before (N3)."""
    with bound_socket() as public, bound_socket() as admin:
        house = House(tmp_path, {}, workers=1, public=public, admin=admin)
        monkeypatch.setattr(house, "cradle", _Starts())
        del house.places[0]
        async with house:
            assert house.restarts == 1
            monkeypatch.setattr(_chaos_house, "_FAILING", 0.0)
            await house.working(house.whole)
