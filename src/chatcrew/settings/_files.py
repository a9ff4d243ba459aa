"""A secret setting may stand in a file of its own: stack files mount secrets, not variables."""

from pathlib import Path

PREFIX = "file:"
MAX_BYTES = 64 * 1024


def from_file(said: str) -> str:
    """Return what a ``file:PATH`` points to, without the newline editors leave; others as they are.

    Read once, when a process starts: a changed database address needs new connections anyway.

    Raises:
        ValueError: the file is missing, unreadable, empty or too long; names the file only.
    """
    if not said.startswith(PREFIX):
        return said
    place = Path(said.removeprefix(PREFIX))
    try:
        with place.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
        text = raw.decode("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "UTF-8?"
        raise ValueError(f"{str(place)!r}: não se lê / cannot be read: {reason}") from None
    if not text:
        raise ValueError(f"{str(place)!r}: o arquivo está vazio / the file is empty")
    if len(raw) > MAX_BYTES:
        raise ValueError(f"{str(place)!r}: o arquivo é longo demais / the file is too long")
    return text
