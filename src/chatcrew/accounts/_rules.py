"""What both backends of accounts agree on: names, lifetimes, digests, how often may be tried."""

import hashlib
import hmac
import re
import secrets
from datetime import timedelta

SESSION_HOURS = 12
"""For how long somebody stays signed in."""

SESSION_LIFE = timedelta(hours=SESSION_HOURS)

TRY_WINDOW = timedelta(minutes=15)
"""Time over which wrong passwords are counted."""

MOST_HERE = 5
"""Tries of one name from one address in the window."""

MOST_NAME = 30
"""Tries of one name from everywhere: more than one address may do, so that a stranger cannot keep
the owner out at his own desk by a handful of guesses."""

MOST_ADDRESS = 30
"""Tries from one address, of whatever names."""

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1000
"""Characters; longer ones would only keep the hash busy."""

_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,63}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


def account_name(said: str) -> str | None:
    """Return the name as it is kept (lower case), or None where it cannot be one."""
    name = said.strip().lower()
    return name if _NAME.fullmatch(name) else None


def new_secret() -> str:
    """Return 256 random bits as 43 characters, for a cookie."""
    return secrets.token_urlsafe(32)


def is_secret(said: str) -> bool:
    """Return whether it has the shape of a secret of ours."""
    return _SECRET.fullmatch(said) is not None


def digest(secret: str) -> str:
    """Return what is stored of a secret; it has 256 bits, so no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def form_token(secret: str) -> str:
    """Return what a form of this browser has to bring along: it cannot be told from outside."""
    return hmac.new(secret.encode(), b"chatcrew form", hashlib.sha256).hexdigest()


def try_keys(name: str, address: str) -> dict[str, int]:
    """Return under which digests a try is counted, and how many each allows.

    Digests, because somebody may have typed a password where his name belongs.
    """
    said = name.strip().lower()
    keys = {f"here\n{address}\n{said}": MOST_HERE, f"name\n{said}": MOST_NAME}
    keys[f"address\n{address}"] = MOST_ADDRESS
    return {digest(key): most for key, most in keys.items()}
