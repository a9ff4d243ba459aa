"""The last configuration that held, on this machine's disk.

A child of the supervisor that dies while a file is broken must come up again, and what it comes up
with is what its siblings still run (a running server is never harmed by its files).
"""

import contextlib
import os
from pathlib import Path

from chatcrew import tools
from chatcrew.settings import Settings
from chatcrew.tenancy import Configuration
from chatcrew.tenancy.snapshot import restored, snapshot, version_of

NAME = "configuration.json"


def keep(settings: Settings, version: str) -> bool:
    """Write the files down if they are still those of ``version``; return whether they were.

    They hold references to secrets, never secrets. A full disk is no reason to stop: the next
    version tries again.
    """
    seen, raw = snapshot(settings.mapping, settings.config_dir, settings.crews_dir)
    if seen != version:
        return False
    place = settings.data_dir / NAME
    fresh = place.with_name(f".{NAME}.{os.getpid()}")
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(raw)
        fresh.replace(place)
    except OSError:
        with contextlib.suppress(OSError):
            Path(fresh).unlink(missing_ok=True)
        return False
    return True


def kept(settings: Settings, *, unless: str = "") -> Configuration | None:
    """Return the configuration that was written down, None where there is none.

    Args:
        settings: where it lies.
        unless: of this version, None will do.
    """
    try:
        raw = (settings.data_dir / NAME).read_bytes()
    except OSError:
        return None
    if unless and version_of(raw) == unless:
        return None
    files = (settings.mapping, settings.config_dir, settings.crews_dir)
    return restored(raw, *files, tools=tools.names())
