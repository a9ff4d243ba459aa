"""The rights of the people whose data is kept: seen, erased, and forgotten by time (LGPD)."""

from chatcrew.lgpd._port import Expired, Hit, Privacy, Receipt, Scan, Sought, Tombstone

__all__ = ["Expired", "Hit", "Privacy", "Receipt", "Scan", "Sought", "Tombstone"]
