"""Deliveries are believed only with a right, fresh signature over their raw bytes (S4-41..45)."""

import hashlib
import hmac
import json
from pathlib import Path

import pytest

from chatcrew.chatwoot import webhook
from chatcrew.errors import WebhookError

SAMPLES = Path(__file__).parents[1] / "samples" / "chatwoot"
VECTORS = json.loads((SAMPLES / "signature-vectors.json").read_text("utf-8"))["vectors"]
NOW = 1_785_769_200.0
BODY = b'{"event":"message_created"}'


def signature(body: bytes, *, secret: bytes, timestamp: str = "1785769200") -> str:
    """Return the header value Chatwoot would send."""
    signed = timestamp.encode() + b"." + body
    return "sha256=" + hmac.new(secret, signed, hashlib.sha256).hexdigest()


def headers(body: bytes = BODY, *, secret: bytes = b"new", timestamp: str = "1785769200") -> dict:
    """Return signed headers."""
    return {
        "X-Chatwoot-Signature": signature(body, secret=secret, timestamp=timestamp),
        "X-Chatwoot-Timestamp": timestamp,
    }


def refusal(body: bytes, given: dict[str, str], **options: object) -> str:
    """Return the kind of the refusal."""
    wanted = {"secrets": {"agent_bot": [b"new"]}, "policy": "required", "now": NOW} | options
    with pytest.raises(WebhookError) as caught:
        webhook.verify(body, given, **wanted)
    assert caught.value.status == 401
    return caught.value.kind


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_every_vector_of_the_contract_is_judged_as_it_says(vector: dict) -> None:
    """All eight vectors verify, or fail, as they say (S4-41)."""
    body = vector["body"].encode()
    given = {
        "X-Chatwoot-Signature": vector["signature"],
        "X-Chatwoot-Timestamp": vector["timestamp"],
        "X-Chatwoot-Delivery": vector["delivery"],
    }
    options = {
        "secrets": {"agent_bot": [vector["secret"].encode()]},
        "policy": "required",
        "now": float(vector["timestamp"]),
    }
    if vector["valid"]:
        assert webhook.verify(body, given, **options) == webhook.Verified("agent_bot", 0)
    else:
        expected = {"signature_mismatch"} | (
            {"signature_malformed"} if vector["name"] == "no-prefix" else set()
        )
        assert refusal(body, given, **options) in expected


def test_the_vectors_are_all_there() -> None:
    """Eight vectors, four of them bad: a lost file would otherwise pass in silence."""
    assert len(VECTORS) == 8
    assert sum(vector["valid"] for vector in VECTORS) == 4


def test_the_secret_that_verifies_names_the_sender_and_its_place_in_the_rotation() -> None:
    """Kind and position of the matching secret come back (S4-42)."""
    secrets = {"agent_bot": [b"new", b"old"], "account": [b"acc"], "api_inbox": [b"i31", b"i32"]}
    for secret, expected in (
        (b"new", ("agent_bot", 0)),
        (b"old", ("agent_bot", 1)),
        (b"acc", ("account", 0)),
        (b"i32", ("api_inbox", 1)),
    ):
        found = webhook.verify(
            BODY, headers(secret=secret), secrets=secrets, policy="required", now=NOW
        )
        assert (found.sender, found.which) == expected


@pytest.mark.parametrize("policy", ["required", "if_present", "off"])
def test_a_signature_that_is_there_must_verify_under_every_policy(policy: str) -> None:
    """A wrong signature is refused even where none is demanded (S4-43)."""
    assert refusal(BODY, headers(secret=b"wrong"), policy=policy) == "signature_mismatch"


@pytest.mark.parametrize("policy", ["if_present", "off"])
def test_an_unsigned_delivery_passes_where_none_is_demanded(policy: str) -> None:
    """Older Chatwoot signs nothing; the path token is the second factor then (S4-43)."""
    found = webhook.verify(BODY, {}, secrets={"agent_bot": [b"new"]}, policy=policy, now=NOW)

    assert found == webhook.Verified(webhook.UNSIGNED, -1)


def test_off_without_any_secret_has_nothing_to_verify_with() -> None:
    """Chatwoot always signs since 4.13: without a secret ``off`` must still let it in."""
    found = webhook.verify(BODY, headers(), secrets={"agent_bot": [b""]}, policy="off", now=NOW)

    assert found.sender == webhook.UNSIGNED


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({}, "signature_missing"),
        ({"X-Chatwoot-Signature": "  "}, "signature_missing"),
        ({"X-Chatwoot-Signature": "sha256=aa"}, "timestamp_missing"),
        (headers(timestamp="+1785769200"), "timestamp_invalid"),
        (headers(timestamp="1_785_769_200"), "timestamp_invalid"),
        (headers() | {"X-Chatwoot-Timestamp": "١٧٨٥٧٦٩٢٠٠"}, "timestamp_invalid"),
        (headers() | {"X-Chatwoot-Timestamp": "1785769200.0"}, "timestamp_invalid"),
        (headers(timestamp="1785768899"), "timestamp_stale"),
        (headers(timestamp="1785769501"), "timestamp_stale"),
        (headers() | {"X-Chatwoot-Signature": "sha1=aa"}, "signature_malformed"),
        (headers() | {"X-Chatwoot-Signature": "sha256=é\udcff"}, "signature_mismatch"),
    ],
)
def test_what_is_missing_wrong_or_old_is_named(given: dict[str, str], kind: str) -> None:
    """Each refusal says which rule it broke, for the log's one line (S4-44)."""
    assert refusal(BODY, given) == kind


def test_the_window_is_five_minutes_either_way() -> None:
    """300 seconds off is accepted, in the past and in the future (S4-45)."""
    for timestamp in ("1785768900", "1785769500"):
        found = webhook.verify(
            BODY,
            headers(timestamp=timestamp),
            secrets={"agent_bot": [b"new"]},
            policy="required",
            now=NOW,
        )
        assert found.sender == "agent_bot"


def test_an_empty_secret_never_verifies() -> None:
    """An unset variable must not make everybody's signature right."""
    assert refusal(BODY, headers(secret=b""), secrets={"agent_bot": [b""]}) == "signature_mismatch"


def test_header_names_are_read_in_any_case() -> None:
    """Proxies rewrite the case of header names."""
    given = {name.upper(): value for name, value in headers().items()}

    found = webhook.verify(BODY, given, secrets={"x": [b"new"]}, policy="required", now=NOW)

    assert found.sender == "x"


def test_the_refusal_shows_neither_body_nor_secret() -> None:
    """The message holds a digest prefix only (S4-44)."""
    with pytest.raises(WebhookError) as caught:
        webhook.verify(
            b'{"content":"CPF 111"}',
            headers(),
            secrets={"agent_bot": [b"segredo"]},
            policy="required",
            now=NOW,
        )

    assert "111" not in str(caught.value)
    assert "segredo" not in str(caught.value)
    assert hashlib.sha256(b'{"content":"CPF 111"}').hexdigest()[:12] in str(caught.value)


def test_the_path_token_is_compared_whole() -> None:
    """Only the exact token opens the URL; an unset one opens nothing."""
    assert webhook.match_path_token("tok-1", b"tok-1")
    assert not webhook.match_path_token("tok", b"tok-1")
    assert not webhook.match_path_token(None, b"tok-1")
    assert not webhook.match_path_token("", b"")
    assert not webhook.match_path_token("\udcff", b"tok-1")
