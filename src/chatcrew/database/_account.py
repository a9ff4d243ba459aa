"""Which account of the machine PostgreSQL runs as, since it refuses to be root."""

import os
import pwd
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from chatcrew.errors import StoreError
from chatcrew.telemetry import get_logger

_log = get_logger("database")

ACCOUNT_NAME = "chatcrew"
"""The system user made for the embedded database when the server is started by root."""

_FALL_BACK = "nobody"


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the machine; ``switch`` says that we are root and have to become it."""

    uid: int
    gid: int
    switch: bool


def database_account(cluster: Path) -> Account:
    """Return the account that owns, or will own, ``cluster``. Blocks; may create a user as root.

    Whoever is not root runs PostgreSQL as himself. Root runs it as the owner of the files there
    are, else as the system user ``chatcrew``, else (no ``useradd``) as ``nobody``.

    Raises:
        StoreError: there is no account to use, or the files belong to somebody else.
    """
    owner = cluster.stat() if cluster.exists() else None
    if os.geteuid() != 0:
        if owner is not None and owner.st_uid != os.geteuid():
            raise StoreError(
                f"the embedded database in {str(cluster)!r} belongs to user id {owner.st_uid}: "
                "start chatcrew as that user or as root"
            )
        return Account(os.geteuid(), os.getegid(), switch=False)
    if owner is not None and owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid, switch=True)
    return _system_account()


def _system_account() -> Account:
    entry = _look_up(ACCOUNT_NAME) or _create()
    if entry is None:
        entry = _look_up(_FALL_BACK)
        _log.warning("database.account_missing", wanted=ACCOUNT_NAME, used=_FALL_BACK)
    if entry is None or entry.pw_uid == 0:
        raise StoreError(
            "PostgreSQL refuses to run as root and no other account could be made: create a "
            f"system user {ACCOUNT_NAME!r}, start chatcrew as a normal user, or set "
            "CHATCREW_DATABASE_URL"
        )
    return Account(entry.pw_uid, entry.pw_gid, switch=True)


def _look_up(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _create() -> pwd.struct_passwd | None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        return None
    # Several processes may find the user missing at once: the loser of that race is told that
    # the name is taken, or that /etc/passwd is locked, and then finds the user there.
    for _ in range(20):
        done = subprocess.run(  # noqa: S603 - a fixed command line, no shell
            [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
             "--shell", "/usr/sbin/nologin", ACCOUNT_NAME],
            check=False, capture_output=True, timeout=30,
        )  # fmt: skip
        entry = _look_up(ACCOUNT_NAME)
        if entry is not None:
            return entry
        if done.returncode != 1:  # useradd(8): 1 = cannot update the password file just now
            break
        time.sleep(0.1)
    return None
