"""What a child of the supervisor is: it does not outlive it, and ``ps`` shows what it does."""

import ctypes
import os
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int, *, by: signal.Signals = signal.SIGTERM) -> None:
    """Ask the kernel to send a signal to this process when its parent ends (prctl(2), Linux).

    Args:
        parent: pid of the parent as it told us; if it is gone already, this process ends at once.
        by: the signal.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, by)
    if os.getppid() != parent:
        os.kill(os.getpid(), by)


def call_process(*words: str) -> None:
    """Have ``ps`` show ``words`` as the command line of this process (proc(5), Linux).

    A forked process has that of its parent. The kernel reads it where the program was given it, so
    there is as much room as that had; what is longer is cut off.
    """
    if sys.platform != "linux":
        return
    fields = Path("/proc/self/stat").read_bytes().rpartition(b")")[2].split()
    begin, end = int(fields[45]), int(fields[46])  # arg_start, arg_end; the third field is [0]
    if 0 < begin < end:
        title = b"\0".join(word.encode() for word in words)[: end - begin - 1]
        ctypes.memmove(begin, title.ljust(end - begin, b"\0"), end - begin)
