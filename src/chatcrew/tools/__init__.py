"""Tools: what roles may do beside writing, each called through one catalogue."""

from chatcrew.tools._archive import Archive, Recipient
from chatcrew.tools._calls import CallRow, CallState, ToolCalls
from chatcrew.tools._calls_memory import MemoryToolCalls
from chatcrew.tools._calls_sql import PostgresToolCalls
from chatcrew.tools._catalogue import Catalogue
from chatcrew.tools._chatwoot import (
    AddLabel,
    AddNote,
    ResolveConversation,
    ScheduleFollowUp,
    SearchConversations,
    SetAttribute,
    SetPriority,
    SnoozeConversation,
    UpdateContact,
)
from chatcrew.tools._effects import Act, DirectEffects, DraftEffects, EffectCall, Effects
from chatcrew.tools._handoff import HandOver
from chatcrew.tools._installed import installed
from chatcrew.tools._logged import IN_DOUBT, ApprovedEffects, LoggedEffects
from chatcrew.tools._outside._reach import Outside
from chatcrew.tools._schema import normalise
from chatcrew.tools._search import SearchKnowledge
from chatcrew.tools._slots import AvailableSlots
from chatcrew.tools._tenants import TenantCatalogue
from chatcrew.tools._tool import Tool, ToolContext, ToolSettings
from chatcrew.tools._trouble import ToolTrouble


def builtin_tools() -> tuple[Tool, ...]:
    """Return our own tools; they come by the entry point that third parties use."""
    return (
        SearchKnowledge(),
        HandOver(),
        AvailableSlots(),
        AddLabel(),
        AddNote(),
        ResolveConversation(),
        ScheduleFollowUp(),
        SearchConversations(),
        SetAttribute(),
        SetPriority(),
        SnoozeConversation(),
        UpdateContact(),
    )


def everybodys_tools() -> tuple[Tool, ...]:
    """Return our own tools and those of installed packages; reads from disk, once per process.

    Raises:
        ConfigError: a package brings something that is no tool.
    """
    return installed(builtin_tools)


def builtin_catalogue() -> Catalogue:
    """Return a new catalogue of our own tools; nothing outside is reached from it."""
    return TenantCatalogue(builtin_tools())


def names() -> tuple[str, ...]:
    """Return the names that crews may use; see ``everybodys_tools``."""
    return tuple(tool.spec.name for tool in everybodys_tools())


__all__ = [
    "IN_DOUBT",
    "Act",
    "ApprovedEffects",
    "Archive",
    "AvailableSlots",
    "CallRow",
    "CallState",
    "Catalogue",
    "DirectEffects",
    "DraftEffects",
    "EffectCall",
    "Effects",
    "HandOver",
    "LoggedEffects",
    "MemoryToolCalls",
    "Outside",
    "PostgresToolCalls",
    "Recipient",
    "SearchKnowledge",
    "TenantCatalogue",
    "Tool",
    "ToolCalls",
    "ToolContext",
    "ToolSettings",
    "ToolTrouble",
    "builtin_catalogue",
    "builtin_tools",
    "everybodys_tools",
    "names",
    "normalise",
]
