"""Text without case, accents and punctuation, so that two spellings of a phrase are one."""

import unicodedata


def folded(text: str) -> str:
    """Return the words of ``text``, bare, with one space between them."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = (char if char.isalnum() else " " for char in plain if not unicodedata.combining(char))
    return " ".join("".join(kept).split())
