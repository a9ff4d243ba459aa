"""Whatever arrives, the webhook protocol accepts it or raises its own error, nothing else."""

import hashlib
import hmac
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from chatcrew.chatwoot import webhook
from chatcrew.errors import WebhookError
from chatcrew.tenancy.model import Bot, Secret

PAYLOADS = Path(__file__).parents[1] / "samples" / "chatwoot" / "payloads"
REAL = [json.loads(path.read_text("utf-8")) for path in sorted(PAYLOADS.glob("*.json"))]
EVENTS = sorted({data["event"] for data in REAL})
BOT = Bot(
    name="b",
    account="a",
    account_id=3,
    base_url="https://chat.exemplo.com.br",
    agent_bot_id=7,
    token=Secret("env:TOKEN"),
)
NOW = 1_785_769_200.0
T = TypeVar("T")

HEADER_NAMES = st.sampled_from(
    ["X-Chatwoot-Signature", "x-chatwoot-timestamp", "X-CHATWOOT-DELIVERY", "Host"]
)
HEADER_VALUES = st.one_of(
    st.text(st.characters()),
    st.sampled_from(["1785769200", "sha256=", "sha256=00", "-1", "1e9", "\udcff", "9" * 400]),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.sampled_from(["incoming", "outgoing", "pending", "/bot x", "agent_bot", "<p>x", "2026"]),
)
KEYS = st.sampled_from(
    sorted({key for data in REAL for key in data} | set(REAL[0]) | {"sender", "items", "email"})
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=25,
)


def attempt(call: Callable[[], T]) -> T | WebhookError:
    """Return what ``call`` returns, or the protocol's own error; any other exception fails."""
    try:
        return call()
    except WebhookError as error:
        return error


def outcome(body: bytes) -> webhook.Classified | None:
    """Return the classified event, None where it was refused with the protocol's own error."""
    event = attempt(lambda: webhook.parse(body))
    if isinstance(event, WebhookError):
        assert event.status == 422
        return None
    return webhook.classify(event, bot=BOT)


@given(
    body=st.binary(max_size=300),
    headers=st.dictionaries(HEADER_NAMES, HEADER_VALUES, max_size=4),
    secrets=st.dictionaries(
        st.sampled_from(["agent_bot", "account", "api_inbox"]),
        st.lists(st.binary(max_size=8), max_size=3),
    ),
    policy=st.sampled_from(["required", "if_present", "off"]),
)
def test_any_bytes_and_headers_are_accepted_or_refused(
    body: bytes, headers: dict[str, str], secrets: dict[str, list[bytes]], policy: str
) -> None:
    """The verifier raises nothing but its own 401 (S4-45)."""
    found = attempt(lambda: webhook.verify(body, headers, secrets=secrets, policy=policy, now=NOW))

    if isinstance(found, WebhookError):
        assert found.status == 401
    else:
        # nobody can guess a signature: whatever passes came without one, or had nothing to match
        assert found.sender == webhook.UNSIGNED
        assert policy != "required"


@given(body=st.binary(max_size=300), secret=st.binary(min_size=1, max_size=40), at=st.integers())
def test_whatever_is_signed_rightly_verifies_exactly_within_the_window(
    body: bytes, secret: bytes, at: int
) -> None:
    """Signing and verifying agree on any bytes and any key."""
    timestamp = str(abs(at) % 10**12)
    mac = hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    headers = {"X-Chatwoot-Signature": f"sha256={mac}", "X-Chatwoot-Timestamp": timestamp}

    def verified(now: float) -> webhook.Verified:
        secrets = {"account": [b"", secret]}
        return webhook.verify(body, headers, secrets=secrets, policy="required", now=now)

    assert verified(float(timestamp) + 300) == webhook.Verified("account", 1)
    stale = attempt(lambda: verified(float(timestamp) + 301))
    assert isinstance(stale, WebhookError)
    assert stale.kind == "timestamp_stale"


@given(body=st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)))
def test_any_bytes_parse_or_are_refused(body: bytes) -> None:
    """The parser raises nothing but its own 422."""
    outcome(body)


@given(
    event=st.sampled_from([*EVENTS, "conversation_created", "novo"]),
    data=st.dictionaries(KEYS, JSON, max_size=14),
)
@settings(max_examples=300)
def test_any_json_object_is_classified(event: str, data: dict[str, Any]) -> None:
    """No shape a fork may send raises."""
    found = outcome(json.dumps(data | {"event": event}).encode())

    assert found is None or found.reason


@given(source=st.sampled_from(REAL), data=st.data())
@settings(max_examples=400)
def test_real_payloads_with_keys_lost_or_replaced_are_classified(
    source: dict[str, Any], data: st.DataObject
) -> None:
    """Dropping and replacing any keys, at any depth, never raises and never loses the reason."""
    mutated = json.loads(json.dumps(source))
    for _ in range(data.draw(st.integers(1, 6))):
        _mutate(mutated, data)

    found = outcome(json.dumps(mutated).encode())

    assert found is not None
    assert found.reason
    assert found.conversation is None or found.conversation >= 0


def _mutate(value: Any, data: st.DataObject) -> None:
    """Drop or replace one key somewhere inside ``value``."""
    while True:
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        inner = value[key]
        if isinstance(inner, dict | list) and inner and data.draw(st.booleans()):
            value = inner
            continue
        if data.draw(st.booleans()):
            del value[key]
        else:
            value[key] = data.draw(JSON)
        return
