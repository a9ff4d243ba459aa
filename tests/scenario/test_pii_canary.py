"""Who writes shows in no log line, metric, error, title or address of ours (N8, N15)."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

import orjson
import pytest
from aiohttp import ClientResponse, ClientSession, CookieJar

from chatcrew.accounts import QUICK, Accounts, Passwords, PostgresAccounts, Role
from chatcrew.analytics import PostgresFacts
from chatcrew.testing import File
from chatcrew.testing.canary import CPF, MAIL, NAME, PHONE, WORDS, logging_for_real, traces_in
from chatcrew.testing.responders import ScriptedResponder

PASSWORD = "um segredo bem longo"
TOKEN = "tab-token-0123456789abcdef0123456789"
ADDRESSES = re.compile(r'\s(?:href|src|action|formaction|hx-get|hx-post|sse-connect)="([^"]*)"')
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
MOST_PAGES = 150


@pytest.fixture
def crews_dir(prompt_crews: Path) -> Path:
    """Nobody sends bursts here."""
    return prompt_crews


async def test_nothing_of_a_customer_shows_where_the_server_speaks_of_itself(clinic) -> None:
    """Turn, memory, attachment, handoff, failing crew, unsigned deliveries, odd addresses."""
    crew = ScriptedResponder(
        lambda ask: RuntimeError(WORDS) if "falhe" in ask.inputs["message"] else f"Bom dia, {NAME}!"
    )
    bodies = []
    with logging_for_real() as logs:
        async with clinic(responder=crew, user_token=True) as c:
            he = c.account.add_contact(name=NAME, phone_number=PHONE, email=MAIL)
            talk = await c.chatwoot.customer_says(c.inbox, he, f"bom dia! {WORDS}")
            await c.reply(talk)
            letter = File("file", f"{quote(NAME)} {CPF}.txt", "text/plain", WORDS.encode())
            await c.chatwoot.customer_says(c.inbox, he, None, files=[letter])
            await c.reply(talk, count=2)
            for order in ("memória", "resumo", "porque", f"lembrar amanhã {NAME} {CPF}"):
                await c.chatwoot.agent_says(talk, f"/bot {order}", private=True)
            await c.settled(idle=True)
            await c.bot.parts.remembering.idle()
            notes = " ".join(str(one.content) for one in talk.notes)
            await c.chatwoot.customer_says(c.inbox, he, f"quero falar com uma pessoa, {WORDS}")
            await c.settled(idle=True)
            asked = len(crew.asked)
            await c.says(f"falhe agora: {WORDS}")
            await c.asked(crew, asked + 1)
            await c.settled(idle=True)
            url = c.bot.webhook_url("clinic-bot")
            async with ClientSession() as session:
                sent = [
                    (url, orjson.dumps({"event": "message_created", "content": WORDS})),
                    (url, WORDS.encode()),
                    (f"{c.bot.public_url}/{quote(WORDS)}?q={quote(MAIL)}", b"{}"),
                    (f"{c.bot.admin_url}/{quote(WORDS)}", b"{}"),
                ]
                for address, body in sent:
                    async with session.post(address, data=body) as got:
                        assert got.status >= 400
                        bodies.append(f"{await got.text()} {dict(got.headers)}")
                for page in ("/metrics", "/health/ready"):
                    async with session.get(f"{c.bot.admin_url}{page}") as got:
                        bodies.append(await got.text())

    assert talk.public_bot_replies
    assert {"turn.finished"} < logs.events
    assert any(line["level"] in {"warning", "error"} for line in map(orjson.loads, _json(logs)))
    assert "chatcrew_turns" in bodies[-2]
    assert {str(line): traces_in(str(line)) for line in logs.lines if traces_in(str(line))} == {}
    assert traces_in(logs.written) == set()
    assert [traces_in(body) for body in bodies] == [set()] * len(bodies)
    # He was there to be found
    assert traces_in(crew.asked[0].inputs["message"])
    assert traces_in(notes)


def _json(logs) -> list[str]:
    return logs.written.splitlines()


async def test_no_page_names_a_customer_in_its_title_or_in_an_address(clinic) -> None:
    """Every page that a link of console or tab leads to: they stay in histories and in logs."""
    crew = ScriptedResponder(lambda ask: f"Bom dia, {NAME}!")
    async with clinic(responder=crew, tab_token=TOKEN) as c:
        he = c.account.add_contact(name=NAME, phone_number=PHONE, email=MAIL)
        talk = await c.chatwoot.customer_says(c.inbox, he, f"bom dia! {WORDS}")
        await c.reply(talk)
        await c.chatwoot.customer_says(c.inbox, he, f"vocês vendem gelo para {WORDS}?")
        await c.reply(talk, count=2)
        await c.chatwoot.customer_says(c.inbox, he, f"quero falar com uma pessoa, {WORDS}")
        await c.settled(idle=True)
        base = c.bot.base
        await PostgresFacts(base.database, base.clock).run({"health/varizemed": "America/Recife"})
        accounts = Accounts(PostgresAccounts(base.database, base.clock), Passwords(QUICK))
        await accounts.add("ana", PASSWORD, role=Role.OWNER)
        with logging_for_real() as logs:
            async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
                console = await _console(session, f"{c.bot.admin_url}/console/")
                tab = await _tab(c, session, talk)

    for place, (body, headers) in {**console, **tab}.items():
        assert traces_in(unquote(place)) == set(), place
        assert traces_in(str(headers)) == set(), place
        shown = [*TITLE.findall(body), *ADDRESSES.findall(body)]
        assert traces_in(unquote(unescape(" ".join(shown)))) == set(), place
    assert traces_in(logs.written) == set()
    # The pages were there, and he on some of them
    assert len(console) > 15
    assert any("/console/conversations/demo/" in place for place in console)
    for pages in (console, tab):
        assert any(traces_in(body) for body, _ in pages.values())


async def _console(session: ClientSession, start: str) -> dict[str, tuple[str, dict[str, str]]]:
    """Return body and headers of every page of the console that its own links lead to."""
    async with session.get(f"{start}login") as door:
        token = re.search(r'name="token" value="([0-9a-f]{64})"', await door.text())
    assert token is not None
    form = {"name": "ana", "password": PASSWORD, "token": token[1]}
    async with session.post(f"{start}login", data=form) as entered:
        assert entered.status == 200
    seen: dict[str, tuple[str, dict[str, str]]] = {}
    wanted = [start]
    while wanted and len(seen) < MOST_PAGES:
        place = wanted.pop()
        if place in seen or "/live/events" in place or "/static/" in place:
            continue
        async with session.get(place, allow_redirects=False) as got:
            seen[place] = await _read(got)
        body, headers = seen[place]
        links = [headers["Location"]] if "Location" in headers else []
        if "html" in headers.get("Content-Type", ""):
            links += map(unescape, ADDRESSES.findall(body))
        links = [urljoin(place, one) for one in links]
        wanted += [one for one in links if one.startswith(start) and not _again(one, seen)]
    return seen


def _again(place: str, seen: dict[str, tuple[str, dict[str, str]]]) -> bool:
    """Whether it is a page that was read already, by another time or language."""
    return any(urlsplit(place).path == urlsplit(one).path for one in seen)


async def _tab(c, session: ClientSession, talk) -> dict[str, tuple[str, dict[str, str]]]:
    """Return the tab's page and panel, as an operator has them."""
    url = f"{c.bot.public_url}/tab/{TOKEN}"
    here = f"{url}/conversations/{talk.id}"
    async with session.post(f"{here}/code") as got:
        begun = await got.json()
    code = re.search(r"/bot parear <b>([0-9]{4})</b>", begun["html"])
    assert code is not None
    await c.chatwoot.agent_says(talk, f"/bot parear {code[1]}", private=True)
    await c.chatwoot.wait_for(lambda: any("pareado" in str(one.content) for one in talk.notes))
    found = {}
    for place in (url, f"{here}/panel"):
        headers = {"Authorization": f"Bearer {begun['secret']}"}
        async with session.get(place, headers=headers) as got:
            found[place] = await _read(got)
    return found


async def _read(got: ClientResponse) -> tuple[str, dict[str, str]]:
    return await got.text(errors="replace"), dict(got.headers)
