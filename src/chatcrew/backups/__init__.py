"""Backups of the house or of one tenant, and the way back without those who were erased."""

from chatcrew.backups._archive import Reader
from chatcrew.backups._choice import HOUSE, LEFT_OUT, TENANT
from chatcrew.backups._faults import BackupFault
from chatcrew.backups._house_sql import restore_house
from chatcrew.backups._manifest import Manifest
from chatcrew.backups._restorations_sql import Restoration, ended, unfinished
from chatcrew.backups._shelf import (
    STONES,
    house_backups,
    keep_newest,
    keep_stones,
    name_of,
    stones_in,
)
from chatcrew.backups._take_sql import Progress, Taken, take
from chatcrew.backups._tenant_sql import Replaced, restore_tenant
from chatcrew.backups._turns_sql import alone

__all__ = [
    "HOUSE",
    "LEFT_OUT",
    "STONES",
    "TENANT",
    "BackupFault",
    "Manifest",
    "Progress",
    "Reader",
    "Replaced",
    "Restoration",
    "Taken",
    "alone",
    "ended",
    "house_backups",
    "keep_newest",
    "keep_stones",
    "name_of",
    "restore_house",
    "restore_tenant",
    "stones_in",
    "take",
    "unfinished",
]
