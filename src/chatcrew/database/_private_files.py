"""Small files that only their owner may read, replaced in one step."""

import os
from pathlib import Path


def give_to_owner_of(folder: Path, file: int | Path) -> None:
    """Let what root writes into a user's folder belong to that user (a start with sudo, once)."""
    if os.geteuid() == 0:
        owner = folder.stat()
        os.chown(file, owner.st_uid, owner.st_gid)


def write_private(path: Path, text: str) -> None:
    """Write ``path`` with mode 0600, whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        give_to_owner_of(path.parent, temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
