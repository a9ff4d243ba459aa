"""Who saw and changed what: a chain of hashes that holds no personal data."""

from chatcrew.audit._memory import MemoryAudit
from chatcrew.audit._port import Audit, AuditLog, Deed, Entry, Verdict
from chatcrew.audit._sql import PostgresAudit

__all__ = ["Audit", "AuditLog", "Deed", "Entry", "MemoryAudit", "PostgresAudit", "Verdict"]
