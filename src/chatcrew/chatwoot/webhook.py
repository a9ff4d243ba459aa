"""The webhook protocol without I/O: verify, parse, classify, and the value for the mailbox."""

from chatcrew.chatwoot._classify import Classified, classify
from chatcrew.chatwoot._deliver import Keeping, to_delivery
from chatcrew.chatwoot._parse import Event, parse
from chatcrew.chatwoot._verify import UNSIGNED, Verified, match_path_token, verify
from chatcrew.messages import Delivery

__all__ = [
    "UNSIGNED",
    "Classified",
    "Delivery",
    "Event",
    "Keeping",
    "Verified",
    "classify",
    "match_path_token",
    "parse",
    "to_delivery",
    "verify",
]
