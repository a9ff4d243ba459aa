"""Tool ``schedule_followup``: a message for later, which is sent if it still fits (S3-72)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chatcrew.messages import (
    ActKind,
    ConversationState,
    PlannedPart,
    ToolResult,
    ToolSpec,
    reply_window,
)
from chatcrew.tools._chatwoot._when import WHEN, moment
from chatcrew.tools._tool import ToolContext, ToolSettings

_LONGEST = timedelta(days=30)
_DAY = range(7, 22)
"""Hours at which a message wakes nobody."""

_MARGIN = timedelta(hours=1)
"""The turn knows the customer's last word only roughly, and sending takes its time."""


class ScheduleFollowUp:
    """Plans a timer; a new one takes the place of the one before it.

    It is not sent where the customer writes before, a person takes over, or the conversation is
    resolved; and where the channel's window is closed by then, people are told instead.
    """

    spec = ToolSpec(
        name="schedule_followup",
        description=(
            "Agenda uma mensagem para o cliente mais tarde, por exemplo para saber se ele decidiu. "
            "Só se o cliente concordar. Ela não é enviada se ele escrever antes, se uma pessoa "
            "assumir ou se a conversa for encerrada. No WhatsApp, só até 23 horas depois."
        ),
        parameters={
            "type": "object",
            "properties": {
                "when": {"type": "string", "description": WHEN},
                "message": {
                    "type": "string",
                    "maxLength": 600,
                    "description": (
                        "O texto que o cliente vai ler. {nome} vira o nome dele e {saudacao} vira "
                        "bom dia, boa tarde ou boa noite. Sem preços nem promessas novas."
                    ),
                },
            },
            "required": ["when", "message"],
        },
    )
    side_effects = True
    settings = ToolSettings(planned=True)

    async def call(self, arguments: Mapping[str, Any], context: ToolContext) -> ToolResult:
        """Plan it, unless it could not be sent then."""
        state, now, words = context.state, context.clock.now(), arguments["message"].strip()
        if state is None or not words:
            return ToolResult(ok=False, text="Não há conversa ou texto para agendar.")
        try:
            at = await moment(arguments["when"], context)
        except ValueError as error:
            return ToolResult(ok=False, text=str(error))
        until = _window(state)
        if not now < at <= now + _LONGEST or at.hour not in _DAY:
            return ToolResult(
                ok=False, text="Escolha um momento futuro, em até 30 dias, entre 7h e 22h."
            )
        if not state.snapshot.can_reply or (until is not None and at > now + until):
            return ToolResult(
                ok=False,
                text=(
                    "Neste canal não é possível escrever tão tarde depois da última mensagem do "
                    "cliente. Combine um horário antes, ou passe para uma pessoa da equipe."
                ),
            )
        payload: dict[str, Any] = {
            "text": words,
            "customer_id": state.last_customer_id,
            "after": state.last_message_id,
            "episode": state.episode,
        }
        if until is not None:
            payload["window_until"] = int((now + until + _MARGIN).timestamp())
        unix = int(at.timestamp())
        context.acts.append(
            PlannedPart(ActKind.TIMER, {"kind": "followup", "due_at": unix, "payload": payload})
        )
        return ToolResult(ok=True, text=f"Mensagem agendada para {at:%d/%m/%Y às %H:%M}.")


def _window(state: ConversationState) -> timedelta | None:
    """Return how long from now free text is taken, or None where always."""
    window = reply_window(state)
    return None if window is None else window - _MARGIN
