"""The rights of the people whose data is kept: seen, erased, and forgotten by time (LGPD)."""

from chatcrew.lgpd._ageing_sql import expire
from chatcrew.lgpd._files import written
from chatcrew.lgpd._holding import Ageing, Holding, Link
from chatcrew.lgpd._house import HousePrivacy, Kept
from chatcrew.lgpd._layers import CacheLayer, FileLayer
from chatcrew.lgpd._needles import Needle, Searcher, given, identity, mentioned, sentences
from chatcrew.lgpd._opening import Reveal
from chatcrew.lgpd._port import (
    Expired,
    Hit,
    Layer,
    Looked,
    Privacy,
    PrivateFile,
    Receipt,
    Scan,
    Sought,
    Tombstone,
)
from chatcrew.lgpd._records_sql import Records
from chatcrew.lgpd._register_sql import REGISTER
from chatcrew.lgpd._retention import forget_old
from chatcrew.lgpd._signing import genuine, to_json

__all__ = [
    "REGISTER",
    "Ageing",
    "CacheLayer",
    "Expired",
    "FileLayer",
    "Hit",
    "Holding",
    "HousePrivacy",
    "Kept",
    "Layer",
    "Link",
    "Looked",
    "Needle",
    "Privacy",
    "PrivateFile",
    "Receipt",
    "Records",
    "Reveal",
    "Scan",
    "Searcher",
    "Sought",
    "Tombstone",
    "expire",
    "forget_old",
    "genuine",
    "given",
    "identity",
    "mentioned",
    "sentences",
    "to_json",
    "written",
]
