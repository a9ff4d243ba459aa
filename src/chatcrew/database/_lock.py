"""A file lock (flock) that dies with its process and is inherited by nobody."""

import fcntl
import os
from pathlib import Path

from chatcrew.database._private_files import give_to_owner_of

_held: set[int] = set()


def _forget_in_child() -> None:
    # A forked child shares the open file, so it would keep the lock alive after our death.
    # (A child that execs does not: Python's descriptors are close-on-exec.)
    for descriptor in _held:
        os.close(descriptor)
    _held.clear()


os.register_at_fork(after_in_child=_forget_in_child)


class FileLock:
    """An exclusive lock on ``path``, which is created and never removed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def try_acquire(self) -> bool:
        """Take the lock if it is free; say whether we hold it now. Touches the disk."""
        if self._descriptor is not None:
            return True
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        except OSError:
            os.close(descriptor)
            raise
        _held.add(descriptor)
        self._descriptor = descriptor
        give_to_owner_of(self._path.parent, descriptor)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        return True

    def holder(self) -> str:
        """Return the process id that the last holder wrote down, for people; '?' if unknown."""
        try:
            return self._path.read_text(encoding="ascii", errors="replace").strip() or "?"
        except OSError:
            return "?"

    def release(self) -> None:
        """Let the lock go; harmless when it is not held."""
        if self._descriptor is not None:
            _held.discard(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = None
