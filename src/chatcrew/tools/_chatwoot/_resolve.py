"""Tool ``resolve_conversation``: ends the conversation, with its reason (S3-63, S3-67)."""

from collections.abc import Mapping
from typing import Any

from chatcrew.messages import ActKind, PlannedPart, ToolResult, ToolSpec
from chatcrew.tools._tool import ToolContext, ToolSettings

REASONS = {
    "resolvido": "o cliente teve o que pediu",
    "sem_interesse": "o cliente não tem mais interesse",
    "duplicado": "o assunto já está em outra conversa",
    "spam": "não é um cliente",
    "outro": "outro motivo",
}
"""Reason, and what the team reads of it."""


class ResolveConversation:
    """Plans label, note and status; the status comes last, after the farewell was sent."""

    spec = ToolSpec(
        name="resolve_conversation",
        description=(
            "Encerra a conversa depois da sua mensagem. Use só quando o cliente disser que está "
            "tudo resolvido ou se despedir e nada estiver pendente. Despeça-se em uma frase; não "
            "faça perguntas."
        ),
        parameters={
            "type": "object",
            "properties": {
                "reason": {
                    "type": "string",
                    "enum": list(REASONS),
                    "description": "Motivo do encerramento.",
                },
                "summary": {
                    "type": "string",
                    "maxLength": 500,
                    "description": "O que foi resolvido, em uma frase, para a equipe.",
                },
            },
            "required": ["reason"],
        },
    )
    side_effects = True
    settings = ToolSettings(planned=True)

    async def call(self, arguments: Mapping[str, Any], context: ToolContext) -> ToolResult:
        """Plan it; a handoff of the same turn wins."""
        reason = arguments["reason"]
        summary = str(arguments.get("summary") or "").strip().replace("\n", " ")
        told = f"✅ **chatcrew encerrou esta conversa**: {REASONS[reason]}."
        label = f"encerrado-{reason.replace('_', '-')}"
        context.acts += (
            PlannedPart(ActKind.LABELS, {"add": [label]}),
            PlannedPart(
                ActKind.NOTE,
                {"content": f"{told}\n\n> {summary}" if summary else told},
                gated=False,
            ),
            PlannedPart(ActKind.STATUS, {"status": "resolved"}),
        )
        return ToolResult(ok=True, text="A conversa será encerrada depois da sua mensagem.")
