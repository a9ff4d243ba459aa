"""What is written to disk: secrets that only their owner reads, and the mapping, all or nothing."""

import contextlib
import errno
import os
import secrets
import stat
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from chatcrew.errors import ConfigError, ConfigErrors
from chatcrew.tenancy import Fault

Check = Callable[[Path], Sequence[Fault]]
"""Says what is wrong with everything an admin edits if the mapping were this file."""

_FRESH = """\
# yaml-language-server: $schema=docs/schema/mapping.schema.json
#
# Quem é quem: conta e caixa de entrada do Chatwoot → empresa (tenant) e canal.
# Who is who: Chatwoot account and inbox → business (tenant) and channel.

version: 1

accounts: {}
"""


class KeyFolder:
    """Secrets of one account as files with mode 0600 in a folder with mode 0700.

    Every method touches the disk: call it in a thread.

    Args:
        folder: made when the first secret is written.
        mapping: the mapping file; references are relative to its folder where they lie below it.
    """

    def __init__(self, folder: Path, *, mapping: Path) -> None:
        self._folder = folder.absolute()
        self._beside = mapping.absolute().parent

    def reference(self, name: str) -> str:
        """Return how the mapping refers to a secret."""
        path = self._folder / name
        with contextlib.suppress(ValueError):
            return f"file:{path.relative_to(self._beside).as_posix()}"
        return f"file:{path.as_posix()}"

    def path(self, name: str) -> Path:
        """Return where a secret lies."""
        return self._folder / name

    def read(self, name: str) -> str | None:
        """Return a secret, None where there is none.

        Raises:
            OSError: it is there and cannot be read.
        """
        try:
            return self.path(name).read_text("utf-8").rstrip("\r\n") or None
        except FileNotFoundError:
            return None

    def same(self, name: str, value: str) -> bool:
        """Return whether a secret is there with this value, for its owner only."""
        if self.read(name) != value:
            return False
        modes = (self.path(name).stat().st_mode, self._folder.stat().st_mode)
        return not any(mode & (stat.S_IRWXG | stat.S_IRWXO) for mode in modes)

    def write(self, name: str, value: str) -> None:
        """Write a secret; a crash leaves the old one or the new one.

        Raises:
            OSError: the disk refuses it.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        _replace(self.path(name), value.encode(), mode=0o600)

    def may_write(self) -> None:
        """See that secrets could be stored; nothing is written.

        Raises:
            OSError: the disk would refuse it.
        """
        _may_write(self._folder)

    def made(self, name: str) -> str:
        """Return a secret of our own, made up when there is none yet.

        Raises:
            OSError: the disk refuses it.
        """
        found = self.read(name)
        if found is None:
            found = secrets.token_urlsafe(24)
            self.write(name, found)
        return found


@dataclass(frozen=True, slots=True)
class MappingFile:
    """``chatwoot_mapping.yaml`` as it was read; methods touch the disk.

    Attributes:
        path: of the file, links followed.
        text: its text; a beginning where there is no file yet.
        exists: whether there is one.
    """

    path: Path
    text: str
    exists: bool

    @classmethod
    def read(cls, path: Path) -> "MappingFile":
        """Read it.

        Raises:
            ConfigError: it is there and cannot be read.
        """
        real = Path(os.path.realpath(path))
        try:
            return cls(real, real.read_bytes().decode("utf-8"), exists=True)
        except FileNotFoundError:
            return cls(real, _FRESH, exists=False)
        except UnicodeDecodeError:
            raise ConfigError("the file is not UTF-8", file=str(path)) from None
        except OSError as error:
            reason = error.strerror or "unreadable"
            raise ConfigError(f"cannot be read: {reason}", file=str(path)) from None

    def replace(self, text: str, *, check: Check, now: datetime) -> Path | None:
        """Put ``text`` in its place if nothing new is wrong with it; return the backup's path.

        The new text is checked as a file beside the old one, because ``file:`` references start
        from there, and renamed into place (rename(2) is atomic).

        Raises:
            ConfigErrors: the new text has faults that the old one had not; nothing was changed.
            ConfigError: somebody else changed the file meanwhile; nothing was changed.
            OSError: the disk refuses it.
        """
        draft = self.path.with_name(f".{self.path.name}.new")
        try:
            mode = self.path.stat().st_mode & 0o777 if self.exists else 0o644
            _replace(draft, text.encode(), mode=mode)
            self._compare(draft, check)
            self._unchanged()
            backup = self._backup(now)
            draft.replace(self.path)
            return backup
        finally:
            draft.unlink(missing_ok=True)

    def rehearse(self, text: str, *, check: Check) -> None:
        """See that ``text`` could be put in its place, while the file and its folder rest.

        Raises:
            ConfigErrors: it has faults that the text before had not.
            OSError: the disk would refuse it.
        """
        _may_write(self.path.parent)
        with tempfile.TemporaryDirectory(prefix="chatcrew-") as folder:
            draft = Path(folder) / f"{self.path.name}.new"
            draft.write_bytes(text.encode())
            self._compare(draft, check)

    def _compare(self, draft: Path, check: Check) -> None:
        """Raise what is wrong with a draft and was not before."""
        before = {_key(fault) for fault in check(self.path)} if self.exists else set()
        faults: list[ConfigError] = [
            _as(fault, self.path) for fault in check(draft) if _key(fault) not in before
        ]
        if faults:
            raise ConfigErrors(faults)

    def _unchanged(self) -> None:
        now = self.path.read_bytes().decode("utf-8", "replace") if self.path.exists() else None
        if now != (self.text if self.exists else None):
            raise ConfigError("somebody changed the file meanwhile", file=str(self.path))

    def _backup(self, now: datetime) -> Path | None:
        if not self.exists:
            return None
        backup = self.path.with_name(f"{self.path.name}.bak-{now:%Y%m%d-%H%M%S}")
        _replace(backup, self.text.encode(), mode=self.path.stat().st_mode & 0o777)
        return backup


def _key(fault: Fault) -> tuple[str, str]:
    return fault.code, fault.path


def _as(fault: Fault, path: Path) -> Fault:
    """Return the fault under the name that the admin knows."""
    fault.file = str(path) if fault.file.endswith(".new") else fault.file
    return fault


def _may_write(folder: Path) -> None:
    """Raise what the disk would say to a file in a folder, which may have to be made first."""
    there = next(one for one in (folder, *folder.parents) if one.exists())
    if not there.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(there))
    if not os.access(there, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(there))


def _replace(path: Path, data: bytes, *, mode: int) -> None:
    """Write a file beside ``path`` and rename it there."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
