"""Abuse: what is too much, and how customers say that they want no messages; pure."""

from chatcrew.hub.abuse._often import Often, how_often
from chatcrew.hub.abuse._rules import Verdict, judged, repeats
from chatcrew.hub.abuse._texts import DEFAULTS, OPTED_IN, OPTED_OUT, noted
from chatcrew.hub.abuse._wishes import only_wish, wants_back, wants_out

__all__ = [
    "DEFAULTS",
    "OPTED_IN",
    "OPTED_OUT",
    "Often",
    "Verdict",
    "how_often",
    "judged",
    "noted",
    "only_wish",
    "repeats",
    "wants_back",
    "wants_out",
]
