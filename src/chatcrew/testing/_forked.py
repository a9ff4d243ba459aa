"""Commands of ours for tests without the seconds that a new interpreter needs to import them."""

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from chatcrew.app.offspring import PACKET, Nursery

_FOREIGN = ("CHATCREW_", "OPENAI_", "PROMETHEUS_")
_SCRIPT = Path(__file__).with_name("_warm.py")
_PLACE = 3
"""Number of the socket in a new template: behind its standard streams."""
_LEAVE_SECONDS = 5.0


class _Warm:
    """The process that imported everything, one for each process that runs tests."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def nursery(self) -> Nursery:
        """Return a new template of commands, which is gone once it is closed (blocks)."""
        with self._lock, ExitStack() as stack:
            control = self._control or self._start()
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            stack.enter_context(theirs)
            request = {
                "number": 0,  # who asks waits for the answer before anybody else asks
                "words": [str(_PLACE)],
                "descriptors": [_PLACE],
                "environment": outside(),
                "folder": "/",
            }
            socket.send_fds(control, [json.dumps(request).encode()], [theirs.fileno()])
            while True:
                packet, handles, _, _ = socket.recv_fds(control, PACKET, 1)
                for handle in handles:
                    os.close(handle)
                told = json.loads(packet)
                if "forked" in told:
                    return Nursery(told["forked"], ours, Path.cwd())

    def _start(self) -> socket.socket:
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        number = theirs.fileno()
        with theirs:
            # It goes when the other end is closed, also by the end of this process
            self._process = subprocess.Popen(  # noqa: S603 - our own script
                [sys.executable, "-P", str(_SCRIPT), str(number)],
                pass_fds=[number],
                env=outside(),
                stdin=subprocess.DEVNULL,
            )
        self._control = control
        atexit.register(self._end)
        return control

    def _end(self) -> None:
        """Let it go, which it does once this end is closed, and see it gone (blocks)."""
        with self._lock:
            if self._control is not None and self._process is not None:
                self._control.close()
                self._process.wait(timeout=_LEAVE_SECONDS)
                self._control = self._process = None


def outside() -> Mapping[str, str]:
    """Return the environment around the tests without what would change a chatcrew."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}


warm = _Warm()
