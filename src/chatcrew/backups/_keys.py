"""Whether what is sealed in a backup can be opened here."""

from chatcrew.backups._archive import Reader
from chatcrew.backups._faults import BackupFault
from chatcrew.database.keys_in_use import ABOUT_KEY
from chatcrew.privacy import Keyring, Unsealable


def check_keys_of(archive: Reader, keys: Keyring) -> None:
    """See that the keys are at hand which the backup's rows are sealed with.

    Raises:
        BackupFault: one is missing, or is another of the same name.
    """
    for name, proof in archive.manifest.keys.items():
        try:
            keys.open(proof, ABOUT_KEY)
        except Unsealable:
            raise BackupFault(
                f"{archive.name}: foi cifrado com a chave {name!r}, que falta ou é outra; "
                "ponha-a em CHATCREW_ENCRYPTION_KEYS",
                f"{archive.name}: was sealed with the key {name!r}, which is missing or another; "
                "put it into CHATCREW_ENCRYPTION_KEYS",
            ) from None
