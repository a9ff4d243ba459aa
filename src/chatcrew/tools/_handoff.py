"""Tool ``handoff``: gives the conversation to people."""

from collections.abc import Mapping
from typing import Any

from chatcrew.intents import words
from chatcrew.messages import ActKind, Handoff, PlannedPart, ToolResult, ToolSpec
from chatcrew.tools._archive import Recipient
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
                "to": {
                    "type": "string",
                    "maxLength": 80,
                    "description": "Pessoa ou time, só se o cliente pediu alguém pelo nome.",
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
        wanted = str(arguments.get("to") or "").strip()
        found = await _recipient(wanted, context)
        if wanted and found is None:
            summary = f"{summary} (O cliente pediu: {wanted}.)".strip()
        context.handoff = Handoff(reason, summary)
        context.acts = [act for act in context.acts if act.kind is not ActKind.ASSIGNMENT]
        if found is not None:
            context.acts.append(_assignment(found))
        return ToolResult(ok=True, text=_SAID if found is None else f"{_SAID} Para: {found.name}.")


def _assignment(found: Recipient) -> PlannedPart:
    """Return the act; it comes after the opening, so no person is passed over by the bot's gate."""
    payload: dict[str, object] = {"team_id": found.id}
    if found.kind == "agent":
        payload = {"assignee_id": found.id, "assignee_type": "User"}
    return PlannedPart(ActKind.ASSIGNMENT, payload, gated=False)


async def _recipient(wanted: str, context: ToolContext) -> Recipient | None:
    """Return whom a name means, where it means exactly one (S3-66)."""
    if not wanted or context.archive is None or context.state is None:
        return None
    said = set(words(wanted))
    known = await context.archive.recipients(context.state)
    whole = [one for one in known if set(words(one.name)) == said]
    part = [one for one in known if said and said <= set(words(one.name))]
    found = whole or part
    return found[0] if len(found) == 1 else None


_SAID = (
    "A conversa será passada para uma pessoa da equipe depois da sua mensagem. Não prometa prazo."
)
