"""Who saw and changed what: a chain of hashes that holds no personal data."""

from chatcrew.audit._port import Audit, Deed

__all__ = ["Audit", "Deed"]
