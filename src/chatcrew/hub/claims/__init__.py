"""Claims of a reply: read kind by kind, folded, and held against what a turn may rest on; pure."""

from chatcrew.hub.claims._bonds import Priced, priced
from chatcrew.hub.claims._ground import Sources, Unfounded
from chatcrew.hub.claims._orders import without_orders
from chatcrew.hub.claims._reading import Sentence, read
from chatcrew.hub.claims._said import Key, Said
from chatcrew.hub.claims._settled import Shift, shifts

__all__ = [
    "Key",
    "Priced",
    "Said",
    "Sentence",
    "Shift",
    "Sources",
    "Unfounded",
    "priced",
    "read",
    "shifts",
    "without_orders",
]
