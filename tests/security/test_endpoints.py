"""Every address of both ports, console, tab and API: who may ask, and what of whom (S2-05)."""

import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from aiohttp import web
from tests.security.decisions import (
    ACTS,
    ANYBODY,
    BOUND,
    DECISIONS,
    HOUSE,
    PAGES,
    PAIRED,
    SESSION,
    SIGNED,
    TOKEN,
)
from tests.security.house import (
    HOSTILE,
    MINE,
    TAB,
    THEIRS,
    WORDS,
    Browser,
    House,
    opened,
    panel_of,
)
from tests.security.pages import Page
from yarl import URL

from chatcrew.accounts import PostgresTokens, Role, new_secret
from chatcrew.app.console import pages_of
from chatcrew.database import Database

HREF = re.compile(r'\s(?:href|action|hx-get|sse-connect)="([^"]*)"')
MOST = 200
PARTS = {"app": TAB, "name": "minha", "domain": "health", "bot": "the-bot", "token": "x" * 20}
PARTS |= {"account": "demo", "contact": "1", "kind": "turns", "page": "overview", "rest": "x.csv"}
PARTS |= {"act": "do", "turn": "01a20158-a79e-7deb-aa62-fa547eb20474"}


def routes(apps) -> set[tuple[str, str]]:
    """Return method and address of everything that is answered."""
    found = set()
    for app in apps:
        for route in app.router.routes():
            assert isinstance(route, web.ResourceRoute)
            if route.method != "HEAD":
                assert route.resource is not None
                found.add((route.method, re.sub(r":[^{}]+(?=})", "", route.resource.canonical)))
    return found


def words_in(text: str) -> set[str]:
    """Return whose words stand in a text."""
    return {tenant for tenant, word in WORDS.items() if word in text.casefold()}


async def walked(browser: Browser) -> dict[str, str]:
    """Return every address that the console's own links lead to, with what it answers."""
    seen: dict[str, str] = {}
    wanted = ["/console/", *(f"/console/{one}" for one in PAGES)]
    while wanted and len(seen) < MOST:
        place = wanted.pop()
        path = urlsplit(place).path
        # A figure's files once, not once for each period
        if any(urlsplit(one).path == path for one in seen) or "/static/" in place:
            continue
        if not place.startswith("/console") or place.endswith("/events"):
            continue
        answer = await browser.ask("GET", place)
        seen[place] = f"{await answer.text()} {dict(answer.headers)}"
        links = [answer.headers["Location"]] if "Location" in answer.headers else []
        if answer.content_type == "text/html":
            links += map(unescape, HREF.findall(await answer.text()))
        wanted += [urljoin(place, one) for one in links]
    return seen


async def test_each_address_serves_each_his_own_and_runs_nobodys_words(
    database: Database, tmp_path: Path
) -> None:
    """Routes have decisions; strangers get nothing; an owner of one tenant nothing of another."""
    async with opened(database, tmp_path) as house:
        assert routes(house.apps) == set(DECISIONS)
        await _strangers_get_nothing(house)
        async with house.browser("casa") as owner, house.browser("minha") as mine:
            everything = await walked(owner)
            await _console_is_bound(house, everything, mine)
            await _forms_are_our_own(house, mine)
            await _acts_are_bound(house, owner, mine)
        await _no_session_is_planted(house)
        await _api_is_bound(house)
        panel = await _tab_is_bound(house)
        _nothing_runs({**everything, "tab": panel}, chatwoot=house.chatwoot.url)


def _nothing_runs(everything: Mapping[str, str], *, chatwoot: str) -> None:
    """Names of customers, operators and businesses, messages: text on all of console and tab."""
    html = {place: told for place, told in everything.items() if "<html" in told or place == "tab"}
    # Pages lead to the account's own Chatwoot, by the address that the mapping gives
    read = {place: Page(told.replace(f'"{chatwoot}', '"')) for place, told in html.items()}
    assert len(read) > 15
    assert {place: one.odd for place, one in read.items() if one.odd} == {}
    # It was there to be run, and people read it as it was written
    for tenant, word in WORDS.items():
        shown = [place for place, one in read.items() if f"{word} {HOSTILE}"[:60] in one.text]
        assert len(shown) > 10, tenant
    assert "{{7*7}}" in read["tab"].text


async def _strangers_get_nothing(house: House) -> None:
    """Every address, asked without anything: refused as decided, and no word of anybody."""
    number = str(house.talks[MINE].id)
    async with house.browser(None) as stranger:
        for (method, path), decision in DECISIONS.items():
            at = re.sub(r"{(\w+)}", lambda one: {**PARTS, "number": number}[one[1]], path)
            port = house.bot.public_url if path.startswith(("/tab", "/web")) else stranger.url
            answer = await Browser(stranger.session, port).ask(method, at)
            told = f"{await answer.text()} {dict(answer.headers)}"
            assert words_in(told) == set(), (method, path)
            expected = {
                ANYBODY: {200, 204, 303, 403, 404},
                SIGNED: {401, 404},
                SESSION: {303},
                PAIRED: {204},
                TOKEN: {401},
            }[decision]
            assert answer.status in expected, (method, path, answer.status)
            if decision == SESSION:
                assert answer.headers["Location"].startswith("/console/login"), path


async def _console_is_bound(house: House, everything: Mapping[str, str], mine: Browser) -> None:
    """What the whole house's owner sees of the others, the owner of one gets at no address."""
    pages = {one.name: one for one in pages_of(house.bot.base, accounts=None)}  # type: ignore[arg-type]  # only their names
    assert {name: HOUSE if one.everywhere else BOUND for name, one in pages.items()} == PAGES
    assert {(name, act) for name, one in pages.items() for act in one.acts} == ACTS
    asked = set(everything) | {
        f"{one}{'&' if '?' in one else '?'}tenant={THEIRS}" for one in everything
    }
    theirs = [one for one, told in everything.items() if THEIRS in words_in(told)]
    for place in sorted(asked):
        answer = await mine.ask("GET", place)
        told = f"{await answer.text()} {dict(answer.headers)}"
        assert THEIRS not in words_in(told), place
        name = urlsplit(place).path.split("/")[2]
        if PAGES.get(name) == HOUSE:
            assert answer.status == 403, place
    # It was there to be found, on pages and in files; and his own is shown to him
    assert len(everything) > 40
    assert len(theirs) > 5
    assert any("/conversations/demo/" in one for one in theirs)
    assert MINE in words_in(str(await walked(mine)))


async def _forms_are_our_own(house: House, mine: Browser) -> None:
    """No form of the console obeys without its token, with another's, or from another site."""
    async with house.browser("deles") as other:
        foreign = other.cookie("chatcrew_console")
    own = mine.cookie("chatcrew_console")
    paths = ["/console/leave", *(f"/console/{page}/{act}" for page, act in sorted(ACTS))]
    for path in paths:
        for form, headers in (
            ({"token": ""}, {}),
            ({"token": foreign[:43]}, {}),
            ({"token": own}, {}),
            ({}, {"Origin": "https://evil.example"}),
            ({}, {"Sec-Fetch-Site": "cross-site"}),
            ({}, {"Origin": "null"}),
        ):
            assert (await mine.posts(path, form, **headers)).status == 403, (path, form, headers)
        got = await mine.ask("GET", path)
        assert got.status in (403, 404), path
    assert (await mine.ask("GET", "/console/overview")).status == 200, "still signed in"


async def _acts_are_bound(house: House, owner: Browser, mine: Browser) -> None:
    """No act reaches what is another's, whatever a form names."""
    place = house.place(THEIRS)
    before = await house.bot.base.mailbox.state(place)
    form = {"conversation": str(place), "number": "1", "name": "casa", "role": "viewer"}
    form |= {"password": "outro segredo longo", "tenant": MINE, "next": "https://evil.example/"}
    for page, act in sorted(ACTS):
        answer = await mine.posts(f"/console/{page}/{act}", form)
        assert answer.status in (403, 404), (page, act, answer.status)
        assert words_in(await answer.text()) <= {MINE}
    assert await house.bot.base.mailbox.state(place) == before
    assert (await owner.ask("GET", "/console/users")).status == 200, "its account stands"


async def _no_session_is_planted(house: House) -> None:
    """What an attacker puts into a browser before its owner signs in, opens nothing afterwards."""
    made_up = new_secret()
    async with house.browser("deles") as attacker, house.browser(None) as victim:
        known = attacker.cookie("chatcrew_console")
        for planted in (known, made_up):
            where = URL(victim.url) / "console"
            victim.session.cookie_jar.clear()
            victim.session.cookie_jar.update_cookies({"chatcrew_door": made_up}, where)
            assert (await victim.enters("minha")).status == 303
            mine = victim.cookie("chatcrew_console")
            assert mine not in (known, made_up)
            with_it = {"headers": {"Cookie": f"chatcrew_console={planted}"}}
            async with house.browser(None) as other:
                answer = await other.ask("GET", "/console/conversations", **with_it)
            assert MINE not in words_in(await answer.text()), "it is not the victim's"


async def _api_is_bound(house: House) -> None:
    """A program's token, by the other's address and by its own with the other's numbers."""
    base = house.bot.base
    tokens = PostgresTokens(base.database, base.clock)
    secrets = {
        None: await tokens.add("casa", role=Role.OWNER, tenants=None),
        MINE: await tokens.add("minha", role=Role.OWNER, tenants=frozenset({MINE})),
    }
    contact = house.talks[THEIRS].contact.id
    parts = {**PARTS, "number": str(house.talks[THEIRS].id), "contact": str(contact)}
    found = 0
    async with house.browser(None) as program:
        for (method, path), decision in DECISIONS.items():
            if decision != TOKEN:
                continue
            for name in ("deles", "minha"):
                at = re.sub(r"{(\w+)}", lambda one, n=name: {**parts, "name": n}[one[1]], path)
                body = {"json": {"text": "oi"}} if method == "POST" else {}
                key = {"Authorization": f"Bearer {secrets[MINE]}"}
                answer = await program.ask(method, at, headers=key, **body)
                told = await answer.text()
                assert THEIRS not in words_in(told), (method, at)
                if name == "deles" and "{name}" in path:
                    assert answer.status == 404, (method, at)
            if method == "GET":
                at = re.sub(r"{(\w+)}", lambda one: {**parts, "name": "deles"}[one[1]], path)
                key = {"Authorization": f"Bearer {secrets[None]}"}
                answer = await program.ask("GET", at, headers=key)
                found += THEIRS in words_in(await answer.text())
    assert found >= 3, "it was there to be found"


async def _tab_is_bound(house: House) -> str:
    """Return the panel of who is paired for one tenant; he opens no conversation of the other."""
    panel, key = await panel_of(house, MINE)
    assert words_in(panel) == {MINE}
    number = house.talks[THEIRS].id
    async with house.browser(None) as browser:
        tab = Browser(browser.session, f"{house.bot.public_url}/tab/{TAB}/conversations/{number}")
        for method, part in (("GET", "/panel"), ("GET", "/events"), ("POST", "/orders")):
            answer = await tab.ask(method, part, headers=key, data={"order": "pause"})
            assert (answer.status, await answer.read()) == (204, b""), part
    return panel
