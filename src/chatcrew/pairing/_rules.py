"""What both backends of pairing agree on: lengths, lifetimes, digests."""

import hashlib
import re
import secrets
from datetime import timedelta

CODE_MINUTES = 10
"""For how long a code can be redeemed."""

SESSION_HOURS = 12
"""For how long a browser stays paired (design §6)."""

MOST_WAITING = 3
"""Browsers that may wait in one conversation; the oldest makes room. Bounds what a slip can hit."""

MOST_MISSES = 3
"""Wrong codes in a conversation after which nobody who waits there can be paired any more."""

CODE_LIFE = timedelta(minutes=CODE_MINUTES)
SESSION_LIFE = timedelta(hours=SESSION_HOURS)

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


def new_code() -> str:
    """Return four digits, none of them leading zero: they are read aloud."""
    return str(1000 + secrets.randbelow(9000))


def browser_secret(known: str | None) -> str:
    """Return ``known`` where it has the shape of a secret of ours, else a new one."""
    if known is not None and _SECRET.fullmatch(known):
        return known
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """Return what is stored of a browser's secret; it has 256 bits, so no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def code_digest(account: str, number: int, code: str) -> str:
    """Return what is stored of a code, worth something in its conversation only."""
    return hashlib.sha256(f"{account}\n{number}\n{code}".encode()).hexdigest()
