"""By specialty: what a conversation is about says among whom is chosen (S3-84)."""

from collections.abc import Sequence

from chatcrew.messages import Placing
from chatcrew.tenancy.model import Specialty


def fitting(specialties: Sequence[Specialty], asked: Placing) -> Specialty | None:
    """Return the first specialty that names something of the conversation, or None."""
    labels = {label.lower() for label in asked.labels}
    for one in specialties:
        if (
            asked.topic in one.topics
            or labels & {label.lower() for label in one.labels}
            or asked.function in one.functions
            or asked.reason in one.reasons
        ):
            return one
    return None
