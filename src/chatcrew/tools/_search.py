"""Tool ``search_knowledge``: what the business has written down."""

import asyncio
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from chatcrew.messages import ToolResult, ToolSpec
from chatcrew.tenancy.known import knowledge_version
from chatcrew.tools._tool import ToolContext

_LIMIT = 4
_NOTHING = (
    "Nada encontrado nas informações da empresa. Não invente: diga que não sabe ou chame uma "
    "pessoa. (Nothing found. Do not make it up: say so or hand over to a person.)"
)


class SearchKnowledge:
    """Searches the tenant's own knowledge."""

    spec = ToolSpec(
        name="search_knowledge",
        description=(
            "Busca nas informações da empresa (perguntas frequentes, preços, endereço, preparo, "
            "políticas). Use antes de responder qualquer coisa sobre a empresa."
        ),
        parameters={
            "type": "object",
            "properties": {
                "query": {
                    "type": "string",
                    "description": "A pergunta do cliente, em poucas palavras.",
                    "maxLength": 500,
                }
            },
            "required": ["query"],
        },
    )
    side_effects = False

    async def call(self, arguments: Mapping[str, Any], context: ToolContext) -> ToolResult:
        """Return what was found, numbered, and keep it for the turn's grounding check."""
        # the first of its zone reads a file
        zone = await asyncio.to_thread(ZoneInfo, context.tenant.timezone)
        found = await context.knowledge.search(
            context.tenant.key,
            arguments["query"],
            version=knowledge_version(context.tenant),
            limit=_LIMIT,
            today=context.clock.now().astimezone(zone).date(),
            trial=context.turn_id if context.conversation.simulated else None,
        )
        if not found:
            return ToolResult(ok=True, text=_NOTHING)
        context.note(found)
        facts = [f"{n}. {passage.title}\n{passage.text}" for n, passage in enumerate(found, 1)]
        return ToolResult(ok=True, text="\n".join(facts))
