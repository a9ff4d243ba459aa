"""What a message says, and what the mailbox is given of it."""

import copy
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chatcrew.chatwoot import webhook
from chatcrew.errors import WebhookError
from chatcrew.messages import Delivery, Timing
from chatcrew.tenancy.model import Bot, Route, Secret

PAYLOADS = Path(__file__).parents[1] / "samples" / "chatwoot" / "payloads"
BOT = Bot(
    name="loja-bot",
    account="loja",
    account_id=3,
    base_url="https://chat.exemplo.com.br",
    agent_bot_id=7,
    token=Secret("env:TOKEN"),
)
RECEIVED = datetime(2026, 8, 3, 15, 0, 1, tzinfo=UTC)


def payload(name: str, **changes: Any) -> dict[str, Any]:
    """Return a payload with top-level keys changed."""
    return json.loads((PAYLOADS / f"{name}.json").read_text("utf-8")) | changes


def reaction(data: dict[str, Any]) -> webhook.Classified:
    """Return what the bot makes of an object."""
    return webhook.classify(webhook.parse(json.dumps(data).encode()), bot=BOT)


def delivery(data: dict[str, Any], **options: Any) -> Delivery:
    """Return the mailbox value of an object."""
    body = json.dumps(data).encode()
    wanted = {
        "headers": {},
        "sender": "agent_bot",
        "route": None,
        "keeping": webhook.Keeping(),
    } | options
    return webhook.to_delivery(
        webhook.classify(webhook.parse(body), bot=BOT),
        bot=BOT,
        body=body,
        received_at=RECEIVED,
        **wanted,
    )


def test_an_answered_mail_has_neither_quoted_history_nor_subject() -> None:
    """The new part is what was said; ``Re:`` repeats what is known."""
    data = payload("message_created-email-inbox")
    data["content_attributes"]["email"] |= {
        "subject": "RES: Pedido",
        "text_content": {"full": "Obrigada!\n> texto antigo", "reply": "Obrigada!"},
    }

    line = reaction(data).change.line

    assert line is not None
    assert line.text == "Obrigada!"


def test_a_mail_that_is_only_html_is_read_as_text() -> None:
    """Tags and entities never reach the crew."""
    data = payload("message_created-email-inbox", content="<p>Ol&aacute;<br>tudo bem?</p>")
    data["conversation"]["messages"] = []
    data["content_attributes"]["email"] = {"subject": "Re: x"}

    line = reaction(data).change.line

    assert line is not None
    assert line.text == "Olá\ntudo bem?"


def test_rendered_html_of_old_versions_is_text_even_without_the_raw_copy() -> None:
    """4.4.0 to 4.12.0 render the top level; ``messages`` may show a later message already."""
    data = payload("message_created-legacy-4.7-rendered-html")
    data["conversation"]["messages"][0]["id"] = 1

    line = reaction(data).change.line

    assert line is not None
    assert line.text == "Olá, preciso de ajuda"


def test_new_versions_keep_what_looks_like_html() -> None:
    """A customer who writes a tag is quoted as he wrote it."""
    data = payload("message_created-webwidget-prechat", content="<p> não funciona no meu site")
    data["conversation"]["messages"] = []

    line = reaction(data).change.line

    assert line is not None
    assert line.text == "<p> não funciona no meu site"


def test_the_text_of_a_later_message_is_never_taken() -> None:
    """``conversation.messages`` shows the newest message, which may be another one (#12608)."""
    data = payload("message_created-whatsapp-text", content="primeira")
    data["conversation"]["messages"][0] |= {"id": 999999, "content": "segunda"}

    line = reaction(data).change.line

    assert line is not None
    assert line.text == "primeira"


@pytest.mark.parametrize(
    ("submitted", "expected"),
    [
        ([{"title": "Sim", "value": "s"}, {"title": "Não", "value": "n"}], "Sim, Não"),
        ([{"name": "aceito", "value": True}], "aceito: sim"),
        ([{"name": "itens", "value": [{"title": "A"}, "b", 3, None]}], "itens: A, b, 3, "),
        ([{"value": 7}], "7"),
    ],
)
def test_any_submitted_value_becomes_words(submitted: list[Any], expected: str) -> None:
    """Forms hold texts, numbers, lists and options."""
    data = payload("message_updated-webwidget-form-submitted")
    data["content_attributes"]["submitted_values"] = submitted

    line = reaction(data).change.line

    assert line is not None
    assert line.text == expected.strip()


def test_a_message_says_a_thing_once_whatever_the_bodies() -> None:
    """Receipts and copies repeat the words; a transcript or an edit is new (complaint 2)."""
    first = delivery(payload("message_created-whatsapp-text"))
    same = payload("message_created-whatsapp-text", event="message_updated", source_id="neu")
    edited = payload("message_created-whatsapp-text", event="message_updated", content="Outra")
    edited["conversation"]["messages"] = []
    audio = delivery(payload("message_created-whatsapp-audio"))
    transcribed = delivery(payload("message_updated-audio-transcribed"))

    assert set(first.keys()) & set(delivery(same).keys())
    assert not set(first.keys()) & set(delivery(edited).keys())
    assert not set(audio.keys()) & set(transcribed.keys())


def test_a_choice_counts_once_however_often_its_message_changes_later() -> None:
    """The widget marks the question as read after the tap: another body, the same answer."""
    data = payload("message_updated-webwidget-input_select-submitted")
    later = copy.deepcopy(data)
    later["conversation"]["messages"][0]["status"] = "read"
    other = copy.deepcopy(data)
    other["content_attributes"]["submitted_values"] = [{"title": "Rastrear pedido", "value": "r"}]

    assert set(delivery(data).keys()) & set(delivery(later).keys())
    assert not set(delivery(data).keys()) & set(delivery(other).keys())


def test_a_delivery_names_its_conversation_route_and_id() -> None:
    """What the mailbox needs is all there."""
    found = delivery(
        payload("message_created-whatsapp-text"),
        headers={"x-chatwoot-delivery": "5f0c7a52-3f0e-4d9a-9d0a-000000000000"},
        route=Route("health/varizemed", "whatsapp", "whatsapp"),
        keeping=webhook.Keeping(timing=Timing(1.0, 2.0)),
        sender="account",
    )

    assert str(found.conversation) == "loja/loja-bot/1532"
    assert (found.tenant, found.channel, found.sender) == (
        "health/varizemed",
        "whatsapp",
        "account",
    )
    assert found.timing == Timing(1.0, 2.0)
    assert found.keys()[0] == "d:5f0c7a52-3f0e-4d9a-9d0a-000000000000"
    assert len(found.digest) == 32


@pytest.mark.parametrize("value", ["", "a b", "x" * 101, "é" * 10])
def test_a_strange_delivery_id_is_no_key(value: str) -> None:
    """Whoever may post must not choose what is taken for a duplicate."""
    data = payload("message_created-whatsapp-text")

    assert delivery(data, headers={"X-Chatwoot-Delivery": value}).delivery_id is None


def test_a_message_without_a_time_gets_the_time_of_receipt() -> None:
    """Nothing is dated 1970."""
    data = payload("message_created-whatsapp-text", created_at="ontem")
    data["conversation"]["messages"] = []

    line = delivery(data).change.line

    assert line is not None
    assert line.created_at == RECEIVED


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"event"',
        b"{",
        b'{"a":NaN}',
        b'{"a":1e999}',
        b'{"a":"\xff"}',
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
        b"\xef\xbb\xbf{}",
    ],
)
def test_what_is_not_one_json_object_is_unreadable(body: bytes) -> None:
    """422 gives the conversation to people; the message never quotes the body."""
    with pytest.raises(WebhookError) as caught:
        webhook.parse(body)

    assert (caught.value.status, caught.value.kind) == (422, "unreadable")
    assert caught.value.__cause__ is None


def test_half_an_emoji_and_nul_are_cleaned_and_the_rest_is_kept() -> None:
    r"""Ruby cuts texts inside an emoji; PostgreSQL refuses U+0000; ``\\ud800`` is plain text."""
    content = r"oi \ud83d fim \u0000 \\ud800 \ud83d\ude00 \udc00"
    data = json.dumps(payload("message_created-whatsapp-text", content="@@"))
    body = data.replace("@@", content).replace('"messages": [', '"x": [').encode()

    line = webhook.classify(webhook.parse(body), bot=BOT).change.line

    assert line is not None
    assert line.text == "oi \ufffd fim \ufffd \\ud800 😀 \ufffd"
    line.text.encode("utf-8")


def test_duplicate_keys_do_not_hurt() -> None:
    """The last one counts, as in every JSON reader."""
    assert webhook.parse(b'{"event":"a","event":"b"}').name == "b"


def test_a_five_megabyte_mail_is_read_and_bounded() -> None:
    """An e-mail with a long history passes, and keeps at most what Chatwoot itself keeps."""
    long = "linha de um e-mail longo\n" * 220_000
    data = payload("message_created-email-inbox", content=long)
    data["content_attributes"]["email"]["text_content"] = {"full": long, "reply": long}

    found = reaction(data)

    assert found.change.line is not None
    assert len(found.change.line.text) == 150_000
