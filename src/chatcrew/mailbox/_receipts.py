"""Order of delivery states: receipts come in any order, and a message goes only forward."""

ORDER = ("sent", "delivered", "read", "failed")


def later(fresh: str, known: str | None) -> bool:
    """Return whether ``fresh`` replaces ``known``; a state we do not know replaces nothing."""
    if fresh not in ORDER:
        return False
    return known not in ORDER or ORDER.index(fresh) >= ORDER.index(known)
