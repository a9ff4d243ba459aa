"""A process that has imported everything once and forks ingress and workers as it is asked."""

import contextlib
import fcntl
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from chatcrew.app.offspring import PACKET, Nursery
from chatcrew.app.parent import call_process, die_with_parent
from chatcrew.intents import load_languages
from chatcrew.telemetry import measure_anew

_LATER = ("watchfiles", "anyio._backends._asyncio", "numpy.random")
"""What watches the files, the part of it that is read with its first use, and what teaches."""

Command = Callable[[Sequence[str]], object]
"""Runs a command of ours by its words, as ``chatcrew`` on a command line does."""


@contextlib.contextmanager
def warmed(command: Command) -> Iterator[Nursery | None]:
    """Give what starts children by a fork, a tenth of what a new interpreter's imports cost.

    Before there is any loop: what is forked while others run inherits their locks, and nobody who
    opens them. None where it cannot be (not Linux, or somebody runs already).

    Args:
        command: what a child runs.
    """
    _import()
    if sys.platform != "linux" or _threads() > 1:
        yield None
        return
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    gc.collect()
    gc.freeze()  # a collection in a child would write into each object, and so copy it
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        ours.close()
        try:
            die_with_parent(parent)
            call_process("chatcrew", "template")
            serve(theirs, command)
        finally:
            os._exit(0)
    theirs.close()
    nursery = Nursery(pid, ours, Path.cwd())
    try:
        yield nursery
    finally:
        nursery.close()
        with contextlib.suppress(ChildProcessError):  # killed, and buried since
            os.waitpid(pid, 0)


def _import() -> None:
    """Import what ingress and workers are made of: children share this memory."""
    from chatcrew.app import ingress, worker  # noqa: F401, PLC0415 - only here both are needed


def _learn() -> None:
    """Load what children need a little later, 0.8 s of a processor, while others start.

    That is the languages that a worker tells apart, and libraries that are imported at their use.
    """
    # A second thread of its own would forbid to fork; our few small matrices gain nothing by it
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    load_languages()
    for library in _LATER:
        with contextlib.suppress(ImportError):  # a child does without it, and says so
            importlib.import_module(library)
    gc.collect()
    gc.freeze()


def _threads() -> int:
    """Return how many threads run here, also those of libraries that Python knows nothing of."""
    return sum(1 for _ in Path("/proc/self/task").iterdir())


def serve(control: socket.socket, command: Command) -> None:
    """Fork what is asked for and tell how it ended, until the other end is closed.

    To be called in a process with one thread.

    Raises:
        RuntimeError: somebody else runs in it.
    """
    _import()
    _learn()
    if _threads() > 1:
        raise RuntimeError("threads run before the fork")
    with contextlib.suppress(ConnectionError):  # closed, with something that was not read yet
        _serve(control, command)


def _serve(control: socket.socket, command: Command) -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.close(nothing)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; who decides is above
    woken, wake = os.pipe()
    heard = control.fileno()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    while True:
        ready, _, _ = select.select([heard, woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
            _reap(control)
        if heard in ready:
            packet, received, _, _ = socket.recv_fds(control, PACKET, 16)
            if not packet:
                return
            _fork(control, command, packet, received, mine=(woken, wake))


def _fork(
    control: socket.socket,
    command: Command,
    packet: bytes,
    received: Sequence[int],
    *,
    mine: Sequence[int],
) -> None:
    """Start what one packet asks for, and send the other end its number and a handle of it."""
    pid: int | None = None
    request = json.loads(packet)
    number = request["number"]
    try:
        pid = os.fork()
    except OSError as error:
        told, handles = {"refused": error.errno, "number": number}, []
    if pid == 0:
        signal.set_wakeup_fd(-1)
        for one in (control.detach(), *mine):
            os.close(one)
        _live(command, request, received)
    if pid is not None:
        # It has not been reaped, so this number can be nobody else's yet
        told, handles = {"forked": pid, "number": number}, [os.pidfd_open(pid)]
    socket.send_fds(control, [json.dumps(told).encode()], handles)
    for one in (*received, *handles):
        os.close(one)


def _reap(control: socket.socket) -> None:
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            code = os.waitstatus_to_exitcode(ended[1])
            control.send(json.dumps({"ended": ended[0], "code": code}).encode())


def _live(command: Command, request: Mapping[str, Any], received: Sequence[int]) -> None:
    """Be the child: run its command to the end and leave with its code; never returns."""
    code = 1
    try:
        for number in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _place(received, [int(number) for number in request["descriptors"]])
        os.chdir(request["folder"])
        os.environ.clear()
        os.environ.update(request["environment"])
        measure_anew()
        words = request["words"]
        call_process("chatcrew", *words)
        sys.argv[1:] = words
        command(words)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - the last frame of a process, as the interpreter's own
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _place(received: Sequence[int], wanted: Sequence[int]) -> None:
    """Give inherited descriptors the numbers that the words name."""
    above = 1 + max(wanted, default=0)
    high = [fcntl.fcntl(one, fcntl.F_DUPFD, above) for one in received]
    for one in received:
        os.close(one)
    for one, number in zip(high, wanted, strict=True):
        os.dup2(one, number)
        os.close(one)
