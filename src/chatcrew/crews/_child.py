"""A crew process: runs turns as the worker asks for them, until its socket closes."""

import asyncio
import functools
import itertools
import os
import signal
import socket
import traceback
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from chatcrew.crews import _crewai, _switches, _wire
from chatcrew.crews._executor import AnsweredNothing
from chatcrew.crews._frames import Frame, FrameError, Frames, encode
from chatcrew.crews._loop import Message, TurnAborted
from chatcrew.messages import ModelAnswer, ToolResult, ToolSpec

_THREADS = 64
"""Bound of threads for work handed from role to role; each such step blocks one meanwhile."""


def main(sock: socket.socket, parent: int) -> None:
    """Serve ``sock`` until it closes; called right after the fork from the process ``parent``."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _switches.die_with_parent(parent, signal.SIGKILL)
    _switches.write_nothing()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(_Process(sock).serve())


class _Turn:
    """One turn's way back to the worker."""

    def __init__(self, number: int, process: "_Process") -> None:
        self.number = number
        self.task: asyncio.Task[Frame] | None = None
        self._process = process
        self._calls: dict[int, asyncio.Future[Frame]] = {}
        self._numbers = itertools.count(1)
        self._aborted = False

    async def ask_model(
        self, role: str, messages: Sequence[Message], *, tools: Sequence[str | ToolSpec]
    ) -> ModelAnswer:
        """Return the model's answer.

        Raises:
            TurnAborted: the worker ended the turn.
            FrameError: the prompt is too long for the pipe.
        """
        frame = {"kind": _wire.MODEL_CALL, "role": role, "messages": messages, "tools": tools}
        return _wire.read_model_answer(await self._ask(frame))

    async def ask_tool(self, role: str, name: str, arguments: str) -> ToolResult:
        """Return what the tool answered.

        Raises:
            TurnAborted: the worker ended the turn.
            FrameError: the arguments are too long for the pipe.
        """
        frame = {"kind": _wire.TOOL_CALL, "role": role, "name": name, "arguments": arguments}
        return _wire.read_tool_answer(await self._ask(frame))

    async def _ask(self, frame: Frame) -> Frame:
        if self._aborted:
            raise TurnAborted
        call = next(self._numbers)
        data = encode({**frame, "turn": self.number, "call": call})
        future: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        self._calls[call] = future
        self._process.write(data)
        try:
            return await future
        finally:
            self._calls.pop(call, None)

    def answered(self, frame: Frame) -> None:
        """Hand an answer to the call that waits for it, if it still does."""
        future = self._calls.get(_wire.number(frame, "call"))
        if future is not None and not future.done():
            future.set_result(frame)

    def abort(self) -> None:
        """End the turn: what waits stops waiting, also in threads, and nothing more is asked."""
        self._aborted = True
        for future in self._calls.values():
            if not future.done():
                future.set_exception(TurnAborted())
        if self.task is not None:
            self.task.cancel()


class _Process:
    """Reads frames, starts and ends turns."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._turns: dict[int, _Turn] = {}
        self._writer: asyncio.StreamWriter | None = None

    async def serve(self) -> None:
        """Read until the worker closes its end; whatever still runs then dies with the process."""
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_THREADS))
        reader, self._writer = await asyncio.open_unix_connection(sock=self._sock)
        self.write(encode({"kind": _wire.READY}))
        frames = Frames()
        while data := await reader.read(1 << 16):
            for frame in frames.feed(data):
                self._take(frame)
        os._exit(0)  # threads that wait for an answer that will not come must not hold the exit

    def write(self, data: bytes) -> None:
        """Send one frame."""
        if self._writer is not None:
            self._writer.write(data)

    def _take(self, frame: Frame) -> None:
        """Act on one frame of the worker's."""
        number = _wire.number(frame, "turn")
        turn = self._turns.get(number)
        match frame.get("kind"):
            case _wire.START:
                turn = self._turns[number] = _Turn(number, self)
                turn.task = asyncio.create_task(self._run(turn, frame))
                turn.task.add_done_callback(functools.partial(self._ended, turn))
            case _wire.MODEL_ANSWER | _wire.TOOL_ANSWER if turn is not None:
                turn.answered(frame)
            case _wire.CANCEL if turn is not None:
                turn.abort()

    async def _run(self, turn: _Turn, frame: Frame) -> Frame:
        """Run one turn and return how it ended."""
        try:
            text = await _crewai.run(_wire.read_script(frame), turn)
        except AnsweredNothing:
            text = ""
        except Exception as fault:  # noqa: BLE001 - the turn runner of this process: CrewAI raises what it likes
            return {"kind": _wire.FAILED, "why": _why(fault)}
        return {"kind": _wire.DONE, "text": text}

    def _ended(self, turn: _Turn, task: asyncio.Task[Frame]) -> None:
        """Tell the worker how a turn ended, once; also one that was cancelled before it began."""
        del self._turns[turn.number]
        # What it left running, in threads too, must ask nothing more: nobody would answer.
        turn.abort()
        ending = {"kind": _wire.FAILED, "why": "cancelled"} if task.cancelled() else task.result()
        try:
            data = encode({**ending, "turn": turn.number})
        except FrameError:
            ending = {"kind": _wire.FAILED, "why": "its answer does not fit the pipe"}
            data = encode({**ending, "turn": turn.number})
        self.write(data)


def _why(fault: Exception) -> str:
    """Return the kind and the place of a fault: its message may hold a customer's words."""
    frames = traceback.extract_tb(fault.__traceback__)
    place = f" in {os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else ""  # noqa: PTH119 - a name from a traceback, no path to open
    return f"{type(fault).__name__}{place}"
