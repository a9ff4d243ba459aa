"""Tool ``set_priority``: says how urgent the conversation is."""

from collections.abc import Mapping
from typing import Any

from chatcrew.messages import ActKind, PlannedPart, ToolResult, ToolSpec
from chatcrew.tools._tool import ToolContext, ToolSettings

_LEVELS = ("low", "medium", "high", "urgent")


class SetPriority:
    """Plans a priority; of several in one turn the highest stands."""

    spec = ToolSpec(
        name="set_priority",
        description=(
            "Define a prioridade da conversa para a equipe: low (baixa), medium (média), "
            "high (alta) ou urgent (urgente). O cliente não vê."
        ),
        parameters={
            "type": "object",
            "properties": {
                "priority": {
                    "type": "string",
                    "enum": list(_LEVELS),
                    "description": "A prioridade.",
                }
            },
            "required": ["priority"],
        },
    )
    side_effects = True
    settings = ToolSettings(planned=True)

    async def call(self, arguments: Mapping[str, Any], context: ToolContext) -> ToolResult:
        """Plan it."""
        level = arguments["priority"]
        context.acts.append(PlannedPart(ActKind.PRIORITY, {"priority": level}))
        return ToolResult(ok=True, text=f"Prioridade anotada: {level}.")
