"""Tool ``set_attribute``: keeps a fact of the conversation where the team sees it (S3-71)."""

import re
from collections.abc import Mapping
from typing import Any

from chatcrew.messages import ActKind, PlannedPart, ToolResult, ToolSpec
from chatcrew.tools._tool import ToolContext, ToolSettings

_KEY = re.compile(r"[a-z][a-z0-9_]{0,49}")
"""What Chatwoot makes of an attribute's name."""


class SetAttribute:
    """Plans one custom attribute of the conversation; the others stay."""

    spec = ToolSpec(
        name="set_attribute",
        description=(
            "Grava um dado da conversa para a equipe, como a etapa do funil ou o plano escolhido "
            "(por exemplo name=etapa, value=proposta). O cliente não vê."
        ),
        parameters={
            "type": "object",
            "properties": {
                "name": {
                    "type": "string",
                    "description": "Nome do campo: minúsculas, números e sublinhado.",
                },
                "value": {
                    "type": "string",
                    "maxLength": 500,
                    "description": "O valor, como a equipe deve ler.",
                },
            },
            "required": ["name", "value"],
        },
    )
    side_effects = True
    settings = ToolSettings(planned=True)

    async def call(self, arguments: Mapping[str, Any], context: ToolContext) -> ToolResult:
        """Plan it."""
        name, value = arguments["name"].strip().lower(), arguments["value"].strip()
        if _KEY.fullmatch(name) is None:
            return ToolResult(
                ok=False, text="Nome inválido: use minúsculas, números e sublinhado (etapa_funil)."
            )
        context.acts.append(PlannedPart(ActKind.ATTRIBUTES, {"set": {name: value}}))
        return ToolResult(ok=True, text=f"Anotado: {name} = {value}.")
