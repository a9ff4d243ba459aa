"""Every table there is, and what it holds of people; a table that is not here fails a test.

Whoever adds a table or a column of text, JSON or bytes adds it here: under ``personal`` where
customers' words or data can stand in it, else under ``plain``.
"""

from collections.abc import Mapping
from typing import Final

from chatcrew.lgpd._blanks_sql import (
    AT_REST,
    BARE,
    BLANK_CONVERSATION,
    BLANK_LINE,
    IS_BARE,
    NOBODY,
    NOTHING_LEFT,
    TALKED,
)
from chatcrew.lgpd._holding import Ageing, Holding, Link
from chatcrew.lgpd._house_sql import HOUSE
from chatcrew.lgpd._others_sql import OTHERS

_PLACE: Final = ("bot", "account")

_CUSTOMERS: Final = (
    Holding(
        "conversation",
        Link.CONVERSATION,
        personal=("snapshot", "topic", "silence_why"),
        plain=(
            *_PLACE,
            *("tenant", "channel", "status", "owner_kind", "priority", "silence", "silence_by"),
            *("reopened", "function", "last_public_author", "lease_owner", "parked_reason"),
            "parked_turn",
        ),
        told=("account", "bot", "number", "channel", "status", "customer_at"),
        blank=BLANK_CONVERSATION,
        ageing=(
            Ageing("messages", TALKED, BARE, f"{AT_REST} and not {IS_BARE}"),
            Ageing(
                "facts",
                TALKED,
                NOBODY,
                f"{AT_REST} and t.snapshot -> 'contact' ->> 'id' is not null and {NOTHING_LEFT}",
            ),
        ),
    ),
    Holding(
        "event",
        Link.CONVERSATION,
        personal=("body",),
        plain=(*_PLACE, "kind", "name", "delivery_id", "digest", "turn_id"),
        told=("name", "received_at"),
        ageing=(
            Ageing(
                "raw",
                "(select turn.finished_at from turn where turn.id = t.turn_id"
                " and turn.state = 'finished')",
                "body = null",
                "t.body is not null and t.turn_id is not null",
            ),
            Ageing("facts", "t.received_at", only="t.turn_id is not null and t.body is null"),
        ),
    ),
    Holding(
        "message",
        Link.CONVERSATION,
        personal=("line", "status_error"),
        plain=("bot", "status"),
        told=("message_id", "number", "private"),
        blank=BLANK_LINE,
        ageing=(
            Ageing(
                "messages",
                "cast(t.line ->> 'created_at' as timestamptz)",
                BLANK_LINE,
                "not t.line ? 'erased'",
            ),
        ),
    ),
    Holding(
        "outbox_part",
        Link.CONVERSATION,
        personal=("payload", "error"),
        plain=(*_PLACE, "turn_id", "kind", "tag", "state"),
        told=("kind", "sent_at"),
        blank="""payload = '{}', error = null, state = case
            when state in ('planned', 'sending', 'unknown') then 'skipped' else state end""",
        ageing=(
            Ageing(
                "messages",
                "t.planned_at",
                "payload = '{}', error = null",
                "t.state in ('sent', 'failed', 'skipped') and t.payload <> '{}'",
            ),
            Ageing("facts", "t.planned_at", only="t.state in ('sent', 'failed', 'skipped')"),
        ),
    ),
    Holding(
        "turn",
        Link.CONVERSATION,
        plain=(
            *(*_PLACE, "id", "state", "worker", "outcome", "reason", "tenant", "crew"),
            *("function", "engine", "config", "stage_ms", "details"),
        ),
        told=("id", "started_at", "outcome", "reason", "function"),
        # One without its events would keep the conversation waiting for ever
        blank="""state = 'finished', finished_at = coalesce(finished_at, :now),
            outcome = coalesce(outcome, 'dropped'), reason = coalesce(reason, 'erased')""",
        ageing=(Ageing("facts", "t.finished_at", only="t.state = 'finished'"),),
        note="details never holds customers' words (hub.context); figures are made of it",
    ),
    Holding(
        "session_fact",
        Link.CONVERSATION,
        plain=(
            *(*_PLACE, "tenant", "channel", "reason", "intent", "function", "crew", "config"),
            "variant",
        ),
        told=("number", "episode", "began_at", "closed_at", "turns", "intent", "rating"),
        blank="contact = null",
        ageing=(Ageing("facts", "t.last_at"),),
    ),
    Holding(
        "conversation_move",
        Link.CONVERSATION,
        plain=(*_PLACE, "tenant", "kind"),
        told=("number", "kind", "at"),
        ageing=(Ageing("facts", "t.at"),),
        note="when a conversation was opened and closed; figures are made of it",
    ),
    Holding(
        "rating",
        Link.CONVERSATION,
        personal=("feedback",),
        plain=("bot", "tenant"),
        told=("rating", "at"),
        blank="feedback = ''",
        ageing=(
            Ageing("messages", "t.at", "feedback = ''", "t.feedback <> ''"),
            Ageing("facts", "t.at"),
        ),
    ),
    Holding(
        "attachment_seen",
        Link.CONVERSATION,
        personal=("ref",),
        plain=(*_PLACE, "tenant", "digest"),
        told=("message_id", "seen_at"),
        ageing=(Ageing("attachments", "t.seen_at"),),
    ),
    Holding(
        "tool_call",
        Link.CONVERSATION,
        personal=("arguments", "result", "reason", "digest"),
        plain=(*_PLACE, "tenant", "turn_id", "run", "tool", "state", "ruled_by", "ruled_turn"),
        told=("tool", "state", "made_at"),
        blank="""arguments = '{}', result = null, reason = null, digest = '', state = case
            when state in ('waiting', 'approved') then 'expired' else state end""",
        ageing=(Ageing("tools", "t.made_at", only="t.state not in ('waiting', 'acting')"),),
    ),
    Holding(
        "timer",
        Link.CONVERSATION,
        personal=("payload", "key"),
        plain=(*_PLACE, "kind", "lease_owner", "ending"),
        told=("kind", "due_at"),
    ),
    Holding("conduct_notice", Link.CONVERSATION, plain=("bot", "notice", "turn_id")),
    Holding(
        "suggestion",
        Link.CONVERSATION,
        personal=("text",),
        plain=(*_PLACE, "turn_id", "tenant", "config", "fate"),
        told=("made_at",),
        blank="text = '', fate = coalesce(fate, 'ignored')",
        ageing=(Ageing("messages", "t.made_at", "text = ''", "t.text <> ''"),),
    ),
    Holding(
        "proposal",
        Link.CONVERSATION,
        personal=("content", "reason"),
        plain=(*_PLACE, "key", "tenant", "kind", "cause", "made_by", "state"),
        told=("kind", "made_at"),
        ageing=(Ageing("messages", "t.ended_at", only="t.ended_at is not null"),),
    ),
    Holding(
        "feedback_signal",
        Link.CONVERSATION,
        personal=("said", "about"),
        plain=(*_PLACE, "turn_id", "kind", "tenant", "reason", "function"),
        told=("kind", "reason", "at"),
        blank="said = '', about = ''",
        ageing=(
            Ageing("messages", "t.at", "said = '', about = ''", "t.said <> '' or t.about <> ''"),
            Ageing("facts", "t.at"),
        ),
    ),
    Holding(
        "episode_memory",
        Link.CONVERSATION,
        personal=("summary",),
        plain=(*_PLACE, "tenant"),
        told=("episode", "touched_at"),
        # It says what is not to be read again
        blank="""summary = '', contact = null, remember = false, summary_up_to = marked,
            extracted_up_to = marked, read_up_to = marked, due_at = null, lease_until = null,
            fence = fence + 1""",
        ageing=(Ageing("memory", "t.touched_at", only="t.due_at is null"),),
    ),
    Holding(
        "contact_fact",
        Link.PERSON,
        personal=("body", "about"),
        plain=("tenant", "account", "kind", "conversation"),
        told=("kind", "created_at", "expires_at"),
        ageing=(Ageing("memory", "coalesce(t.used_at, t.created_at)"),),
    ),
    Holding(
        "contact_consent",
        Link.PERSON,
        personal=("source",),
        plain=("tenant", "account", "version"),
        told=("given", "at", "version"),
    ),
    Holding(
        "contact_opt_out",
        Link.PERSON,
        personal=("conversation",),
        plain=("tenant", "account"),
        told=("at",),
    ),
    Holding(
        "debt",
        Link.CONVERSATION,
        plain=(*_PLACE, "tenant", "kind", "reason", "turn_id", "step_turn", "ending"),
        told=("kind", "reason", "opened_at"),
        note="a promise to call somebody back, without who he is",
    ),
    Holding(
        "desk_given",
        Link.CONVERSATION,
        plain=(*_PLACE, "tenant", "turn_id", "method", "unit", "pool"),
        told=("method", "at"),
        note="which operator got a conversation",
    ),
    Holding(
        "reply_judgement",
        Link.CONVERSATION,
        plain=(*_PLACE, "turn_id", "tenant"),
        told=("good", "at"),
        note="which reply an operator found good",
    ),
)

REGISTER: Final[Mapping[str, Holding]] = {one.table: one for one in (*_CUSTOMERS, *OTHERS, *HOUSE)}
"""By table."""
