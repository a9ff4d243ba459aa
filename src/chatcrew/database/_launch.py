"""Run by path, as a script: become the database's account, ask to die with the parent, then exec.

    python -I -S _launch.py PARENT_PID UID GID run PROGRAM ARGUMENT...
    python -I -S _launch.py PARENT_PID UID GID probe FOLDER

UID -1 keeps the account. A program of its own and not a ``preexec_fn``: that runs Python between
fork and exec of a process with threads, and cannot be had with uvloop. Only the standard library,
since it runs without site-packages.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main(arguments: list[str]) -> int:
    """Do what the module's docstring says; return 0 if a probed folder can be used, else 1."""
    parent, uid, gid = (int(argument) for argument in arguments[:3])
    task, *rest = arguments[3:]
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    os.umask(0o077)
    if task == "probe":
        return 0 if os.access(rest[0], os.R_OK | os.W_OK | os.X_OK) else 1
    if sys.platform == "linux":
        # After setuid, which clears it. SIGINT is PostgreSQL's fast shutdown, so that a supervisor
        # killed with -9 leaves neither an orphan nor a database that needs recovery.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
    if os.getppid() != parent:
        return 1  # the parent died before we could ask to hear of it
    return os.execv(rest[0], rest)  # noqa: S606 - no shell is wanted; it is our own PostgreSQL


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
