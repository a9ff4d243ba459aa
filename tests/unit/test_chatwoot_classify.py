"""The rules of contract §2.4 and §3 that no example payload shows."""

import json
from pathlib import Path
from typing import Any

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


def payload(name: str, **changes: Any) -> dict[str, Any]:
    """Return a payload with top-level keys changed."""
    return json.loads((PAYLOADS / f"{name}.json").read_text("utf-8")) | changes


def reaction(data: dict[str, Any]) -> webhook.Classified:
    """Return what the bot makes of an object."""
    return webhook.classify(webhook.parse(json.dumps(data).encode()), bot=BOT)


USER = {"id": 12, "name": "Patrícia Gomes", "type": "user"}
NOTE = {"content": "/bot pausar", "private": True, "sender": USER}


@pytest.mark.parametrize(
    ("changes", "effect", "reason"),
    [
        (NOTE, Effect.COMMAND, "command"),
        (NOTE | {"content": " /BOT\nparear 4821"}, Effect.COMMAND, "command"),
        (NOTE | {"content": "/botão não é comando"}, Effect.NONE, "private_note"),
        (NOTE | {"content": "veja /bot ajuda"}, Effect.NONE, "private_note"),
        (NOTE | {"private": False}, Effect.PERSON_SPOKE, "person_spoke"),
        (NOTE | {"sender": {"id": 9, "type": "agent_bot"}}, Effect.NONE, "private_note"),
        (NOTE | {"sender": {"id": 7, "type": "agent_bot"}}, Effect.OWN_ECHO, "own_echo"),
    ],
)
def test_only_a_persons_private_note_that_starts_with_bot_is_a_command(
    changes: dict[str, Any], effect: Effect, reason: str
) -> None:
    """A customer or another bot can never command (S4-44)."""
    found = reaction(payload("message_created-private-note-agent", **changes))

    assert (found.change.effect, found.reason) == (effect, reason)
    assert (found.weight is Weight.TURN) == (effect is Effect.COMMAND)


def test_a_customer_who_writes_a_command_is_still_a_customer() -> None:
    """``/bot`` in the customer's own words is input."""
    found = reaction(payload("message_created-whatsapp-text", content="/bot parear 1"))

    assert found.change.effect is Effect.INPUT


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"sender": {"id": 9, "type": "agent_bot"}}, AuthorKind.OTHER_BOT),
        ({"sender": {"id": 7, "type": "captain_assistant"}}, AuthorKind.OTHER_BOT),
        ({"sender": {"id": 7, "type": "user", "name": "Ana"}}, AuthorKind.PERSON),
        ({"sender": None}, AuthorKind.SYSTEM),
        ({"additional_attributes": {"campaign_id": 4}}, AuthorKind.CAMPAIGN),
        ({"sender": None, "performed_by": {"type": "user", "id": 12}}, AuthorKind.PERSON),
        ({"performed_by": {"type": "automation_rule", "id": 1}}, AuthorKind.AUTOMATION),
        ({"content_attributes": {"external_echo": True}, "sender": None}, AuthorKind.PHONE),
    ],
)
def test_campaigns_automations_and_other_bots_are_no_takeover(
    changes: dict[str, Any], kind: AuthorKind
) -> None:
    """Only a person, at the desk or on the phone, silences the bot (complaint 3)."""
    found = reaction(payload("message_created-outgoing-agent", **changes))

    assert found.change.line is not None
    assert found.change.line.author.kind is kind
    spoke = found.change.effect in (Effect.PERSON_SPOKE, Effect.PHONE_SPOKE)
    assert spoke == (kind in (AuthorKind.PERSON, AuthorKind.PHONE))


def test_an_operators_receipt_is_no_second_takeover() -> None:
    """A late read receipt after a hand-back must not silence the bot again."""
    found = reaction(payload("message_created-outgoing-agent", event="message_updated"))

    assert (found.weight, found.reason) == (Weight.NOISE, "foreign_message_updated")


@pytest.mark.parametrize("sender", [None, USER])
def test_an_api_inbox_may_name_nobody_or_a_user_and_the_customer_speaks(sender: Any) -> None:
    """Gateways post customer messages with a user token (contract §2.4)."""
    found = reaction(payload("message_created-api-channel", sender=sender))

    assert found.change.effect is Effect.INPUT
    assert found.change.line is not None
    assert found.change.line.author.kind is AuthorKind.CUSTOMER
    assert found.change.line.author.id == 507


def test_a_blocked_contact_wakes_nobody_and_is_recorded() -> None:
    """The operator's block holds for the bot too."""
    data = payload("message_created-whatsapp-text")
    data["conversation"]["meta"]["sender"]["blocked"] = True

    found = reaction(data)

    assert (found.weight, found.reason) == (Weight.STATE, "blocked_contact")
    assert found.change.line is not None


@pytest.mark.parametrize(
    "mail",
    [
        {"auto_reply": True},
        {"auto_reply": False, "from": ["MAILER-DAEMON@exemplo.com"]},
        {"auto_reply": False, "headers": {"auto-submitted": "auto-replied"}},
    ],
)
def test_an_automatic_mail_is_recorded_and_not_answered(mail: dict[str, Any]) -> None:
    """Two machines must not write to each other for ever (RFC 3834)."""
    data = payload("message_created-email-inbox")
    data["content_attributes"]["email"] |= mail

    found = reaction(data)

    assert (found.weight, found.reason) == (Weight.STATE, "automatic_mail")
    assert found.change.line is not None
    assert found.change.line.automatic


def test_receipts_need_the_status_of_the_very_message() -> None:
    """The top level has no status, and a later message's says nothing about this one."""
    data = payload("message_updated-delivery-read")
    data["conversation"]["messages"][0]["id"] = 999999

    assert reaction(data).reason == "own_message_updated"


def test_a_choice_on_another_bots_question_is_not_ours() -> None:
    """Only an answer to our own message wakes us (contract §2.4)."""
    data = payload(
        "message_updated-webwidget-input_select-submitted", sender={"id": 9, "type": "agent_bot"}
    )

    assert reaction(data).weight is Weight.NOISE


def test_a_translation_by_an_operator_is_no_new_input() -> None:
    """Chatwoot saves translations in the customer's message."""
    found = reaction(
        payload(
            "message_created-whatsapp-text",
            event="message_updated",
            content_attributes={"translations": {"en": "Hi"}},
        )
    )

    assert (found.weight, found.reason) == (Weight.NOISE, "message_translated")


def test_another_accounts_event_never_touches_our_rows() -> None:
    """Display ids are unique per account only (S4-49)."""
    found = reaction(payload("message_created-whatsapp-text", account={"id": 4}))
    nested = payload("conversation_resolved-by-agent")
    del nested["account"]
    nested["messages"][0]["account_id"] = 4

    assert (found.weight, found.reason) == (Weight.NOISE, "other_account")
    assert found.conversation is None
    assert reaction(nested).reason == "other_account"


@pytest.mark.parametrize(
    ("assignee", "extra", "kind", "known"),
    [
        ({"id": 12, "type": "user"}, {}, OwnerKind.PERSON, True),
        ({"id": 7, "type": "agent_bot"}, {}, OwnerKind.BOT, True),
        ({"id": 2}, {"assignee_type": "Captain::Assistant"}, OwnerKind.OTHER_AI, True),
        ({"id": 2}, {}, None, False),
        (None, {}, None, True),
        ("quebrado", {"assignee_type": "User"}, None, False),
    ],
)
def test_the_owner_is_inferred_only_as_far_as_the_payload_says(
    assignee: Any, extra: dict[str, Any], kind: OwnerKind | None, *, known: bool
) -> None:
    """Before 4.8.0 there is no ``assignee_type``."""
    data = payload("conversation_updated-labels")
    data["meta"] = {"assignee": assignee} | extra

    snapshot = reaction(data).change.snapshot

    assert snapshot is not None
    assert snapshot.owner_known is known
    assert (snapshot.owner and snapshot.owner.kind) == kind


def test_our_own_change_is_named_where_chatwoot_says_who_did_it() -> None:
    """``performed_by`` (open upstream) stops loops, and is never required (complaint 6)."""
    data = payload("conversation_opened-bot-webhook-failure")

    ours = reaction(data | {"performed_by": {"type": "agent_bot", "id": 7}})

    assert (ours.change.effect, ours.reason) == (Effect.SNAPSHOT, "own_write")


def test_a_new_events_name_is_noise() -> None:
    """Chatwoot adds events without asking (complaint 5)."""
    assert reaction(payload("message_created-whatsapp-text", event="call_started")).reason == (
        "unknown_event"
    )
