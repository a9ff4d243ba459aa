"""The worker's side of one crew process, with the test playing the process."""

import asyncio
import socket

import pytest

from chatcrew.crews._frames import FrameError, encode
from chatcrew.crews._member import Member
from chatcrew.errors import CrewError


class Process:
    """A crew process whose lines the test says."""

    def __init__(self):
        ours, self.sock = socket.socketpair()
        self.killed = 0
        self.changes = 0
        self.member = Member(42, ours, kill=self.kill, changed=self.changed)

    def kill(self):
        self.killed += 1
        self.sock.close()

    def changed(self):
        self.changes += 1

    def say(self, **frame):
        self.sock.sendall(encode(frame))


@pytest.fixture
async def process():
    """Yield a process that is ready."""
    one = Process()
    one.say(kind="ready")
    await one.member.open(seconds=5)
    yield one
    await one.member.close()
    one.sock.close()


async def frame_of(turn):
    """Return the next thing in the turn's inbox."""
    async with asyncio.timeout(5):
        return await turn.inbox.get()


async def test_frames_reach_their_own_turn(process):
    """Two turns in one process never get each other's frames."""
    one, two = process.member.begin(), process.member.begin()

    process.say(kind="done", turn=two.number, text="second")
    process.say(kind="done", turn=one.number, text="first")

    assert (await frame_of(one))["text"] == "first"
    assert (await frame_of(two))["text"] == "second"
    assert process.member.running == 0


@pytest.mark.parametrize(
    "rubbish",
    [
        b"\xff\xff\xff\xff",
        (5).to_bytes(4, "big") + b"[1,2]",
        (3).to_bytes(4, "big") + b"{{{",
        encode({"kind": "rm -rf"}),
        encode({"kind": "done", "turn": 99, "text": "whose?"}),
        encode({"kind": "done", "turn": "1", "text": "no number"}),
    ],
)
async def test_a_process_that_breaks_the_protocol_is_killed(process, rubbish):
    """Oversized, malformed, unknown or misplaced frames end the process, and its turns with it."""
    turn = process.member.begin()

    process.sock.sendall(rubbish)

    assert await frame_of(turn) is None
    assert process.killed == 1
    assert process.member.why_gone.startswith("it broke the protocol")
    assert turn.ended.is_set()


async def test_a_process_that_ends_takes_its_turns_along(process):
    """A crash is seen at once through the closed socket."""
    turn = process.member.begin()

    process.sock.close()

    assert await frame_of(turn) is None
    assert process.member.gone.is_set()
    assert process.changes == 1


async def test_what_does_not_fit_the_pipe_is_refused_without_harm(process):
    """A prompt over the bound fails its own turn only."""
    turn = process.member.begin()
    with pytest.raises(FrameError, match="allowed"):
        process.member.send({"kind": "start", "text": "x" * (1 << 20)})
    process.member.forget(turn)

    assert turn.ended.is_set()
    assert not process.member.gone.is_set()


async def test_a_process_that_never_gets_ready_is_given_up():
    """A hanging start is killed and said to be so."""
    process = Process()
    with pytest.raises(CrewError, match="did not get ready"):
        await process.member.open(seconds=0.05)
    await process.member.close()

    assert process.killed == 1
