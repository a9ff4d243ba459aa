"""The template process: imports CrewAI once, then forks crew processes as the worker asks."""

import asyncio
import gc
import json
import os
import shutil
import signal
import socket
import sys
import threading
from pathlib import Path

from chatcrew.crews import _switches
from chatcrew.crews._wire import RolePart, Script, TaskPart
from chatcrew.messages import ModelAnswer, ToolResult

_MESSAGE = 4096
_WARM_UP = Script(
    "sequential",
    (RolePart("warm", "Warm-up", "Start", "You start.", 1),),
    (TaskPart("warm", "Say ready.", "ready", "warm"),),
)


class _Silent:
    """Answers the crew that warms CrewAI up: without it the first real turn would be slow."""

    async def ask_model(self, *_: object, **__: object) -> ModelAnswer:
        """Answer the one call there is."""
        return ModelAnswer("ready")

    async def ask_tool(self, *_: object) -> ToolResult:
        """Refuse: there are no tools."""
        return ToolResult(ok=False, text="")


def main() -> None:
    """Serve the control socket named on the command line until the worker is gone.

    One JSON object per packet: ``{"ready": …}`` or ``{"broken": why}`` at first, then
    ``{"fork": 1}`` → ``{"forked": pid}`` with the worker's end of the socket; ``{"kill": pid}``.
    """
    control = socket.socket(fileno=int(sys.argv[1]))
    scratch = Path(sys.argv[2])
    children: set[int] = set()

    def leave(*_: object) -> None:
        for pid in children:
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(scratch, ignore_errors=True)
        os._exit(0)

    signal.signal(signal.SIGTERM, leave)
    try:
        # While CrewAI is imported nobody reads the socket: the kernel has to watch the worker.
        _switches.die_with_parent(int(sys.argv[3]), signal.SIGTERM)
        try:
            _prepare()
        except Exception as fault:  # noqa: BLE001 - whatever an import raises, the worker is told why no crew comes
            broken = {"broken": f"{type(fault).__name__}: {fault}"[:500]}
            control.send(json.dumps(broken).encode())
            return
        control.send(json.dumps({"ready": os.getpid()}).encode())
        _serve(control, children)
    finally:
        leave()


def _prepare() -> None:
    """Import CrewAI in a closed room and warm it up.

    Raises:
        RuntimeError: threads are left, of which a forked process would have none.
    """
    # What an import makes stays: to walk it again and again was a fifth of CrewAI's
    gc.disable()
    _switches.shut_in()
    from chatcrew.crews import _crewai  # noqa: PLC0415 - behind the closed door

    asyncio.run(_crewai.run(_WARM_UP, _Silent()))
    left = [
        thread.name for thread in threading.enumerate() if thread is not threading.main_thread()
    ]
    if left:
        raise RuntimeError(f"threads are left before the fork: {left}")
    gc.collect()
    gc.freeze()
    gc.enable()


def _serve(control: socket.socket, children: set[int]) -> None:
    """Do what the worker asks until it closes its end."""
    control.settimeout(1.0)
    while True:
        _reap(children)
        try:
            packet = control.recv(_MESSAGE)
        except TimeoutError:
            continue
        if not packet:
            return
        request = json.loads(packet)
        if "fork" in request:
            _fork(control, children)
        elif request["kill"] in children:
            # Only this process reaps, so the number cannot belong to somebody else by now.
            os.kill(request["kill"], signal.SIGKILL)


def _fork(control: socket.socket, children: set[int]) -> None:
    """Start one crew process and send the worker its end of the socket."""
    ours, theirs = socket.socketpair()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        # The worker's end must be open in the worker only, or its closing would go unnoticed.
        control.close()
        ours.close()
        from chatcrew.crews import _child  # noqa: PLC0415 - brings asyncio's users; imported already

        try:
            _child.main(theirs, parent)
        finally:
            os._exit(1)
    children.add(pid)
    theirs.close()
    socket.send_fds(control, [json.dumps({"forked": pid}).encode()], [ours.fileno()])
    ours.close()


def _reap(children: set[int]) -> None:
    """Forget the children that ended."""
    for pid in list(children):
        ended, _ = os.waitpid(pid, os.WNOHANG)
        if ended:
            children.discard(pid)


if __name__ == "__main__":
    main()
