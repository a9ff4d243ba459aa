"""Tool ``add_note``: tells the team something that the customer does not read (S3-70)."""

from collections.abc import Mapping
from typing import Any

from chatcrew.messages import ActKind, PlannedPart, ToolResult, ToolSpec
from chatcrew.tools._tool import ToolContext, ToolSettings

_LONGEST = 1500


class AddNote:
    """Plans a private note, marked as the bot's."""

    spec = ToolSpec(
        name="add_note",
        description=(
            "Escreve uma nota privada para a equipe nesta conversa: um pedido, uma tarefa, "
            "algo que o cliente contou. O cliente não vê."
        ),
        parameters={
            "type": "object",
            "properties": {
                "text": {
                    "type": "string",
                    "maxLength": _LONGEST,
                    "description": "O que a equipe precisa saber, em poucas frases.",
                }
            },
            "required": ["text"],
        },
    )
    side_effects = True
    settings = ToolSettings(planned=True)

    async def call(self, arguments: Mapping[str, Any], context: ToolContext) -> ToolResult:
        """Plan the note; a line that starts with ``/bot`` would look like a person's order."""
        words = arguments["text"].strip()
        if not words:
            return ToolResult(ok=False, text="A nota está vazia.")
        quoted = "\n".join(f"> {line}" for line in words.splitlines())
        content = f"📝 **Nota do bot**\n\n{quoted}"
        context.acts.append(PlannedPart(ActKind.NOTE, {"content": content}, gated=False))
        return ToolResult(ok=True, text="A nota será escrita para a equipe.")
