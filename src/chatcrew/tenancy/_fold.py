"""Text without case, accents and punctuation, so that two spellings of a phrase are one."""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=8192)  # a domain's phrases are folded again for each of its tenants
def folded(text: str) -> str:
    """Return the words of ``text``, bare, with one space between them."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = (char if char.isalnum() else " " for char in plain if not unicodedata.combining(char))
    return " ".join("".join(kept).split())
