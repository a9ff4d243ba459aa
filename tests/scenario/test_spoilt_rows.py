"""A row that somebody changed in the database silences nobody, whose it is least of all (S1-76)."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from chatcrew.messages import PartState
from chatcrew.privacy._seal import MARK
from chatcrew.testing.responders import ScriptedResponder
from chatcrew.worker import Limits

QUICK = Limits(backoff=0.01, backoff_cap=0.02, away=0.05)
SPOILT = "a chave da minha casa"

_SPOIL = (
    f"""
    create function spoil() returns trigger language plpgsql as $body$
    begin
        if new.line ->> 'text' = '{SPOILT}' then
            new.line = jsonb_set(new.line, '{{text}}', to_jsonb('{MARK}AAAA'::text));
        end if;
        return new;
    end
    $body$
    """,
    "create trigger spoil before insert on message for each row execute function spoil()",
)


@pytest.fixture
def crews_dir(prompt_crews: Path) -> Path:
    """Customers here send one message at a time."""
    return prompt_crews


async def test_a_message_that_does_not_open_goes_to_people_and_holds_up_nobody(clinic) -> None:
    """Whoever was claimed with it is answered; of it nothing is made up, and people are told."""
    crew = ScriptedResponder(lambda ask: "agora foi")
    async with clinic(responder=crew, limits=QUICK) as c:
        async with c.bot.base.database.begin() as connection:
            for step in _SPOIL:
                await connection.execute(text(step))
        spoilt = await c.says(SPOILT)
        other = await c.chatwoot.customer_says(
            c.inbox,
            c.account.add_contact(name="Rui"),
            "tenho uma dúvida sobre o exame da minha mãe",
        )

        assert (await c.reply(other)).content == "agora foi"
        await c.chatwoot.wait_for(lambda: spoilt.status == "open", timeout=20)
        await c.settled()

        assert ["falhou várias vezes" in note.content for note in spoilt.notes] == [True]
        assert [ask.turn_id for ask in crew.asked] == [crew.asked[0].turn_id]
        (parked,) = await c.bot.base.mailbox.parked()
        assert parked.conversation.number == spoilt.id


async def test_a_decided_part_that_does_not_open_does_not_hold_up_its_conversation(clinic) -> None:
    """It can never be sent: the entry is parked, and what the customer writes next is answered."""
    crew = ScriptedResponder(lambda ask: f"resposta {len(crew.asked)}")
    async with clinic(responder=crew, limits=QUICK) as c:
        await c.chatwoot.refuse_connections()
        conversation = await c.says("tenho uma dúvida sobre o exame da minha mãe")
        await c.asked(crew)
        async with asyncio.timeout(10):
            while not (await c.bot.outbox.undelivered())[PartState.PLANNED]:
                await asyncio.sleep(0.01)
        async with c.bot.base.database.begin() as connection:
            spoil = text("update outbox_part set payload = to_jsonb(cast(:other as text))")
            await connection.execute(spoil, {"other": f"{MARK}AAAA"})
        await c.chatwoot.accept_connections()

        async with asyncio.timeout(20):
            while not (found := await c.bot.base.mailbox.parked()):
                await asyncio.sleep(0.02)
        assert [(one.conversation.number, one.reason) for one in found] == [
            (conversation.id, "undeliverable")
        ]
        await c.says("e quanto tempo demora o laudo dela afinal?")
        assert (await c.reply(conversation)).content == "resposta 2"
