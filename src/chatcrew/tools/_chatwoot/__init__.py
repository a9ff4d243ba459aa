"""Tools over Chatwoot; none acts at once: the turn's decision does, after the reply."""

from chatcrew.tools._chatwoot._attribute import SetAttribute
from chatcrew.tools._chatwoot._contact import UpdateContact
from chatcrew.tools._chatwoot._followup import ScheduleFollowUp
from chatcrew.tools._chatwoot._label import AddLabel
from chatcrew.tools._chatwoot._note import AddNote
from chatcrew.tools._chatwoot._priority import SetPriority
from chatcrew.tools._chatwoot._resolve import ResolveConversation
from chatcrew.tools._chatwoot._search import SearchConversations
from chatcrew.tools._chatwoot._snooze import SnoozeConversation

__all__ = [
    "AddLabel",
    "AddNote",
    "ResolveConversation",
    "ScheduleFollowUp",
    "SearchConversations",
    "SetAttribute",
    "SetPriority",
    "SnoozeConversation",
    "UpdateContact",
]
