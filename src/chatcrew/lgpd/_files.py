"""Files with people's data that our own commands wrote: written privately, deleted with them."""

import asyncio
import hashlib
import os
from pathlib import Path

from chatcrew.lgpd._port import PrivateFile


async def deleted(file: PrivateFile) -> bool:
    """Delete a file if it is still the one that was written; return whether it is gone now."""
    return await asyncio.to_thread(_deleted, file)


async def written(path: Path, content: bytes) -> str:
    """Write a file that only its owner may read; return the SHA-256 of its bytes.

    Raises:
        OSError: it cannot be written, or something is there already.
    """
    return await asyncio.to_thread(_written, path, content)


def _deleted(file: PrivateFile) -> bool:
    path = Path(file.path)
    try:
        if hashlib.sha256(path.read_bytes()).hexdigest() != file.sha256:
            return False
        path.unlink()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _written(path: Path, content: bytes) -> str:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    return hashlib.sha256(content).hexdigest()
