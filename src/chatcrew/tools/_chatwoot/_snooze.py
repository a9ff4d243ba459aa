"""Tool ``snooze_conversation``: puts the conversation away until a time (Chatwoot's snooze)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chatcrew.messages import ActKind, PlannedPart, ToolResult, ToolSpec
from chatcrew.tools._chatwoot._when import WHEN, moment
from chatcrew.tools._tool import ToolContext, ToolSettings

_LONGEST = timedelta(days=365)


class SnoozeConversation:
    """Plans status and a timer, which tells the team why when the time has come."""

    spec = ToolSpec(
        name="snooze_conversation",
        description=(
            "Adia a conversa até um dia e hora: ela some da fila e volta para a equipe nesse "
            "momento. Se o cliente escrever antes, a equipe recebe. Diga ao cliente quando alguém "
            "volta a falar com ele."
        ),
        parameters={
            "type": "object",
            "properties": {
                "until": {"type": "string", "description": WHEN},
                "reason": {
                    "type": "string",
                    "maxLength": 300,
                    "description": "O que a equipe deve fazer então.",
                },
            },
            "required": ["until", "reason"],
        },
    )
    side_effects = True
    settings = ToolSettings(planned=True)

    async def call(self, arguments: Mapping[str, Any], context: ToolContext) -> ToolResult:
        """Plan it."""
        now = context.clock.now()
        try:
            until = await moment(arguments["until"], context)
        except ValueError as error:
            return ToolResult(ok=False, text=str(error))
        if not now < until <= now + _LONGEST:
            return ToolResult(ok=False, text="O momento precisa ser no futuro, em até um ano.")
        unix = int(until.timestamp())
        payload = {"reason": arguments["reason"].strip()}
        context.acts += (
            PlannedPart(ActKind.TIMER, {"kind": "snooze", "due_at": unix, "payload": payload}),
            PlannedPart(ActKind.STATUS, {"status": "snoozed", "snoozed_until": unix}),
        )
        return ToolResult(ok=True, text=f"A conversa volta em {until:%d/%m/%Y às %H:%M}.")
