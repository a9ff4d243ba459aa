"""Every example payload of the contract gets the reaction its row names (S0-10..15)."""

import json
from pathlib import Path

import pytest

from chatcrew.chatwoot import webhook
from chatcrew.messages import AuthorKind, Effect, OwnerKind, Weight
from chatcrew.tenancy.model import Bot, Secret

PAYLOADS = Path(__file__).parents[1] / "samples" / "chatwoot" / "payloads"
BOT = Bot(
    name="loja-bot",
    account="loja",
    account_id=3,
    base_url="https://chat.exemplo.com.br",
    agent_bot_id=7,
    token=Secret("env:TOKEN"),
)

INPUT = (Weight.TURN, Effect.INPUT)
NOTED = (Weight.STATE, Effect.NONE)
SNAPSHOT = (Weight.STATE, Effect.SNAPSHOT)
NOISE = (Weight.NOISE, Effect.NONE)

# One row per file, as in the contract's README; "policy decision" rows are left to the admit stage.
EXPECTED = {
    "automation_event-message_created": (*NOISE, "automation_event"),
    "contact_created-whatsapp": (*NOISE, "contact_created"),
    "contact_updated-last_activity": (*NOISE, "contact_updated"),
    "contact_updated-name": (*NOISE, "contact_updated"),
    "conversation_created-whatsapp": (*SNAPSHOT, "conversation_created"),
    "conversation_opened-bot-handoff": (*SNAPSHOT, "conversation_opened"),
    "conversation_opened-bot-webhook-failure": (
        Weight.STATE,
        Effect.CHATWOOT_OPENED,
        "opened_with_bot_as_owner",
    ),
    "conversation_resolved-by-agent": (*SNAPSHOT, "conversation_resolved"),
    "conversation_status_changed-pending-again": (*SNAPSHOT, "conversation_status_changed"),
    "conversation_status_changed-resolved": (*SNAPSHOT, "conversation_status_changed"),
    "conversation_typing_off-agent-private": (*NOISE, "operator_typing"),
    "conversation_typing_on-contact": (Weight.STATE, Effect.TYPING, "customer_typing"),
    "conversation_updated-assigned-to-bot": (*SNAPSHOT, "conversation_updated"),
    "conversation_updated-assigned-to-human": (*SNAPSHOT, "conversation_updated"),
    "conversation_updated-custom_attributes": (*SNAPSHOT, "conversation_updated"),
    "conversation_updated-labels": (*SNAPSHOT, "conversation_updated"),
    "conversation_updated-status-pending-to-open": (*SNAPSHOT, "conversation_updated"),
    "conversation_updated-waiting_since": (*NOISE, "bookkeeping"),
    "macro-executed": (*NOISE, "macro_executed"),
    "message_created-api-channel": (*INPUT, "customer_message"),
    "message_created-api-channel-outgoing-api_inbox_webhook": (
        Weight.STATE,
        Effect.OWN_ECHO,
        "own_echo",
    ),
    "message_created-email-inbox": (*INPUT, "customer_message"),
    "message_created-future-unknown-fields": (*INPUT, "customer_message"),
    "message_created-instagram-dm": (*INPUT, "customer_message"),
    "message_created-instagram-story-reply": (*INPUT, "customer_attachment"),
    "message_created-legacy-4.7-rendered-html": (*INPUT, "customer_message"),
    "message_created-outgoing-agent": (Weight.STATE, Effect.PERSON_SPOKE, "person_spoke"),
    "message_created-outgoing-automation": (*NOTED, "automation_message"),
    "message_created-outgoing-bot-echo": (Weight.STATE, Effect.OWN_ECHO, "own_echo"),
    "message_created-outgoing-bot-input_select": (Weight.STATE, Effect.OWN_ECHO, "own_echo"),
    "message_created-outgoing-captain": (*NOTED, "other_bot"),
    "message_created-outgoing-template_params": (Weight.STATE, Effect.OWN_ECHO, "own_echo"),
    "message_created-outgoing-whatsapp-app-echo": (
        Weight.STATE,
        Effect.PHONE_SPOKE,
        "phone_spoke",
    ),
    "message_created-private-note-agent": (*NOTED, "private_note"),
    "message_created-template-greeting": (*NOTED, "template"),
    "message_created-webwidget-prechat": (*INPUT, "customer_message"),
    "message_created-whatsapp-audio": (*INPUT, "customer_attachment"),
    "message_created-whatsapp-button-reply": (*INPUT, "customer_message"),
    "message_created-whatsapp-contact-card": (*INPUT, "customer_message"),
    "message_created-whatsapp-ctwa-referral": (*INPUT, "customer_message"),
    "message_created-whatsapp-document-empty-content": (*INPUT, "customer_attachment"),
    "message_created-whatsapp-flow-response": (*INPUT, "customer_message"),
    "message_created-whatsapp-image-caption": (*INPUT, "customer_message"),
    "message_created-whatsapp-location": (*INPUT, "customer_attachment"),
    "message_created-whatsapp-open-conversation": (*INPUT, "customer_message"),
    "message_created-whatsapp-reopened-pending": (*INPUT, "customer_message"),
    "message_created-whatsapp-text": (*INPUT, "customer_message"),
    "message_created-whatsapp-text-emoji": (*INPUT, "customer_message"),
    "message_created-whatsapp-unsupported": (*INPUT, "unsupported_message"),
    "message_updated-audio-transcribed": (*INPUT, "customer_message_updated"),
    "message_updated-csat-response": (Weight.STATE, Effect.RATED, "rating"),
    "message_updated-deleted": (Weight.STATE, Effect.DELETED, "message_deleted"),
    "message_updated-delivery-failed": (Weight.STATE, Effect.RECEIPT, "receipt_failed"),
    "message_updated-delivery-read": (Weight.STATE, Effect.RECEIPT, "receipt_read"),
    "message_updated-webwidget-form-submitted": (Weight.TURN, Effect.CHOICE, "customer_choice"),
    "message_updated-webwidget-input_select-submitted": (
        Weight.TURN,
        Effect.CHOICE,
        "customer_choice",
    ),
    "webwidget_triggered-first-visit": (*NOISE, "webwidget_triggered"),
    "webwidget_triggered-returning": (*NOISE, "webwidget_triggered"),
}

TEXTS = {
    "message_created-whatsapp-text": (
        "Oi, boa tarde! Meu pedido 10234 ainda não chegou, podem verificar?"
    ),
    "message_created-whatsapp-text-emoji": (
        "Adorei o atendimento 😍👏🏽 mas cadê o código de rastreio? 📦🇧🇷\nPode mandar por aqui?"
    ),
    "message_created-legacy-4.7-rendered-html": "Olá, preciso de **ajuda**",
    "message_created-email-inbox": (
        "[Assunto: Pedido 10234 não chegou]\nOlá,\nmeu pedido 10234 não chegou.\n\nAbs,\nBeatriz"
    ),
    "message_created-whatsapp-flow-response": "nome: João Pereira\ncep: 24000-000",
    "message_created-whatsapp-ctwa-referral": (
        "Quero saber sobre a promoção que vi no anúncio\n"
        "[Veio do anúncio: Promoção de Inverno — Frete grátis]"
    ),
    "message_created-whatsapp-unsupported": "",
    "message_updated-webwidget-input_select-submitted": "Falar com atendente",
    "message_updated-webwidget-form-submitted": "nome: Rafael Souza\npedido: 10234",
}

ATTACHED = {
    "message_created-whatsapp-audio": ("audio", None),
    "message_updated-audio-transcribed": (
        "audio",
        "Oi, eu queria saber do meu pedido dez mil duzentos e trinta e quatro.",
    ),
    "message_created-whatsapp-image-caption": ("image", None),
    "message_created-whatsapp-document-empty-content": ("file", None),
    "message_created-instagram-story-reply": ("ig_story", None),
    "message_created-whatsapp-location": (
        "location",
        "Praça Exemplo, Av. Exemplo, 1000 - São Paulo (-23.5613,-46.6565)"
        " https://www.google.com/maps?q=-23.5613,-46.6565",
    ),
    "message_created-whatsapp-contact-card": ("contact", "Carlos Exemplo +5511900000004"),
}


def wire(name: str) -> bytes:
    """Return a payload as Rails puts it on the wire: one line, HTML characters escaped."""
    text = json.dumps(load(name), ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text.encode()


def load(name: str) -> dict:
    """Return a payload as an object."""
    return json.loads((PAYLOADS / f"{name}.json").read_text("utf-8"))


def reaction(name: str) -> webhook.Classified:
    """Return what the bot makes of a payload."""
    return webhook.classify(webhook.parse(wire(name)), bot=BOT)


def test_no_payload_is_left_out() -> None:
    """A payload without an expectation, or the other way round, fails."""
    assert {path.stem for path in PAYLOADS.glob("*.json")} == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_each_payload_gets_its_reaction(name: str) -> None:
    """Weight, effect and reason are what the contract's README asks for."""
    found = reaction(name)

    assert (found.weight, found.change.effect, found.reason) == EXPECTED[name]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_wire_form_reads_like_the_pretty_one(name: str) -> None:
    """Rails' escapes change the bytes and nothing else."""
    pretty = (PAYLOADS / f"{name}.json").read_bytes()

    assert webhook.parse(pretty) == webhook.parse(wire(name))


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_the_words_are_what_the_customer_meant(name: str) -> None:
    """Raw text, an e-mail's own part, form values and chosen titles reach the crew."""
    line = reaction(name).change.line

    assert line is not None
    assert line.text == TEXTS[name]
    assert line.author.kind is AuthorKind.CUSTOMER


@pytest.mark.parametrize("name", sorted(ATTACHED))
def test_attachments_say_what_can_be_read_without_opening_them(name: str) -> None:
    """Places, cards and transcripts are text; files are not."""
    line = reaction(name).change.line

    assert line is not None
    assert [(item.kind, item.text) for item in line.attachments] == [ATTACHED[name]]


@pytest.mark.parametrize(
    ("name", "status", "kind"),
    [
        ("message_created-whatsapp-text", "pending", OwnerKind.BOT),
        ("message_created-whatsapp-open-conversation", "open", OwnerKind.PERSON),
        ("message_created-whatsapp-reopened-pending", "pending", OwnerKind.PERSON),
        ("message_created-legacy-4.7-rendered-html", "pending", None),
        ("message_created-outgoing-captain", "pending", None),
        ("conversation_updated-assigned-to-human", "open", OwnerKind.PERSON),
        ("conversation_updated-assigned-to-bot", "pending", OwnerKind.BOT),
        ("conversation_opened-bot-handoff", "open", None),
        ("conversation_resolved-by-agent", "resolved", OwnerKind.PERSON),
    ],
)
def test_the_snapshot_shows_status_and_owner(
    name: str, status: str, kind: OwnerKind | None
) -> None:
    """The takeover gate stands on status and owner (complaint 3)."""
    snapshot = reaction(name).change.snapshot

    assert snapshot is not None
    assert snapshot.status == status
    assert snapshot.owner_known
    assert (snapshot.owner and snapshot.owner.kind) == kind


def test_a_snapshot_holds_the_whole_conversation() -> None:
    """Version, window, channel, labels, attributes, team and contact are taken over."""
    labels = reaction("conversation_updated-labels").change.snapshot
    attributes = reaction("conversation_updated-custom_attributes").change.snapshot
    human = reaction("conversation_updated-assigned-to-human").change.snapshot
    failed = reaction("message_updated-delivery-failed").change.snapshot
    assert labels is not None
    assert attributes is not None
    assert human is not None
    assert failed is not None

    assert labels.labels == ("entrega", "vip")
    assert labels.version == 1785769650.412093
    assert labels.channel == "Channel::Whatsapp"
    assert labels.inbox_id == 21
    assert labels.contact.name == "Maria da Silva"
    assert labels.contact.phone == "+5511900000000"
    assert attributes.custom_attributes == {"pedido": "10234", "motivo": "atraso"}
    assert attributes.priority == "high"
    assert human.team_id == 4
    assert not failed.can_reply


def test_ratings_receipts_deletions_and_replies_carry_their_facts() -> None:
    """What is stored of the small events is right."""
    rated = reaction("message_updated-csat-response").change.rating
    failed = reaction("message_updated-delivery-failed").change.receipt
    deleted = reaction("message_updated-deleted").change
    tapped = reaction("message_created-whatsapp-button-reply").change.line
    chosen = reaction("message_updated-webwidget-input_select-submitted").change.line

    assert rated is not None
    assert (rated.message_id, rated.rating, rated.feedback) == (880132, 5, "Muito rápido!")
    assert failed is not None
    assert failed.error is not None
    assert failed.error.startswith("A mensagem não foi enviada")
    assert deleted.deleted_id == 880136
    assert deleted.line is None
    assert tapped is not None
    assert tapped.in_reply_to == 880090
    assert chosen is not None
    assert (chosen.message_id, chosen.in_reply_to, chosen.author.id) == (880130, 880130, 505)


def test_ids_and_inboxes_are_those_of_the_event() -> None:
    """``id`` means a message, a conversation or a contact, by event (contract §3.1)."""
    message = reaction("message_created-whatsapp-text")
    conversation = reaction("conversation_updated-labels")
    typing = reaction("conversation_typing_on-contact")
    contact = reaction("contact_updated-name")

    assert (message.conversation, message.object_id, message.inbox_id) == (1532, 880101, 21)
    assert (conversation.conversation, conversation.object_id) == (1532, 1532)
    assert (typing.conversation, typing.inbox_id) == (1542, 24)
    assert (contact.conversation, contact.object_id) == (None, 501)
