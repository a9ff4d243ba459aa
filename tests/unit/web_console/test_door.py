"""The console's door: who gets in, and what a form must bring (S2-20, S1-15)."""

import pytest

from chatcrew.accounts import TRY_WINDOW
from chatcrew.audit import Deed

RIGHT = "um segredo bem longo"
CLINIC, SHOP = "health/varizemed", "cosmetics/bella"


async def test_a_stranger_sees_the_door_and_nothing_else(house) -> None:
    """Every address leads to the form, which comes back to the page that was wanted."""
    for path in ("/console/things", "/console/things/all.csv", "/console/nothing", "/console/"):
        found = await house.get(path)
        assert found.status == 303
        assert found.headers["Location"].startswith("/console/login")
    for path in ("/console/things/do", "/console/leave"):
        found = await house.post(path, {"what": "x", "token": "0" * 64})
        assert found.headers["Location"].startswith("/console/login")
    assert house.things.done == []
    assert house.book.deeds == []


async def test_who_signs_in_gets_a_new_secret_that_no_script_and_no_site_can_use(
    house,
) -> None:
    """HttpOnly, SameSite=Strict, only below /console; Secure as soon as TLS is spoken before us."""
    token = await house.form("/console/login?next=/console/things%3Fdays%3D7")
    data = {"name": "Ana", "password": RIGHT, "token": token, "next": "/console/things?days=7"}
    found = await house.post("/console/login", data)
    assert (found.status, found.headers["Location"]) == (303, "/console/things?days=7")
    cookie = found.cookies["chatcrew_console"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/console")
    assert not cookie["secure"]
    assert house.book.deeds == [Deed("console:ana", "console.entered")]
    assert (await house.get("/console/things")).status == 200
    house.client.session.cookie_jar.clear()
    data = {"name": "ana", "password": RIGHT, "token": await house.form()}
    found = await house.post("/console/login", data, **{"X-Forwarded-Proto": "https"})
    again = found.cookies["chatcrew_console"]
    assert again["secure"]
    assert again.value != cookie.value


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/health", "\\evil"])
async def test_nobody_is_led_out_of_the_house(house, wanted: str) -> None:
    """After the login comes a page of the console, whatever a link says."""
    data = {"name": "ana", "password": RIGHT, "token": await house.form(), "next": wanted}
    assert (await house.post("/console/login", data)).headers["Location"] == "/console/"


async def test_wrong_words_are_told_and_then_waited_for(house) -> None:
    """The same sentence for a wrong name and a wrong password; then how long to wait (S1-15)."""
    for name in ("ana", "nobody"):
        found = await house.enter(name, "errada errada")
        assert found.status == 401
        assert "Usuário ou senha não conferem" in await found.text()
    for _ in range(4):
        await house.enter("ana", "errada errada")
    found = await house.enter()
    assert found.status == 429
    assert found.headers["Retry-After"] == str(int(TRY_WINDOW.total_seconds()))
    assert "15 min" in await found.text()


async def test_behind_a_proxy_the_tries_of_one_browser_make_no_other_wait(house) -> None:
    """Its own address counts, whatever it writes before what the proxy saw (S1-15)."""

    async def tried(count: int, said: str) -> int:
        headers = {"X-Forwarded-For": said}
        return (await house.enter(f"nobody-{count}", "errada", **headers)).status

    first = [await tried(count, f"192.0.2.{count}, 203.0.113.7") for count in range(31)]
    other = (await house.enter(**{"X-Forwarded-For": "203.0.113.7, 203.0.113.8"})).status

    assert first == [401] * 30 + [429]
    assert other == 303


async def test_a_form_of_another_browser_or_site_does_nothing(house) -> None:
    """Neither signs somebody in, nor acts for him."""
    token = await house.form()
    for data, headers in (
        ({"token": "0" * 64}, {}),
        ({"token": ""}, {}),
        ({"token": token}, {"Sec-Fetch-Site": "cross-site"}),
        ({"token": token}, {"Origin": "https://evil.example"}),
    ):
        sent = {"name": "ana", "password": RIGHT, **data}
        found = await house.post("/console/login", sent, **headers)
        assert found.status == 403
        assert "chatcrew_console" not in found.cookies
        token = await house.form()
    await house.enter()
    for data, headers in (
        ({}, {}),
        ({"token": "0" * 64}, {}),
        ({"token": house.own_token()}, {"Sec-Fetch-Site": "same-site"}),
        ({"token": house.own_token()}, {"Origin": "null"}),
    ):
        found = await house.post("/console/things/do", {"what": "x", **data}, **headers)
        assert found.status == 403
    assert house.things.done == []
    found = await house.post("/console/things/do", {"what": "x", "token": house.own_token()})
    assert found.headers["Location"] == "/console/things?said=done"
    assert house.things.done == ["x"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data", b"none"),
        ("application/x-www-form-urlencoded; charset=bogus", b"a=b"),
    ],
)
async def test_what_is_no_form_is_refused(house, kind: str, body: bytes) -> None:
    """A stranger's broken body is his fault, and no failed request in our log."""
    for path in ("/console/login", "/console/view", "/console/things/do"):
        answer = await house.client.post(path, data=body, headers={"Content-Type": kind})
        assert answer.status == 400


async def test_a_role_and_a_tenant_bound_what_is_seen_and_done(house) -> None:
    """A filter never widens what somebody may see (S2-20)."""
    await house.enter("bia")
    for query in ("", f"?tenant={SHOP}", f"?tenant={CLINIC}"):
        found = await house.get(f"/console/things/all.csv{query}")
        assert await found.text() == CLINIC
    token = house.own_token()
    assert (await house.post("/console/things/do", {"what": "x", "token": token})).status == 403
    assert (await house.get("/console/house")).status == 403
    assert house.things.done == []
    house.client.session.cookie_jar.clear()
    await house.enter()
    assert await (await house.get("/console/things/all.csv")).text() == "all"
    assert await (await house.get(f"/console/things/all.csv?tenant={SHOP}")).text() == SHOP
    assert [one.tenant for one in house.book.deeds if one.action == "things.viewed"] == [
        *(None, None, CLINIC),
        *(None, SHOP),
    ]


async def test_who_leaves_or_is_revoked_is_out_at_once(house) -> None:
    """The old secret opens nothing."""
    await house.enter()
    secret = {one.key: one.value for one in house.client.session.cookie_jar}["chatcrew_console"]
    found = await house.post("/console/leave", {"token": house.own_token()})
    assert found.headers["Location"] == "/console/login?said=left"
    cookie = f"chatcrew_console={secret}"
    assert (await house.get("/console/things", Cookie=cookie)).status == 303
    await house.enter()
    await house.accounts.revoke("ana")
    found = await house.get("/console/things")
    assert found.headers["Location"].endswith("&said=ended")
