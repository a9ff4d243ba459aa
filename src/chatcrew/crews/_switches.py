"""What is set around CrewAI before it is imported: environment, switches, limits, no way out."""

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

SWITCHES: Mapping[str, str] = {
    # Telemetry replaces the handlers of five signals at import and holds the exit up to 11 s.
    "CREWAI_DISABLE_TELEMETRY": "true",
    "CREWAI_DISABLE_TRACKING": "true",
    "OTEL_SDK_DISABLED": "true",
    # First-run tracing: 5 s on the first kickoff of a home directory.
    "CREWAI_TRACING_ENABLED": "false",
    "CREWAI_DISABLE_VERSION_CHECK": "true",
    "CREWAI_STORAGE_DIR": "chatcrew",
    "PYTHONDONTWRITEBYTECODE": "1",
}

PASSED_ON = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "PYTHONPATH", "LD_LIBRARY_PATH")
"""All a crew process gets from the worker's environment: what is let in, not what is kept out.

So no provider key, no database or Redis address; and never ``REDIS_URL``, which CrewAI would take
for its own locks.
"""

_PR_SET_PDEATHSIG = 1
_REFUSED = frozenset(
    {
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.gethostbyaddr",
        "socket.sendto",
        "subprocess.Popen",
        "os.system",
        "os.exec",
        "os.posix_spawn",
    }
)


def environment(outer: Mapping[str, str], scratch: Path) -> dict[str, str]:
    """Return the whole environment of the template process.

    Args:
        outer: the worker's environment.
        scratch: private directory that serves as home and as temporary folder.
    """
    kept = {name: outer[name] for name in PASSED_ON if name in outer}
    places = {name: str(scratch) for name in ("HOME", "TMPDIR", "XDG_DATA_HOME", "XDG_CACHE_HOME")}
    return {**kept, **SWITCHES, **places}


def die_with_parent(parent: int, signum: signal.Signals) -> None:
    """Have Linux send ``signum`` to this process when its parent ends (prctl(2)).

    Args:
        parent: process id of the parent that is meant; if it ended already, so does this process.
        signum: what is sent.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(signum))
    if os.getppid() != parent:
        signal.raise_signal(signum)


def shut_in() -> None:
    """Refuse every way out of this process from now on: connections, name look-ups, other programs.

    An audit hook cannot be removed again (PEP 578), by CrewAI as little as by anything it imports.
    """
    sys.addaudithook(_refuse)


def write_nothing() -> None:
    """Let this process write into no file and leave no core dump: they would hold what was said.

    Sockets and pipes are not concerned; a write to a file fails with EFBIG (setrlimit(2)).
    """
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _refuse(event: str, args: tuple[object, ...]) -> None:
    """Raise on an audit event that leads out of the process."""
    if event == "socket.connect":
        address = args[1]
        if isinstance(address, tuple):  # AF_UNIX addresses are text or bytes
            raise PermissionError("a crew process opens no connection")
    elif event in _REFUSED:
        raise PermissionError(f"a crew process may not {event}")
