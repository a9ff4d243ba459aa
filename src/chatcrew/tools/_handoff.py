"""Tool ``handoff``: gives the conversation to people."""

from collections.abc import Mapping
from typing import Any

from chatcrew.messages import Handoff, ToolResult, ToolSpec
from chatcrew.tools._tool import ToolContext, ToolSettings

REASONS = ("customer_asked", "no_answer", "scheduling", "complaint", "urgent", "other")
_LONGEST_SUMMARY = 1000


class HandOver:
    """Marks the turn as a handoff; the turn itself says it, notes it and opens the conversation."""

    spec = ToolSpec(
        name="handoff",
        description=(
            "Passa a conversa para uma pessoa da equipe. Use quando o cliente pedir uma pessoa, "
            "quando a informação não existir, para confirmar agendamento, em reclamação ou "
            "urgência. Depois de usar, despeça-se em uma frase dizendo que uma pessoa continua."
        ),
        parameters={
            "type": "object",
            "properties": {
                "reason": {
                    "type": "string",
                    "description": f"Motivo: {', '.join(REASONS)}.",
                },
                "summary": {
                    "type": "string",
                    "description": "Resumo para a equipe: o que o cliente quer e o que já disse.",
                },
            },
            "required": ["reason", "summary"],
        },
    )
    side_effects = True
    settings = ToolSettings(planned=True)

    async def call(self, arguments: Mapping[str, Any], context: ToolContext) -> ToolResult:
        """Leave the handoff in the context; a reason of the model's own goes into the summary."""
        asked, summary = arguments["reason"].strip(), arguments["summary"].strip()
        reason = asked if asked in REASONS else "other"
        if reason != asked:
            summary = f"{asked}: {summary}" if summary else asked
        if len(summary) > _LONGEST_SUMMARY:
            summary = summary[: _LONGEST_SUMMARY - 1].rstrip() + "…"
        context.handoff = Handoff(reason, summary)
        return ToolResult(
            ok=True,
            text=(
                "A conversa será passada para uma pessoa da equipe depois da sua mensagem. "
                "Não prometa prazo."
            ),
        )
