"""Puts accepted changes into their files, each whole; what somebody changed meanwhile stays."""

import os
import secrets
from pathlib import Path

from chatcrew.errors import ConfigError
from chatcrew.proposals._plan import Change, Plan


def write(plan: Plan) -> None:
    """Write both files of a plan; where the second cannot be written the first is as before.

    The business comes first: a server that reads it in between plays the tests it knows.

    Raises:
        ConfigError: a file is another one than the plan was made from; nothing was changed.
        OSError: the disk refuses it; nothing was changed.
    """
    changes = (plan.business, plan.tests)
    for change in changes:
        if _now(change.path) != change.before:
            raise ConfigError("somebody changed the file meanwhile", file=str(change.path))
    _replace(plan.business.path, plan.business.after)
    try:
        _replace(plan.tests.path, plan.tests.after)
    except OSError:
        _replace(plan.business.path, plan.business.before or "")
        raise


def lay_over(change: Change, *, root: Path, copy: Path) -> None:
    """Write a change into a copy of its folder tree instead.

    Args:
        change: of a file below ``root``.
        root: the folder that was copied.
        copy: where it was copied to.
    """
    (copy / change.path.relative_to(root)).write_bytes(change.after.encode())


def _now(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return None


def _replace(path: Path, text: str) -> None:
    """Write a file beside ``path`` and rename it there: a crash leaves the old one or the new."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
