"""A sign that the bot did not serve a customer well, as it is kept for supervisors."""

from dataclasses import dataclass
from datetime import datetime

from chatcrew.ids import ConversationId


@dataclass(frozen=True, slots=True)
class Signal:
    """One sign in one turn (S3-99).

    Attributes:
        kind: ``complaint``, ``asked``, ``generic`` or ``unable``.
        tenant: whose customer.
        conversation: which one.
        turn_id: in which turn; a turn has one of each kind at most.
        at: when, UTC.
        reason: short stable name of the turn's reply.
        about: name of the intent that was read, or "".
        function: of the crew, or "".
        mood: of the customer, -1 to 1.
        said: what he said, without what identifies people; may be "".
    """

    kind: str
    tenant: str
    conversation: ConversationId
    turn_id: str
    at: datetime
    reason: str
    about: str = ""
    function: str = ""
    mood: float = 0.0
    said: str = ""
