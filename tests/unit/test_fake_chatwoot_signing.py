"""sign() makes Chatwoot's signatures: every vector, bit for bit (S4-41)."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chatcrew.testing import rails_json, sign, signed_headers

SAMPLES = Path(__file__).parents[1] / "samples" / "chatwoot"
VECTORS: list[dict[str, Any]] = json.loads(
    (SAMPLES / "signature-vectors.json").read_text(encoding="utf-8")
)["vectors"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["name"]))
def test_a_vector_is_signed_as_it_says(vector: dict[str, Any]) -> None:
    """Valid vectors give their signature; the others must not."""
    made = sign(vector["secret"], vector["timestamp"], vector["body"].encode())

    assert (made == vector["signature"]) is vector.get("valid", True)


@pytest.mark.parametrize("name", ["text", "emoji-utf8", "html-escapes", "minimal"])
def test_rails_json_writes_the_vectors_bytes_again(name: str) -> None:
    """Escapes and raw UTF-8 as Rails has them: same bytes, same signature."""
    body = next(vector["body"] for vector in VECTORS if vector["name"] == name)

    assert rails_json(json.loads(body)) == body.encode()


def test_a_sender_without_secret_sends_neither_timestamp_nor_signature() -> None:
    """Bots before 4.13.0, automations and macros."""
    headers = signed_headers(None, b"{}", now=datetime(2026, 8, 3, tzinfo=UTC))

    assert set(headers) == {"Content-Type", "Accept"}
