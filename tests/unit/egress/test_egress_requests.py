"""Requests through the guard: pinned addresses, redirects hop by hop, trust that is not lent."""

from typing import Any

import pytest
from aiohttp import web

from chatcrew.errors import EgressRefused

OUTSIDE = "127.0.0.2"
"""Where ``outside`` serves."""


async def test_the_address_that_was_checked_is_the_one_that_is_reached(
    outside: Any, inside: Any, guard: Any
) -> None:
    """A name that changes its mind after the check (DNS rebinding) changes nothing."""
    url = f"http://rebound.example:{outside.port}/"
    async with guard([OUTSIDE], ["127.0.0.1"]) as http:
        found = await http.request("GET", url, timeout=5, max_bytes=100)
        assert (found.status, found.body) == (200, b"ok")
        await http.close()
        with pytest.raises(EgressRefused):
            await http.request("GET", url, timeout=5, max_bytes=100)
    assert inside.asked == []


async def test_a_name_that_leads_inside_as_well_is_refused(outside: Any, guard: Any) -> None:
    """Which address were taken would be chance."""
    async with guard([OUTSIDE, "127.0.0.1"]) as http:
        with pytest.raises(EgressRefused):
            await http.request("GET", f"http://x.example:{outside.port}/", timeout=5, max_bytes=9)
    assert outside.asked == []


async def test_a_redirect_to_the_inside_is_refused(outside: Any, inside: Any, guard: Any) -> None:
    """Each hop is checked anew; the first being public says nothing of the next."""
    outside.answer = lambda: web.Response(
        status=302, headers={"Location": f"http://127.0.0.1:{inside.port}/keys"}
    )
    async with guard() as http:
        with pytest.raises(EgressRefused):
            await http.request(
                "GET", f"http://x.example:{outside.port}/", timeout=5, max_bytes=9, redirects=3
            )
    assert inside.asked == []


async def test_another_origin_does_not_see_the_key(outside: Any, guard: Any) -> None:
    """Any header may hold one: only what is nobody's secret goes on to another origin."""
    outside.answers = [
        web.Response(status=302, headers={"Location": f"http://b.example:{outside.port}/"}),
        web.Response(text="there"),
    ]
    async with guard() as http:
        found = await http.request(
            "GET",
            f"http://a.example:{outside.port}/",
            headers={"Authorization": "Bearer s", "X-Api-Key": "s", "Accept": "text/plain"},
            timeout=5,
            max_bytes=9,
            redirects=1,
        )
    first, second = outside.asked
    assert first.headers["X-Api-Key"] == "s"
    assert "Authorization" not in second.headers
    assert "X-Api-Key" not in second.headers
    assert second.headers["Accept"] == "text/plain"
    assert (found.body, found.url) == (b"there", f"http://b.example:{outside.port}/")


async def test_the_same_origin_keeps_the_key_and_a_303_forgets_the_body(
    outside: Any, guard: Any
) -> None:
    """As RFC 9110 15.4.4 has it."""
    outside.answers = [
        web.Response(status=303, headers={"Location": "/seen"}),
        web.Response(text="ok"),
    ]
    async with guard() as http:
        await http.request(
            "POST",
            f"http://a.example:{outside.port}/do",
            headers={"X-Api-Key": "s"},
            body=b"{}",
            timeout=5,
            max_bytes=9,
            redirects=1,
        )
    assert [one.method for one in outside.asked] == ["POST", "GET"]
    assert outside.asked[1].headers["X-Api-Key"] == "s"
    assert outside.bodies == [b"{}", b""]


async def test_a_body_never_follows_to_another_origin(outside: Any, guard: Any) -> None:
    """A 307 would carry the customer's data to whoever the first server names."""
    outside.answer = lambda: web.Response(
        status=307, headers={"Location": f"http://b.example:{outside.port}/"}
    )
    async with guard() as http:
        with pytest.raises(EgressRefused):
            await http.request(
                "POST",
                f"http://a.example:{outside.port}/",
                body=b"cpf",
                timeout=5,
                max_bytes=9,
                redirects=2,
            )
    assert len(outside.asked) == 1


async def test_redirects_are_counted(outside: Any, guard: Any) -> None:
    """The one after the last is returned as it is."""
    outside.answer = lambda: web.Response(status=302, headers={"Location": "/again"})
    async with guard() as http:
        found = await http.request(
            "GET", f"http://a.example:{outside.port}/", timeout=5, max_bytes=9, redirects=2
        )
    assert (found.status, len(outside.asked)) == (302, 3)


async def test_a_trusted_origin_may_be_inside_and_only_that_one(inside: Any, guard: Any) -> None:
    """What the admin wrote as trusted is reached; the same address by another name is not."""
    trusted = {f"http://shop.internal:{inside.port}"}
    async with guard(["127.0.0.1"]) as http:
        url = f"http://shop.internal:{inside.port}/"
        found = await http.request("GET", url, timeout=5, max_bytes=9, trusted=trusted)
        assert found.status == 200
        for other, known in (
            (f"http://other.internal:{inside.port}/", trusted),
            (f"http://127.0.0.1:{inside.port}/", trusted),
            (url, frozenset[str]()),
        ):
            with pytest.raises(EgressRefused):
                await http.request("GET", other, timeout=5, max_bytes=9, trusted=known)


async def test_no_trust_leads_to_the_metadata_service(guard: Any) -> None:
    """Link-local addresses are refused whatever an admin wrote."""
    async with guard() as http:
        with pytest.raises(EgressRefused):
            await http.request(
                "GET",
                "http://169.254.169.254/",
                timeout=5,
                max_bytes=9,
                trusted={"http://169.254.169.254"},
            )


async def test_only_listed_ports_are_spoken_to(outside: Any, guard: Any) -> None:
    """Where the caller lists some."""
    async with guard(ports=[443]) as http:
        with pytest.raises(EgressRefused):
            await http.request("GET", f"http://a.example:{outside.port}/", timeout=5, max_bytes=9)


async def test_environment_proxies_are_not_asked(
    outside: Any, inside: Any, monkeypatch: pytest.MonkeyPatch, guard: Any
) -> None:
    """A proxy resolves names itself, so nothing would be checked."""
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{inside.port}")
    async with guard() as http:
        await http.request("GET", f"http://a.example:{outside.port}/", timeout=5, max_bytes=9)
    assert (len(outside.asked), inside.asked) == (1, [])


async def test_cookies_of_one_answer_go_with_no_other_request(outside: Any, guard: Any) -> None:
    """Two tenants may ask the same shop."""
    outside.answer = lambda: web.Response(text="ok", headers={"Set-Cookie": "session=1"})
    async with guard() as http:
        for _ in range(2):
            await http.request("GET", f"http://a.example:{outside.port}/", timeout=5, max_bytes=9)
    assert "Cookie" not in outside.asked[1].headers
