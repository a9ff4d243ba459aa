"""The tab's door: who is not paired sees nothing, whatever he sends (S2-08, design §6)."""

import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from aiohttp import ClientResponse, ClientSession

from chatcrew.ids import ConversationId
from chatcrew.pairing import SESSION_HOURS, PostgresPairings
from chatcrew.testing import ManualClock
from chatcrew.testing.responders import ScriptedResponder

TOKEN = "tab-token-0123456789abcdef0123456789"
NEVER = ("Maria", "5581990000000", "varizemed", "Varizemed", "Patrícia", "consulta")
"""What no answer to a stranger holds."""


@dataclass
class Browser:
    """A browser that speaks HTTP only."""

    session: ClientSession
    url: str
    number: int
    secret: str | None = None

    async def get(self, part: str, **headers: str) -> ClientResponse:
        """Ask for a part of the conversation."""
        return await self._ask("GET", part, headers)

    async def press(self, **form: str) -> ClientResponse:
        """Press a button."""
        return await self._ask("POST", "orders", {}, form)

    async def code(self) -> str:
        """Ask for a code; keep the secret that comes with it."""
        answer = await self._ask("POST", "code", {})
        begun = await answer.json()
        self.secret = begun["secret"]
        found = re.search(r"/bot parear <b>([0-9]{4})</b>", begun["html"])
        assert found is not None
        return found[1]

    async def _ask(
        self, method: str, part: str, headers: dict[str, str], form: dict[str, str] | None = None
    ) -> ClientResponse:
        if self.secret is not None:
            headers = {"Authorization": f"Bearer {self.secret}", **headers}
        where = f"{self.url}/conversations/{self.number}/{part}"
        answer = await self.session.request(method, where, headers=headers, data=form)
        await answer.read()
        return answer


@pytest.fixture
def talk(clinic):
    """Return a context manager: a clinic with an answered conversation, and a stranger."""

    @contextlib.asynccontextmanager
    async def run() -> AsyncIterator[tuple]:
        crew = ScriptedResponder(lambda ask: "Sim, atendemos aos sábados.")
        async with clinic(responder=crew, tab_token=TOKEN) as c, ClientSession() as session:
            conversation = await c.says("meu nome é Maria da Silva, vocês atendem sábado?")
            await c.reply(conversation)
            await c.settled()
            url = f"{c.bot.public_url}/tab/{TOKEN}"
            yield c, conversation, Browser(session, url, conversation.id)

    return run


async def paired(c, conversation, browser: Browser) -> None:
    """Pair a browser by a note of Patrícia's."""
    note = f"/bot parear {await browser.code()}"
    await c.chatwoot.agent_says(conversation, note, private=True)
    await c.settled()


async def nothing(answer: ClientResponse) -> None:
    """Expect that an answer says nothing at all."""
    assert (answer.status, await answer.read()) == (204, b"")


async def test_a_stranger_sees_nothing_but_a_code(talk) -> None:
    """Not by the address alone, a forged secret, another's number, or no browser at all."""
    async with talk() as (_, _, stranger):
        page = await (await stranger.session.get(stranger.url)).text()
        for one in NEVER:
            assert one not in page
        for part in ("panel", "events"):
            await nothing(await stranger.get(part))
            for forged in ("", "Bearer ", "Bearer " + "A" * 43, "Basic eDp5", f"Bearer {TOKEN}"):
                await nothing(await stranger.get(part, Authorization=forged))
        await nothing(await stranger.press(order="pause"))
        await stranger.code()
        await nothing(await stranger.get("panel"))
        await nothing(await stranger.get("panel", **{"X-Tab-User": "12"}))
        await nothing(await stranger.press(order="take-over"))

        for wrong in (TOKEN[:-1], TOKEN.upper(), "x", "%00", "static"):
            where = stranger.url.replace(TOKEN, wrong)
            for path in ("", f"/conversations/{stranger.number}/panel"):
                assert (await stranger.session.get(where + path)).status == 404


async def test_a_note_pairs_the_browser_that_shows_its_code_and_no_other(talk) -> None:
    """Only as whom Chatwoot says its author is, only for what is his tenant's, until he leaves."""
    async with talk() as (c, conversation, browser):
        await paired(c, conversation, browser)
        assert "pareado com Patrícia Gomes" in conversation.notes[-1].content
        panel = await browser.get("panel")
        text = await panel.text()
        assert "Maria da Silva" in text
        assert "Pareado: Patrícia Gomes" in text
        assert "Custo" not in text, "no model was asked"

        await nothing(await replace(browser, secret=browser.secret.swapcase()).get("panel"))
        await nothing(await replace(browser, number=999).get("panel"))
        await nothing(await browser.get("panel", **{"X-Tab-User": "13"}))
        known = await browser.get("panel", **{"X-Tab-User": "12"})
        assert known.status == 200

        pairings = PostgresPairings(c.bot.base.database, c.bot.base.clock)
        assert await pairings.revoke("demo", 12) == 1
        await nothing(await browser.get("panel"))


async def test_a_session_of_one_tenant_opens_no_conversation_of_another(talk) -> None:
    """Whose a conversation is our own records say, whatever number a page sends (complaint 12)."""
    async with talk() as (c, conversation, browser):
        other = replace(browser, secret=None)
        code = await other.code()
        pairings = PostgresPairings(c.bot.base.database, c.bot.base.clock)
        where = ConversationId("demo", "clinic-bot", conversation.id)
        await pairings.redeem(
            code, where, tenant="cosmetics/bella", user_id=12, user_name="Patrícia", order="n"
        )
        assert await pairings.session(other.secret, "demo", "cosmetics/bella") is not None

        for part in ("panel", "events"):
            await nothing(await other.get(part))
        await nothing(await other.press(order="forget-all"))


async def test_an_expired_session_sees_nothing(talk) -> None:
    """After twelve hours the same browser gets nothing, and no button of it counts."""
    async with talk() as (c, conversation, browser):
        await paired(c, conversation, browser)
        assert (await browser.get("panel")).status == 200
        yesterday = ManualClock(start=c.bot.base.clock.now() - timedelta(hours=SESSION_HOURS))
        pairings = PostgresPairings(c.bot.base.database, yesterday)
        begun = await pairings.begin("demo", conversation.id, secret=browser.secret)
        where = ConversationId("demo", "clinic-bot", conversation.id)
        await pairings.redeem(
            begun.code, where, tenant="health/varizemed", user_id=12, user_name="P", order="old"
        )

        await nothing(await browser.get("panel"))
        await nothing(await browser.press(order="pause"))
        await c.settled()
        assert not any("em silêncio" in note.content for note in conversation.notes)


async def test_pages_are_framed_by_chatwoot_only_and_tell_nobody_their_address(talk) -> None:
    """The token in the address is in no log, no Referer and no cache; scripts are our own."""
    async with talk() as (c, _, stranger):
        answer = await stranger.session.get(stranger.url)
        policy = answer.headers["Content-Security-Policy"]
        assert f"frame-ancestors {c.chatwoot.url}" in policy
        assert "script-src 'self'" in policy
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "X-Frame-Options" not in answer.headers
        assert TOKEN not in await answer.text()

        where = f"{stranger.url}/conversations/{stranger.number}/code"
        for _ in range(60):
            assert (await stranger.session.post(where)).status == 200
        refused = await stranger.session.post(where)
        assert (refused.status, (await refused.json())["error"]["kind"]) == (429, "too_many_codes")


async def test_a_button_is_obeyed_and_answered_like_the_note_of_who_is_paired(talk) -> None:
    """Pause, resume, take over, hand back; what no button sends is refused, once is once."""
    async with talk() as (c, conversation, browser):
        await paired(c, conversation, browser)

        for order, said in (
            ("pause", "em silêncio"),
            ("resume", "volta a responder"),
            ("take-over", "Patrícia Gomes assumiu"),
            ("hand-back", "Patrícia Gomes devolveu"),
        ):
            assert (await browser.press(order=order)).status == 200
            await c.settled()
            assert said in conversation.notes[-1].content, order
            if order == "take-over":
                assert (conversation.status, conversation.assignee) == ("open", c.agent)
        assert (conversation.status, conversation.assignee) == ("pending", None)

        for wrong in ({}, {"order": "approve"}, {"order": "pause", "for": "2h; rm"}):
            refused = await browser.press(**wrong)
            assert (refused.status, (await refused.json())["error"]["kind"]) == (
                422,
                "unknown_order",
            )
        turns = re.findall(r'"turn":"([0-9a-f-]{36})"', await (await browser.get("panel")).text())
        assert (await browser.press(order="verdict", good="yes", turn=turns[0])).status == 200
        await c.settled()
        assert "boa resposta" in conversation.notes[-1].content
        panel = await (await browser.get("panel")).text()
        assert panel.count('aria-pressed="true"') == 1

        assert (await browser.press(order="verdict", good="no", turn=turns[0])).status == 200
        await c.settled()
        assert "resposta ruim" in conversation.notes[-1].content


async def test_the_tab_suggests_nothing_that_the_customer_has_overtaken(talk) -> None:
    """A draft is shown until he writes again: copied then, it would answer another question."""
    async with talk() as (c, conversation, browser):
        await paired(c, conversation, browser)
        await c.chatwoot.agent_says(conversation, "/bot rascunho", private=True)
        await c.settled()
        shown = await (await browser.get("panel")).text()
        assert 'id="suggested"' in shown

        await c.says("e quanto custa a consulta?")
        await c.settled()
        shown = await (await browser.get("panel")).text()
        assert 'id="part-suggestion"' in shown
        assert 'id="suggested"' not in shown
