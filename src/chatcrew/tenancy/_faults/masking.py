"""Hides what looks like a secret in the sentences of faults, which are printed and logged."""

import re

HIDDEN = "***"

_RUN = re.compile(r"[A-Za-z0-9+=]{16,}|[A-Za-z0-9+=_-]{24,}")
_KNOWN = re.compile(
    r"\b(?:sk|pk|rk)[-_][A-Za-z0-9_-]{8,}|\bAKIA[0-9A-Z]{12,}|\bgh[pousr]_[A-Za-z0-9]{16,}"
    r"|\beyJ[\w-]{8,}(?:\.[\w-]+)*|\bxox[abps]-[A-Za-z0-9-]{8,}"
)


def masked(text: str) -> str:
    """Return ``text`` with everything that may be a key or a token hidden.

    Somebody pastes a token beside the wrong key, or as one: the fault names its place, and must not
    carry it into a log. Words and names stay, as a token mixes letters and digits.
    """
    return _RUN.sub(_unless_words, _KNOWN.sub(HIDDEN, text))


def _unless_words(found: re.Match[str]) -> str:
    """Hide a run without separators that mixes kinds of letters, or a longer one that mixes all."""
    run = found.group()
    mixes = [any(map(kind, run)) for kind in (str.islower, str.isupper, str.isdigit)]
    plain = re.fullmatch(r"[A-Za-z0-9+=]+", run) is not None
    return HIDDEN if sum(mixes) >= (2 if plain else len(mixes)) else run
