"""Tools: what roles may do beside writing, each called through one catalogue."""

from chatcrew.tools._calls import CallRow, CallState, ToolCalls
from chatcrew.tools._calls_memory import MemoryToolCalls
from chatcrew.tools._calls_sql import PostgresToolCalls
from chatcrew.tools._catalogue import Catalogue
from chatcrew.tools._chatwoot import (
    AddLabel,
    AddNote,
    ResolveConversation,
    ScheduleFollowUp,
    SetAttribute,
    SetPriority,
    SnoozeConversation,
    UpdateContact,
)
from chatcrew.tools._effects import Act, DirectEffects, EffectCall, Effects
from chatcrew.tools._handoff import HandOver
from chatcrew.tools._logged import IN_DOUBT, ApprovedEffects, LoggedEffects
from chatcrew.tools._schema import normalise
from chatcrew.tools._search import SearchKnowledge
from chatcrew.tools._slots import AvailableSlots
from chatcrew.tools._tool import Tool, ToolContext, ToolSettings


def builtin_catalogue() -> Catalogue:
    """Return a new catalogue with our own tools; a tenant's are registered beside them."""
    return Catalogue(
        [
            SearchKnowledge(),
            HandOver(),
            AvailableSlots(),
            AddLabel(),
            AddNote(),
            ResolveConversation(),
            ScheduleFollowUp(),
            SetAttribute(),
            SetPriority(),
            SnoozeConversation(),
            UpdateContact(),
        ]
    )


def names() -> tuple[str, ...]:
    """Return the names that crews may use."""
    return builtin_catalogue().names


__all__ = [
    "IN_DOUBT",
    "Act",
    "ApprovedEffects",
    "AvailableSlots",
    "CallRow",
    "CallState",
    "Catalogue",
    "DirectEffects",
    "EffectCall",
    "Effects",
    "HandOver",
    "LoggedEffects",
    "MemoryToolCalls",
    "PostgresToolCalls",
    "SearchKnowledge",
    "Tool",
    "ToolCalls",
    "ToolContext",
    "ToolSettings",
    "builtin_catalogue",
    "names",
    "normalise",
]
