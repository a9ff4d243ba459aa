"""Every recorded webhook body gives its expected reaction through the running server."""

import asyncio
import json
from pathlib import Path

import pytest

from chatcrew.conversations import PostgresHistory
from chatcrew.ids import ConversationId
from chatcrew.messages import AuthorKind, ConversationState, Silence
from chatcrew.testing import FakeChatwoot, write_mapping
from chatcrew.testing.bot import running_bot
from chatcrew.testing.responders import ScriptedResponder

ROOT = Path(__file__).parents[2]
PAYLOADS = ROOT / "tests" / "samples" / "chatwoot" / "payloads"
INBOXES = {
    21: ("whatsapp", "Channel::Whatsapp"),
    22: ("email", "Channel::Email"),
    23: ("instagram", "Channel::Instagram"),
    24: ("web_widget", "Channel::WebWidget"),
    25: ("api", "Channel::Api"),
}

ANSWERED = {
    "message_created-api-channel",
    "message_created-email-inbox",
    "message_created-future-unknown-fields",
    "message_created-instagram-dm",
    "message_created-instagram-story-reply",
    "message_created-legacy-4.7-rendered-html",
    "message_created-webwidget-prechat",
    "message_created-whatsapp-contact-card",
    # its file is nowhere: the customer is asked to send it again
    "message_created-whatsapp-document-empty-content",
    "message_created-whatsapp-ctwa-referral",
    "message_created-whatsapp-flow-response",
    "message_created-whatsapp-image-caption",
    "message_created-whatsapp-location",
    "message_created-whatsapp-text",
    "message_created-whatsapp-text-emoji",
    "message_created-whatsapp-unsupported",
    "message_updated-audio-transcribed",
    "message_updated-webwidget-form-submitted",
}
HANDED_OVER = {
    "message_created-whatsapp-audio",
    "message_created-whatsapp-button-reply",
    "message_updated-webwidget-input_select-submitted",
}
SILENCED = {
    "message_created-outgoing-agent": Silence.PERSON,
    "message_created-outgoing-whatsapp-app-echo": Silence.PHONE,
}
STATUS_STOPS = {
    "conversation_opened-bot-handoff": "open",
    "conversation_opened-bot-webhook-failure": "open",
    "conversation_updated-status-pending-to-open": "open",
    "conversation_updated-assigned-to-human": "open",
    "conversation_resolved-by-agent": "resolved",
    "conversation_status_changed-resolved": "resolved",
    "message_created-whatsapp-open-conversation": "open",
}
STATE_KEPT = {
    "conversation_updated-labels",
    "conversation_updated-custom_attributes",
    "conversation_updated-assigned-to-bot",
    "conversation_status_changed-pending-again",
}
OPENED = {"message_created-whatsapp-reopened-pending"}
RECORDED = {
    "message_created-outgoing-automation": AuthorKind.AUTOMATION,
    "message_created-outgoing-bot-echo": AuthorKind.BOT,
    "message_created-outgoing-bot-input_select": AuthorKind.BOT,
    "message_created-outgoing-captain": AuthorKind.OTHER_BOT,
    "message_created-outgoing-template_params": AuthorKind.BOT,
    "message_created-template-greeting": AuthorKind.TEMPLATE,
}
NOISE = {
    "automation_event-message_created",
    "contact_created-whatsapp",
    "contact_updated-last_activity",
    "contact_updated-name",
    "conversation_created-whatsapp",
    "conversation_typing_off-agent-private",
    "conversation_typing_on-contact",
    "conversation_updated-waiting_since",
    "macro-executed",
    "message_created-api-channel-outgoing-api_inbox_webhook",
    "message_created-private-note-agent",
    "message_updated-csat-response",
    "message_updated-deleted",
    "message_updated-delivery-failed",
    "message_updated-delivery-read",
    "webwidget_triggered-first-visit",
    "webwidget_triggered-returning",
}
FILES = sorted(path.stem for path in PAYLOADS.glob("*.json"))


class Posted:
    """What one payload led to."""

    def __init__(self, chatwoot, conversation, state, history) -> None:
        self.chatwoot: FakeChatwoot = chatwoot
        self.conversation = conversation
        self.state: ConversationState | None = state
        self.history: PostgresHistory = history


@pytest.fixture
def post(database, tmp_path, prompt_crews, lean_config):
    """Return a function that posts one payload to a running bot and waits until all is quiet."""

    async def run(name: str) -> Posted:
        payload = json.loads((PAYLOADS / f"{name}.json").read_bytes())
        shown = payload.get("conversation") or payload
        inbox_id = shown.get("inbox_id") or 21
        crew = ScriptedResponder(lambda ask: "Obrigada pela mensagem!")
        async with FakeChatwoot(speed=100, receipts=()) as chatwoot:
            account = chatwoot.add_account(3, "Loja Exemplo")
            inboxes = {
                number: account.add_inbox(number, channel=channel)
                for number, (_, channel) in INBOXES.items()
            }
            bot = account.add_bot(7, "Atendente Virtual")
            account.add_agent(12, "Patrícia Gomes")
            contact = account.add_contact(501, "Maria da Silva", phone_number="+5511900000000")
            account.next_display_id = int(shown.get("id") or 1532)
            # Chatwoot has the conversation already; our bot hears of it by the payload only.
            inbox = inboxes[inbox_id]
            conversation = await chatwoot.customer_says(inbox, contact, "antes do bot")
            mapping = await asyncio.to_thread(
                write_mapping,
                tmp_path,
                base_url=chatwoot.url,
                bots={"loja": bot},
                inboxes={number: channel for number, (channel, _) in INBOXES.items()},
                tenant="health/varizemed",
            )
            async with running_bot(
                database,
                mapping,
                config_dir=lean_config("health/varizemed"),
                crews_dir=prompt_crews,
                responder=crew,
            ) as server:
                bot.outgoing_url = server.webhook_url("loja")
                status, text = await chatwoot.deliver(bot, payload)
                assert status == 200, text
                for _ in range(2):
                    await server.quiet()
                    await chatwoot.idle()
                where = ConversationId("demo", "loja", conversation.id)
                state = await server.base.mailbox.state(where)
                history = PostgresHistory(database)
                return Posted(chatwoot, conversation, state, history)

    return run


def test_every_payload_has_exactly_one_expected_reaction() -> None:
    """A new sample without a reaction fails here, and so does a reaction without its sample."""
    groups = [ANSWERED, HANDED_OVER, set(SILENCED), set(STATUS_STOPS), STATE_KEPT, OPENED]
    groups += [set(RECORDED), NOISE]
    expected = [name for group in groups for name in group]

    assert sorted(expected) == FILES
    assert len(FILES) == 58


@pytest.mark.parametrize("name", sorted(ANSWERED))
async def test_a_customers_word_is_answered_once(post, name: str) -> None:
    """One public reply, and the conversation stays with the bot."""
    posted = await post(name)

    assert len(posted.conversation.public_bot_replies) == 1
    assert posted.conversation.status == "pending"


@pytest.mark.parametrize("name", sorted(HANDED_OVER))
async def test_what_needs_a_person_gets_one_with_words_and_a_note(post, name: str) -> None:
    """A voice note, a file or the button "talk to a person" ends with people."""
    posted = await post(name)

    assert len(posted.conversation.public_bot_replies) == 1
    assert len(posted.conversation.notes) == 1
    assert posted.conversation.status == "open"


@pytest.mark.parametrize(("name", "silence"), sorted(SILENCED.items()))
async def test_a_persons_public_word_silences_the_bot(post, name: str, silence: Silence) -> None:
    """In the dashboard or from the phone."""
    posted = await post(name)

    assert posted.state.silence is silence
    assert posted.chatwoot.requests == []


@pytest.mark.parametrize(("name", "status"), sorted(STATUS_STOPS.items()))
async def test_a_conversation_that_is_not_pending_is_left_alone(
    post, name: str, status: str
) -> None:
    """Opened, assigned to a person or resolved: our row follows, nothing is called."""
    posted = await post(name)

    assert posted.state.snapshot.status == status
    assert posted.chatwoot.requests == []


@pytest.mark.parametrize("name", sorted(STATE_KEPT))
async def test_a_change_of_state_is_kept_and_nothing_is_said(post, name: str) -> None:
    """Labels, attributes, owner."""
    posted = await post(name)
    shown = json.loads((PAYLOADS / f"{name}.json").read_bytes())
    shown = shown.get("conversation") or shown

    assert posted.state.snapshot.labels == tuple(shown["labels"])
    assert posted.state.snapshot.custom_attributes == shown["custom_attributes"]
    assert posted.state.snapshot.owner.id == shown["meta"]["assignee"]["id"]
    assert posted.chatwoot.requests == []


@pytest.mark.parametrize("name", sorted(OPENED))
async def test_a_reopened_conversation_of_a_person_is_shown_to_people(post, name: str) -> None:
    """The bot says nothing in it, and pending nobody would see it (complaint 8)."""
    posted = await post(name)

    assert posted.conversation.public_bot_replies == []
    assert len(posted.conversation.notes) == 1
    assert posted.conversation.status == "open"


@pytest.mark.parametrize(("name", "author"), sorted(RECORDED.items()))
async def test_what_others_said_is_kept_in_the_history_and_not_answered(
    post, name: str, author: AuthorKind
) -> None:
    """Our echo, another AI, an automation, a template: none of them is a customer or a person."""
    posted = await post(name)
    lines = await posted.history.window(posted.state.id, limit=5)

    assert [line.author.kind for line in lines] == [author]
    assert posted.state.silence is None
    assert posted.chatwoot.requests == []


@pytest.mark.parametrize("name", sorted(NOISE))
async def test_noise_changes_nothing_in_chatwoot(post, name: str) -> None:
    """Receipts, typing, contacts, widget visits, automations, macros: 200 and quiet."""
    posted = await post(name)

    assert posted.chatwoot.requests == []
    assert posted.conversation.public_bot_replies == []


async def test_a_satisfaction_answer_becomes_a_row(post) -> None:
    """The rating and the customer's words are stored (S1-70, S1-85)."""
    posted = await post("message_updated-csat-response")
    rated = await posted.history.ratings(posted.state.id)
    shown = json.loads((PAYLOADS / "message_updated-csat-response.json").read_bytes())
    answer = shown["content_attributes"]["submitted_values"]["csat_survey_response"]

    assert [row.rating.rating for row in rated] == [answer["rating"]]
    assert rated[0].rating.feedback == answer["feedback_message"]


async def test_a_deleted_message_is_forgotten(post) -> None:
    """Nothing of its text stays in the window."""
    posted = await post("message_updated-deleted")

    assert await posted.history.window(posted.state.id, limit=5) == ()
