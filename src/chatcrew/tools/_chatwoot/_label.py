"""Tool ``add_label``: marks the conversation for the team (S3-69)."""

import re
from collections.abc import Mapping
from typing import Any

from chatcrew.messages import ActKind, PlannedPart, ToolResult, ToolSpec
from chatcrew.tools._tool import ToolContext, ToolSettings

_LABEL = re.compile(r"[\w-]{1,50}")
"""What Chatwoot's dashboard lets people name a label."""


class AddLabel:
    """Adds labels to those there; none of people's is ever taken away."""

    spec = ToolSpec(
        name="add_label",
        description=(
            "Coloca etiquetas na conversa para a equipe (por exemplo: orcamento, troca, vip). "
            "As etiquetas que já existem continuam. O cliente não vê."
        ),
        parameters={
            "type": "object",
            "properties": {
                "labels": {
                    "type": "array",
                    "items": {"type": "string"},
                    "minItems": 1,
                    "maxItems": 5,
                    "description": "Etiquetas em minúsculas; hífen no lugar de espaço.",
                }
            },
            "required": ["labels"],
        },
    )
    side_effects = True
    settings = ToolSettings(planned=True)

    async def call(self, arguments: Mapping[str, Any], context: ToolContext) -> ToolResult:
        """Plan the labels that can be ones."""
        wanted = dict.fromkeys(labelled(str(one)) for one in arguments["labels"])
        wrong = [one for one in wanted if _LABEL.fullmatch(one) is None]
        if wrong or not wanted:
            return ToolResult(
                ok=False, text="Etiqueta inválida: use só letras, números, hífen e sublinhado."
            )
        context.acts.append(PlannedPart(ActKind.LABELS, {"add": list(wanted)}))
        return ToolResult(ok=True, text=f"Etiquetas anotadas: {', '.join(wanted)}.")


def labelled(words: str) -> str:
    """Return words as a label: lower case, a hyphen for each gap."""
    return "-".join(words.strip().lower().split())
