"""Where the parts of the embedded database are, and the note that tells other processes."""

import asyncio
import hashlib
import json
import os
import secrets
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sqlalchemy import URL

from chatcrew.database._account import Account
from chatcrew.database._binaries import open_folder
from chatcrew.database._private_files import write_private
from chatcrew.database._process import can_use
from chatcrew.errors import StoreError
from chatcrew.telemetry import get_logger

_log = get_logger("database")

SYSTEM_DIR = Path("/var/lib/chatcrew")
"""Where root's database keeps what its account could not reach in the data folder."""

ROLE = DATABASE = "chatcrew"
PORT = 5432  # names the socket file; no TCP port is opened

# sockaddr_un.sun_path holds 108 bytes with the closing NUL on Linux, 104 on macOS (unix(7))
_SOCKET_PATH_LIMIT = 103


@dataclass(frozen=True, slots=True)
class Places:
    """Paths of one embedded database: ``home`` is the server's, the rest lies in ``data_dir``."""

    data_dir: Path
    home: Path
    socket_dir: Path

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.home / "cluster"

    @property
    def log_dir(self) -> Path:
        """Where the server writes its log."""
        return self.home / "log"

    def url(self) -> URL:
        """Return the address with its password (``str()`` of it hides that). Reads a file."""
        return URL.create(
            "postgresql+asyncpg",
            username=ROLE,
            password=password_file(self.data_dir).read_text(encoding="utf-8").strip(),
            database=DATABASE,
            query={"host": str(self.socket_dir), "port": str(PORT)},
        )

    def write_note(self) -> None:
        """Tell other processes, and the next owner, where things are."""
        note = {"home": str(self.home), "socket_dir": str(self.socket_dir)}
        write_private(_note_file(self.data_dir), json.dumps(note) + "\n")

    @classmethod
    def from_note(cls, data_dir: Path) -> Self | None:
        """Return what the last owner wrote down, or None. Reads a file."""
        try:
            note = json.loads(_note_file(data_dir).read_text(encoding="utf-8"))
            return cls(data_dir, Path(note["home"]), Path(note["socket_dir"]))
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError(f"{str(_note_file(data_dir))!r} is not readable: {error}") from error


def has_embedded(data_dir: Path) -> bool:
    """Return whether an embedded server ever ran for a data folder. Reads the disk."""
    return _note_file(data_dir.absolute()).exists()


def lock_file(data_dir: Path) -> Path:
    """Return the file whose flock says who owns the server."""
    return data_dir / "postgres.lock"


def password_file(data_dir: Path) -> Path:
    """Return the file (0600) with the password of our database role."""
    return data_dir / "postgres.password"


def _note_file(data_dir: Path) -> Path:
    return data_dir / "postgres.json"


def new_password() -> str:
    """Return a random password of 256 bits, safe inside a URL and an SQL literal."""
    return secrets.token_urlsafe(32)


def make_data_dir(data_dir: Path) -> None:
    """Make the data folder: private; as root, the database's account may pass through it."""
    if not data_dir.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        data_dir.chmod(0o711 if os.geteuid() == 0 else 0o700)


def known_cluster(data_dir: Path) -> Path:
    """Return where the cluster is, or would be if nothing stands in the way."""
    noted = Places.from_note(data_dir)
    return noted.cluster if noted is not None else data_dir / "postgres" / "cluster"


async def settle_places(data_dir: Path, account: Account, *, system_dir: Path) -> Places:
    """Decide where the database lives, making 0700 folders that ``account`` owns. Holds the lock.

    In the data folder where that works. Where root's data folder is closed to ``account`` (below
    a 0700 home, say), in ``system_dir`` under a hash of its path; that is logged and noted.

    Raises:
        StoreError: a database that was made is out of reach now.
    """
    home, fresh = await asyncio.to_thread(_expected_home, data_dir, account)
    if account.switch and not await can_use(account, home):
        if not fresh:
            raise StoreError(
                f"the embedded database in {str(home)!r} cannot be reached by user id "
                f"{account.uid}: a folder above it is closed to that user"
            )
        home = await asyncio.to_thread(_move_home, home, data_dir, account, system_dir)
        if not await can_use(account, home):
            raise StoreError(
                f"user id {account.uid} can reach neither {str(data_dir)!r} nor {str(home)!r}"
            )
    return await asyncio.to_thread(_make_folders, data_dir, home, account)


def _expected_home(data_dir: Path, account: Account) -> tuple[Path, bool]:
    """Return the home there is, or the one we would like, and whether it is a new one."""
    noted = Places.from_note(data_dir)
    home = noted.home if noted is not None else data_dir / "postgres"
    fresh = noted is None and not (home / "cluster").exists()
    _private_folder(home, account)
    return home, fresh


def _move_home(home: Path, data_dir: Path, account: Account, system_dir: Path) -> Path:
    home.rmdir()
    home = system_dir / "clusters" / _digest(data_dir)
    open_folder(home.parent)
    _set_aside(home)
    _private_folder(home, account)
    _log.info("database.kept_elsewhere", data_dir=str(data_dir), home=str(home))
    return home


def _make_folders(data_dir: Path, home: Path, account: Account) -> Places:
    places = Places(data_dir, home, _socket_dir(home, Places.from_note(data_dir), account))
    for folder in (places.log_dir, places.socket_dir):
        _private_folder(folder, account)
    return places


def _private_folder(folder: Path, account: Account) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    if account.switch:
        os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)


def _set_aside(home: Path) -> None:
    # No note leads here, so the data folder it belonged to was deleted: whoever does that wants
    # to begin anew, and must not be given the old customers back. Nor do we delete a database.
    if home.exists():
        aside = home.with_name(f"{home.name}.{time.time_ns()}")
        home.rename(aside)
        _log.warning("database.set_aside", old=str(home), now=str(aside))


def _socket_dir(home: Path, noted: Places | None, account: Account) -> Path:
    inside = home / "socket"
    if _fits(inside):
        return inside
    for candidate in (
        *([noted.socket_dir] if noted is not None else []),
        Path(tempfile.gettempdir()) / f"chatcrew-{_digest(home)}",
    ):
        if _fits(candidate) and _is_ours(candidate, account):
            return candidate
    return Path(tempfile.mkdtemp(prefix="chatcrew-"))


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder / f".s.PGSQL.{PORT}.lock")) <= _SOCKET_PATH_LIMIT


def _is_ours(folder: Path, account: Account) -> bool:
    # The temporary folder is everybody's: somebody else may have put this name there to be found.
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        status = folder.lstat()
        return folder.is_dir() and not folder.is_symlink() and status.st_uid == account.uid
    except FileNotFoundError:
        return False  # the noted folder's parent is gone
    return True


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
