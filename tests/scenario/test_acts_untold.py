"""What a tool has done is known to people where the customer does not read the crew's words."""

from collections.abc import Mapping
from typing import Any

import pytest

from chatcrew.errors import ModelUnavailable
from chatcrew.messages import Ask, ToolResult, ToolSpec
from chatcrew.testing.acting import ActingResponder, Call
from chatcrew.tools import ToolContext

WISH = "tenho uma dúvida sobre o exame da minha mãe: o laudo 4471 pode ser cancelado?"


class CancelReport:
    """Cancels a report in a system of the clinic's."""

    spec = ToolSpec(
        "cancel_report",
        "Cancela um laudo.",
        {"type": "object", "properties": {"report": {"type": "integer"}}, "required": ["report"]},
    )
    side_effects = True

    async def call(self, arguments: Mapping[str, Any], context: ToolContext) -> ToolResult:
        """Cancel it."""
        return ToolResult(ok=True, text="Laudo cancelado, protocolo LX-9.")


async def _down(ask: Ask, call: Call) -> str:
    await call("cancel_report", '{"report": 4471}')
    raise ModelUnavailable("gone", kind="unreachable")


async def _invents(ask: Ask, call: Call) -> str:
    await call("cancel_report", '{"report": 4471}')
    return "Pronto, e devolvo R$ 777,13 hoje."


async def _calls_people(ask: Ask, call: Call) -> str:
    await call("cancel_report", '{"report": 4471}')
    await call("handoff", '{"reason": "other", "summary": "quer falar"}')
    return "Uma pessoa continua."


async def _tells(ask: Ask, call: Call) -> str:
    return (await call("cancel_report", '{"report": 4471}')).text


@pytest.mark.parametrize(
    ("work", "noted"), [(_down, True), (_invents, True), (_calls_people, True), (_tells, False)]
)
async def test_people_who_go_on_know_what_was_done(clinic, database, work, noted) -> None:
    """Else they would do it a second time: the bot acted, then its model died (at most once)."""
    crew = ActingResponder(work, database=database, tools=[CancelReport()])
    async with clinic(responder=crew, rulings=crew.rulings) as c:
        conversation = await c.says(WISH)
        await c.reply(conversation)
        await c.settled()
        found = [one.content for one in conversation.notes if "cancel_report" in one.content]
        assert len(found) == noted
        for note in found:
            assert "4471" in note
            assert "LX-9" in note
            assert "Não repita" in note
