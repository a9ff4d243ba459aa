"""The API over a running bot: what programs see of it is what happened (S1-55, S2-37, S2-05)."""

import csv
import io
import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from chatcrew.accounts import PostgresTokens, Role
from chatcrew.analytics import KINDS
from chatcrew.app.figures import facts_round
from chatcrew.audit import PostgresAudit
from chatcrew.testing.responders import ScriptedResponder

TENANT = "health/varizemed"


class Program:
    """Somebody who asks with a token."""

    def __init__(self, session: ClientSession, url: str, key: str) -> None:
        self._session = session
        self._url = url
        self._headers = {"Authorization": f"Bearer {key}"}

    async def ask(self, method: str, path: str, **more: object) -> tuple[int, str]:
        """Ask below the tenant; return status and body."""
        address = f"{self._url}/api/v1/tenants/{TENANT}{path}"
        async with self._session.request(method, address, headers=self._headers, **more) as answer:  # type: ignore[arg-type]  # options of aiohttp
            return answer.status, await answer.text()

    async def read(self, path: str, **more: object) -> object:
        """Ask for what is there."""
        status, body = await self.ask("GET", path, **more)
        assert status == 200, body
        return json.loads(body)


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    """Give a client."""
    async with ClientSession() as opened:
        yield opened


async def test_a_real_talk_is_read_exported_and_erased_by_program(clinic, session) -> None:
    """Conversation, lines, why, figures, facts, contact, everything kept, and nothing after."""
    crew = ScriptedResponder(lambda ask: "Recuperação leve.")
    async with clinic(responder=crew) as c:
        base = c.bot.base
        tokens = PostgresTokens(base.database, base.clock)
        key = await tokens.add("casa", role=Role.OWNER, tenants=frozenset({TENANT}))
        program = Program(session, c.bot.admin_url, key)
        talk = await c.says("como é a recuperação do meu procedimento?")
        await c.reply(talk)
        await c.settled()
        facts = facts_round(
            base.database, configuration=lambda: base.directory.current, clock=base.clock
        )
        await facts.run()

        place = f"/conversations/clinic-bot/{talk.id}"
        lines = await program.read(f"{place}/messages")
        turns = await program.read(f"{place}/turns")
        talks = await program.read("/conversations")
        stats = await program.read("/stats")
        contacts = await program.read("/contacts")
        contact = contacts["items"][0]
        where = f"/contacts/{contact['account']}/{contact['contact']}"
        kept = await program.read(where)
        exports = {
            kind: (await program.ask("GET", f"/export/{kind}", params={"format": "csv"}))
            for kind in KINDS
        }
        erased, receipt = await program.ask("DELETE", where)
        after = await program.read(f"{place}/messages")
        deeds = [one.action for one in await PostgresAudit(base.database, base.clock).entries()]

    assert [(one["author"], one["text"]) for one in lines] == [
        ("customer", "como é a recuperação do meu procedimento?"),
        ("bot", "Recuperação leve."),
    ]
    assert turns[0]["outcome"] == "replied"
    assert [(one["number"], one["replies"]) for one in talks["items"]] == [(talk.id, 1)]
    assert stats["overview"]["turns"] == {"replied": 1}
    assert contact["name"] == "Maria da Silva"
    assert "recuperação do meu procedimento" in str(kept)
    assert {kind: status for kind, (status, _) in exports.items()} == dict.fromkeys(KINDS, 200)
    rows = list(csv.DictReader(io.StringIO(exports["turns"][1])))
    assert [row["outcome"] for row in rows] == ["replied"]
    assert erased == 200
    assert '"found":0' in receipt.replace(" ", "")
    assert not any("recuperação" in one["text"] for one in after)
    assert {"conversation.viewed", "contacts.listed", "person.exported", "person.erased"} <= {
        *deeds
    }


async def test_a_simulated_talk_is_answered_read_and_counted_nowhere(clinic, session) -> None:
    """By its own bot, ``sim``; no figure and no list shows it (S2-09)."""
    crew = ScriptedResponder(lambda ask: "Recuperação leve.")
    async with clinic(responder=crew) as c:
        base = c.bot.base
        tokens = PostgresTokens(base.database, base.clock)
        key = await tokens.add("casa", role=Role.ADMIN, tenants=frozenset({TENANT}))
        program = Program(session, c.bot.admin_url, key)
        body = {"text": "como é a recuperação do meu procedimento?", "session": "demo"}

        status, told = await program.ask("POST", "/messages", json=body)
        tried = json.loads(told)
        facts = facts_round(
            base.database, configuration=lambda: base.directory.current, clock=base.clock
        )
        await facts.run()

        place = f"/conversations/sim/{tried['conversation']}"
        lines = await program.read(f"{place}/messages")
        turn = await program.read(f"{place}/turns/{tried['turn']}")
        talks = await program.read("/conversations")
        stats = await program.read("/stats")
        contacts = await program.read("/contacts")

    assert status == 200
    assert [one["text"] for one in tried["replies"]] == ["Recuperação leve."]
    assert [one["author"] for one in lines] == ["customer", "bot"]
    assert turn["outcome"] == "replied"
    assert talks["items"] == contacts["items"] == []
    assert stats["overview"]["turns"] == {}
    assert not c.account.conversations
