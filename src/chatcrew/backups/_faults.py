"""Why a backup cannot be taken or restored, said with the way out in both languages."""

from chatcrew.errors import ChatcrewError


class BackupFault(ChatcrewError):
    """A backup that cannot be taken, read or restored; nothing was changed.

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


def broken(name: str, pt: str, en: str) -> BackupFault:
    """Return the fault of an archive that is not whole."""
    return BackupFault(
        f"{name}: o arquivo está danificado ({pt}); use outra cópia",
        f"{name}: the file is broken ({en}); use another backup",
    )
