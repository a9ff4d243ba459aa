"""What every answer of the console has: headers, words, ways back (S2-38)."""

import re

import pytest

from chatcrew.web.console import Asked, Page, Shown, load

WORDS = {"things": ("Coisas", "Things"), "things.lead": ("a", "b"), "said.done": ("a", "b")}


@pytest.mark.parametrize(
    "path",
    [
        *("/console/login", "/console/things", "/console/nothing"),
        *("/console/static/console.css", "/console/things/all.csv", "/console/things/gone"),
    ],
)
async def test_every_answer_forbids_frames_inline_code_and_keeping(house, path: str) -> None:
    """Strict policy without inline, no frame, nothing sniffed, nothing told to other sites."""
    await house.enter()
    if path == "/console/login":
        house.client.session.cookie_jar.clear()
    found = await house.get(path)
    policy = found.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert found.headers["X-Frame-Options"] == "DENY"
    assert found.headers["X-Content-Type-Options"] == "nosniff"
    assert found.headers["Referrer-Policy"] == "same-origin"
    kept = found.headers["Cache-Control"]
    assert kept == "no-store" if "static" not in path else "immutable" in kept
    text = await found.text()
    if found.content_type == "text/html":
        assert not re.search(r"<style|<script(?![^>]* src=)|\sstyle=|\son[a-z]+=", text)


async def test_what_goes_wrong_is_told_in_words(house) -> None:
    """A page that is not there, one that is not for him, a database that is away."""
    await house.enter()
    assert "Esta página não existe" in await (await house.get("/console/nothing")).text()
    house.things.away = True
    found = await house.get("/console/things", **{"Accept-Language": "en"})
    assert found.status == 500
    assert "The database did not answer" in await found.text()


async def test_language_and_appearance_are_kept(house) -> None:
    """Portuguese unless the browser or the person says English; the choice leads back."""
    assert "Entrar" in await (await house.get("/console/login")).text()
    assert (
        "Sign in"
        in await (await house.get("/console/login", **{"Accept-Language": "en-US"})).text()
    )
    data = {"language": "en", "theme": "dark", "next": "/console/login"}
    found = await house.post("/console/view", data)
    assert found.headers["Location"] == "/console/login"
    text = await (await house.get("/console/login")).text()
    assert 'data-theme="dark"' in text
    assert "Sign in" in text
    await house.post("/console/view", {"language": "xx", "theme": "<b>", "next": "/console/login"})
    text = await (await house.get("/console/login")).text()
    assert 'data-theme="auto"' in text


def test_words_of_two_pages_that_clash_are_a_fault() -> None:
    """Else one page would quietly speak with the other's words."""

    async def nothing(_: Asked) -> Shown:
        return Shown("fault.html")

    page = Page("things", "figures", "chart", nothing, WORDS)
    with pytest.raises(ValueError, match=r"said\.done, things, things\.lead"):
        load([page, page])
