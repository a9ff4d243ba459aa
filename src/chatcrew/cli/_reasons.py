"""What stands in a command's way, said in the reader's language."""

import errno
from collections.abc import Mapping

from chatcrew.errors import ChatcrewError, ConfigErrors, StoreError
from chatcrew.tenancy import Fault

_SYSTEM: Mapping[int, tuple[str, str]] = {
    errno.ENOENT: ("não existe", "does not exist"),
    errno.EACCES: ("sem permissão", "no permission"),
    errno.EPERM: ("não é permitido", "it is not permitted"),
    errno.EROFS: ("o disco é só de leitura", "the disk is read-only"),
    errno.ENOSPC: ("o disco está cheio", "the disk is full"),
    errno.EDQUOT: ("a cota do disco acabou", "the disk quota is used up"),
    errno.EISDIR: ("é uma pasta", "is a folder"),
    errno.ENOTDIR: ("não é uma pasta", "is no folder"),
    errno.EEXIST: ("já existe", "is there already"),
    errno.EMFILE: ("arquivos abertos demais", "too many open files"),
}


class AlreadyOpen(StoreError):
    """Another process has the folder that this one needs.

    Args:
        folder: which.
        holder: number of that process, as far as it is known.
    """

    def __init__(self, folder: str, *, holder: object) -> None:
        self._said = (
            f"já está aberto em outro terminal (processo {holder}): termine lá primeiro",
            f"already running in {folder!r} (process {holder}): stop it there first",
        )
        super().__init__(self._said[1])

    def render(self, language: str) -> str:
        """Return it in ``pt-BR`` or ``en``."""
        return self._said[0 if language == "pt-BR" else 1]


class UnknownChannel(ChatcrewError):
    """A channel that the sandbox cannot play.

    Args:
        channel: what was said.
        known: what there is.
    """

    def __init__(self, channel: str, *, known: str) -> None:
        self._said = (
            f"canal desconhecido {channel!r}; há: {known}",
            f"unknown channel {channel!r}; there are: {known}",
        )
        super().__init__(self._said[1])

    def render(self, language: str) -> str:
        """Return it in ``pt-BR`` or ``en``."""
        return self._said[0 if language == "pt-BR" else 1]


class Unusable(ChatcrewError):
    """Something was said to a command that it can do nothing with.

    Args:
        pt: why, in Portuguese, with the way out.
        en: the same in English.
    """

    def __init__(self, pt: str, en: str) -> None:
        self._said = (pt, en)
        super().__init__(en)

    def render(self, language: str) -> str:
        """Return it in ``pt-BR`` or ``en``."""
        return self._said[0 if language == "pt-BR" else 1]


class UnknownTenant(ChatcrewError):
    """A tenant that has no file.

    Args:
        tenant: what was said.
        known: what there is.
    """

    def __init__(self, tenant: str, *, known: str) -> None:
        self._said = (
            f"negócio desconhecido {tenant!r}; há: {known}",
            f"unknown business {tenant!r}; there are: {known}",
        )
        super().__init__(self._said[1])

    def render(self, language: str) -> str:
        """Return it in ``pt-BR`` or ``en``."""
        return self._said[0 if language == "pt-BR" else 1]


def system_reason(error: OSError, language: str) -> str:
    """Return why the system refused a file; what is rare stands in the system's own words."""
    known = _SYSTEM.get(error.errno or 0)
    if known is not None:
        return known[1 if language == "en" else 0]
    return error.strerror or str(error)


def fault_lines(faults: ConfigErrors, language: str) -> list[str]:
    """Return a line for each fault, as ``chatcrew check`` says them."""
    return [
        one.render(language) if isinstance(one, Fault) else str(one) for one in faults.exceptions
    ]


def in_words(error: ChatcrewError | OSError, language: str) -> str:
    """Return what an error means that ends a command."""
    if isinstance(error, AlreadyOpen | UnknownChannel | UnknownTenant | Fault):
        return error.render(language)
    if isinstance(error, OSError):
        reason = error.strerror if error.errno not in _SYSTEM else system_reason(error, language)
        return f"{reason or error}: {error.filename or ''}".rstrip(": ")
    index = 0 if language == "pt-BR" else 1
    if isinstance(error, StoreError):
        said = ("o banco de dados não está à disposição", "the database is not available")
        return f"{said[index]}: {error}"
    return f"{('não é possível continuar', 'cannot go on')[index]}: {error}"
