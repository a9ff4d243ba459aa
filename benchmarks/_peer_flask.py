"""A peer: one Flask route that answers inside the request, with OpenAI's own client.

Run by gunicorn, which ``peers`` starts where it is installed: ``benchmarks._peer_flask:app``, with
MODEL_URL and CHATWOOT_URL in the environment.
"""

import importlib
import json
import os
import urllib.request
from typing import Any

from openai import OpenAI  # noqa: TID251 - the baseline is OpenAI's client itself

from benchmarks import _peer

_flask: Any = importlib.import_module("flask")  # no dependency of ours: it may not be there
_client = OpenAI(base_url=os.environ.get("MODEL_URL"), api_key="none")
_chatwoot = os.environ.get("CHATWOOT_URL", "")
app: Any = _flask.Flask(__name__)


def live() -> str:
    """Answer who asks whether it is there."""
    return "alive"


def post(_bot: str) -> tuple[str, int]:
    """Answer a customer's message before the request is answered; pass over all else."""
    body: bytes = _flask.request.get_data()
    if not _peer.is_signed(_flask.request.headers, body):
        return "", 401
    asked = _peer.asked(body)
    if asked is not None:
        number, text = asked
        _post(number, _peer.by_keyword(text) or _completed(text))
    return "done", 200


app.get("/health/live")(live)
app.post("/webhooks/chatwoot/<_bot>")(post)


def _completed(text: str) -> str:
    said: Any = _client.chat.completions.create(
        model="gpt-4o-mini",
        messages=_peer.messages(text),  # type: ignore[arg-type]  # plain dictionaries will do
        max_tokens=150,
    )
    return said.choices[0].message.content or ""


def _post(number: int, text: str) -> None:
    request = urllib.request.Request(
        _peer.place(_chatwoot, number),
        data=json.dumps(_peer.reply(text)).encode(),
        headers={**_peer.HEADERS, "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        answer.read()
