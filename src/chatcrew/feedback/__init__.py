"""What customers were dissatisfied with: kept, and told to supervisors once a week (S3-100)."""

from chatcrew.feedback._digest import Digest, digest, written
from chatcrew.feedback._due import due
from chatcrew.feedback._memory import MemoryFeedback
from chatcrew.feedback._port import LEASE, FeedbackStore, Taken
from chatcrew.feedback._sql import PostgresFeedback

__all__ = [
    "LEASE",
    "Digest",
    "FeedbackStore",
    "MemoryFeedback",
    "PostgresFeedback",
    "Taken",
    "digest",
    "due",
    "written",
]
