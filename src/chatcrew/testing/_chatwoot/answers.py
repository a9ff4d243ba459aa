"""FakeChatwoot's answers: JSON as Rails writes it, and what stands in front of Rails says."""

from typing import Any

from aiohttp import web

from chatcrew.testing._chatwoot.wire import rails_json


def json_answer(status: int, body: Any) -> web.Response:
    return web.Response(status=status, body=rails_json(body), content_type="application/json")


def fault_answer(status: int) -> web.Response:
    # rack-attack and proxies do not speak JSON.
    text = {429: "Retry later\n", 502: "<html><h1>502 Bad Gateway</h1></html>"}.get(status)
    if text is not None:
        kind = "text/plain" if status == 429 else "text/html"
        return web.Response(status=status, text=text, content_type=kind)
    return json_answer(status, {"error": f"injected {status}"})
