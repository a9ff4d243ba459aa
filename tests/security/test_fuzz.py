"""Verify, parse and YAML over a kept corpus of nasty inputs, real samples, and what grows of both.

Bounded to seconds; ``pytest tests/security/test_fuzz.py --hypothesis-profile=long`` goes on for
minutes. What it finds is put into ``corpus/``.
"""

import hashlib
import hmac
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatcrew.chatwoot import webhook
from chatcrew.errors import WebhookError
from chatcrew.tenancy._faults.catalog import LANGUAGES
from chatcrew.tenancy._reading.document import parse
from chatcrew.tenancy.model import Bot, Secret

HERE = Path(__file__).parent
SAMPLES = HERE.parent / "samples"
WEBHOOKS = {path.name: path.read_bytes() for path in sorted((HERE / "corpus/webhooks").iterdir())}
YAML = {path.name: path.read_bytes() for path in sorted((HERE / "corpus/yaml").iterdir())}
REAL = [path.read_bytes() for path in sorted((SAMPLES / "chatwoot/payloads").glob("*.json"))]
FILES = [path.read_bytes() for path in sorted((SAMPLES / "tenancy").rglob("*.yaml"))]
FILES += [path.read_bytes() for path in sorted((SAMPLES / "broken").rglob("*.yaml"))]
BOT = Bot(
    name="b",
    account="a",
    account_id=3,
    base_url="https://chat.example",
    agent_bot_id=7,
    token=Secret("env:TOKEN"),
)
SECRET, NOW = b"a-secret", 1_785_769_200.0
HUNG = 2.0
"""Seconds of the processor after which an input is a bomb."""

_PIECES = [b"\x00", b"\xff", b'"', b"{", b"[", b"]", b"}", b",", b":", b"\\u0000", b"\\ud800"]
_PIECES += [
    b"1e999",
    b"-",
    b"9" * 400,
    b"null",
    b"&a ",
    b"*a",
    b"!!python/name:os.system ",
    b"<<: ",
]
_PIECES += [b"\n", b"\t", b"? ", b"- ", b"---\n", b"%YAML 9\n", b"\x1b[31m", "\u202e\x85".encode()]


@st.composite
def grown(draw: st.DrawFn, seeds: list[bytes]) -> bytes:
    """Return a seed with pieces cut, doubled, taken from others, or put in."""
    found = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(1, 5))):
        begin = draw(st.integers(0, len(found)))
        end = min(len(found), begin + draw(st.sampled_from([0, 1, 2, 8, 64, 1000])))
        piece = draw(
            st.sampled_from(_PIECES)
            | st.binary(max_size=8)
            | st.just(found[begin:end] * 2)
            | st.sampled_from(seeds).map(lambda other, at=begin: other[at : at + 200])
        )
        found = found[:begin] + piece + found[end:]
    return found[:100_000]


def taken(body: bytes, timestamp: str = "1785769200") -> str:
    """Send a signed body through verify, parse and classify; return what became of it."""
    signed = timestamp.encode("utf-8", "replace") + b"." + body
    digest = hmac.new(SECRET, signed, hashlib.sha256).hexdigest()
    headers = {"X-Chatwoot-Signature": f"sha256={digest}", "X-Chatwoot-Timestamp": timestamp}
    begun = time.thread_time()
    found = attempt(body, headers)
    assert time.thread_time() - begun < HUNG
    if isinstance(found, WebhookError):
        assert found.status in (401, 422)
        assert len(str(found)) < 200
        return found.kind
    assert found.reason
    assert found.conversation is None or 0 <= found.conversation < 2**63
    return "taken"


def attempt(body: bytes, headers: dict[str, str]) -> webhook.Classified | WebhookError:
    """Return what is made of a delivery, or our own refusal; anything else is a fault."""
    try:
        secrets = {"agent_bot": [b"", SECRET]}
        webhook.verify(body, headers, secrets=secrets, policy="required", now=NOW)
        return webhook.classify(webhook.parse(body), bot=BOT)
    except WebhookError as error:
        return error


def read(raw: bytes) -> bool:
    """Parse a file; return whether it is one. Faults are sentences in both languages."""
    begun = time.thread_time()
    document, faults = parse(raw, "file.yaml")
    assert time.thread_time() - begun < HUNG
    assert (document is None) <= bool(faults)
    for fault in faults:
        for language in LANGUAGES:
            assert "file.yaml" in fault.render(language)
    return document is not None


@pytest.mark.parametrize("name", WEBHOOKS)
def test_a_body_of_the_corpus_is_taken_or_refused(name: str) -> None:
    """Nothing but our own refusal, at once."""
    assert taken(WEBHOOKS[name]) in {"taken", "unreadable"}


@pytest.mark.parametrize("name", YAML)
def test_a_file_of_the_corpus_is_read_or_refused(name: str) -> None:
    """No object is made, no alias blows up, no depth kills."""
    read(YAML[name])


@given(
    body=grown([*WEBHOOKS.values(), *REAL]), timestamp=st.just("1785769200") | st.text(max_size=20)
)
@example(body=b"", timestamp="\udcff")
@example(body=b"{}", timestamp="٣" * 10)
def test_what_grows_of_bodies_is_taken_or_refused(body: bytes, timestamp: str) -> None:
    """Cut, doubled and mixed, signed with odd timestamps."""
    assert taken(body, timestamp) in {"taken", "unreadable", "timestamp_invalid"} | {
        "timestamp_missing",
        "timestamp_stale",
        "signature_mismatch",
    }


@given(raw=grown([*YAML.values(), *FILES]))
def test_what_grows_of_files_is_read_or_refused(raw: bytes) -> None:
    """Cut, doubled and mixed: an admin's editor may leave anything behind."""
    read(raw)
