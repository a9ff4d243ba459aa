"""The tables of mailbox, outbox, history, ledger and knowledge, as SQLAlchemy sees them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from chatcrew.database._metadata import Instant as _Instant
from chatcrew.database._metadata import metadata
from chatcrew.database._tables_abuse import conduct_notice, contact_opt_out
from chatcrew.database._tables_accounts import console_session, console_try, console_user
from chatcrew.database._tables_answers import kept_answer
from chatcrew.database._tables_attachments import attachment_content, attachment_seen
from chatcrew.database._tables_audit import (
    audit_entry,
    audit_head,
    consent_text,
    erasure,
    house_key,
    person_key,
    private_file,
)
from chatcrew.database._tables_calls import timer, tool_call
from chatcrew.database._tables_checks import examination, lost_right, rehearsal
from chatcrew.database._tables_debts import debt
from chatcrew.database._tables_desk import desk_given
from chatcrew.database._tables_facts import (
    conversation_move,
    day_fact,
    day_spend,
    fact_mark,
    fact_zone,
    session_fact,
)
from chatcrew.database._tables_feedback import feedback_digest, feedback_signal
from chatcrew.database._tables_knowledge import (
    knowledge_document,
    knowledge_entry,
    knowledge_gap,
    knowledge_listed,
    knowledge_passage,
    knowledge_source,
)
from chatcrew.database._tables_ledger import model_call, rating
from chatcrew.database._tables_limits import budget_counter, budget_reservation
from chatcrew.database._tables_memory import contact_consent, contact_fact, episode_memory
from chatcrew.database._tables_proposals import proposal, suggestion
from chatcrew.database._tables_quarantine import quarantine
from chatcrew.database._tables_sealing import restoration, sealing_key
from chatcrew.database._tables_simulation import api_token, simulated_contact, simulated_session
from chatcrew.database._tables_tab import reply_judgement, tab_session, tab_waiting
from chatcrew.database._tables_thirds import (
    day_saving,
    session_pace,
    session_set,
    session_third,
    session_touched,
    third_fact,
    third_saving,
    third_spend,
)
from chatcrew.database._tables_turns import outbox_part, turn
from chatcrew.database._tables_why import configuration_version

__all__ = [
    "api_token",
    "attachment_content",
    "attachment_seen",
    "audit_entry",
    "audit_head",
    "budget_counter",
    "budget_reservation",
    "conduct_notice",
    "configuration_version",
    "consent_text",
    "console_session",
    "console_try",
    "console_user",
    "contact_consent",
    "contact_fact",
    "contact_opt_out",
    "conversation",
    "conversation_move",
    "day_fact",
    "day_saving",
    "day_spend",
    "debt",
    "desk_given",
    "episode_memory",
    "erasure",
    "event",
    "examination",
    "fact_mark",
    "fact_zone",
    "feedback_digest",
    "feedback_signal",
    "house_key",
    "kept_answer",
    "knowledge_document",
    "knowledge_entry",
    "knowledge_gap",
    "knowledge_listed",
    "knowledge_passage",
    "knowledge_source",
    "lost_right",
    "message",
    "metadata",
    "model_call",
    "outbox_part",
    "person_key",
    "private_file",
    "proposal",
    "quarantine",
    "rating",
    "rehearsal",
    "reply_judgement",
    "restoration",
    "sealing_key",
    "seen",
    "session_fact",
    "session_pace",
    "session_set",
    "session_third",
    "session_touched",
    "simulated_contact",
    "simulated_session",
    "suggestion",
    "tab_session",
    "tab_waiting",
    "third_fact",
    "third_saving",
    "third_spend",
    "timer",
    "tool_call",
    "turn",
]

conversation = Table(
    "conversation",
    metadata,
    Column("bot", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("account", Text, nullable=False),
    Column("tenant", Text),
    Column("channel", Text),
    Column("snapshot", JSONB, nullable=False),
    # these three stand in the snapshot too; here because queries ask for them
    Column("status", Text),
    Column("owner_kind", Text),
    Column("priority", Text),
    Column("silence", Text),
    Column("silenced_at", _Instant),
    Column("silence_until", _Instant),
    Column("silence_by", Text, nullable=False, server_default=text("''")),
    Column("silence_why", Text, nullable=False, server_default=text("''")),
    Column("spoke_id", BigInteger, nullable=False, server_default=text("0")),
    Column("reopened", Text),
    Column("episode", Integer, nullable=False, server_default=text("1")),
    Column("tenant_episode", Integer, nullable=False, server_default=text("1")),
    Column("function", Text),
    Column("last_message_id", BigInteger, nullable=False, server_default=text("0")),
    Column("last_customer_id", BigInteger, nullable=False, server_default=text("0")),
    Column("last_public_author", Text),
    Column("last_public_id", BigInteger, nullable=False, server_default=text("0")),
    Column("last_answer_id", BigInteger, nullable=False, server_default=text("0")),
    Column("own_id", BigInteger, nullable=False, server_default=text("0")),
    Column("handed_id", BigInteger, nullable=False, server_default=text("0")),
    Column("customer_at", _Instant),
    Column("handed_version", Double),
    Column("swept_id", BigInteger, nullable=False, server_default=text("0")),
    Column("arrivals", BigInteger, nullable=False, server_default=text("0")),
    Column("taken", BigInteger, nullable=False, server_default=text("0")),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("due_at", _Instant),
    Column("first_at", _Instant),
    Column("waiting_since", _Instant),
    Column("retry_at", _Instant),
    Column("fence", BigInteger, nullable=False, server_default=text("0")),
    Column("lease_owner", Text),
    Column("lease_until", _Instant),
    Column("parked_at", _Instant),
    Column("parked_reason", Text),
    Column("parked_turn", Text),
    # what intents know of the episode; null: nothing
    Column("topic", JSONB),
    Column("vip", Boolean, nullable=False, server_default=text("false")),
    Column("erased_at", _Instant),
    Index(
        "conversation_silence_over",
        "silence_until",
        postgresql_where=text("silence_until is not null"),
    ),
    Index("conversation_due", "due_at", postgresql_where=text("due_at is not null")),
    Index("conversation_parked", "parked_at", postgresql_where=text("parked_at is not null")),
    Index(
        "conversation_unanswered",
        "customer_at",
        postgresql_where=text("last_customer_id > 0 and last_customer_id >= last_answer_id"),
    ),
)

event = Table(
    "event",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("bot", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("account", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("message_id", BigInteger),
    Column("part", SmallInteger, nullable=False, server_default=text("0")),
    Column("object_id", BigInteger),
    Column("delivery_id", Text),
    Column("digest", LargeBinary),
    Column("body", LargeBinary),
    Column("received_at", _Instant, nullable=False),
    Column("turn_id", Text),
    Index("event_waiting", "bot", "number", postgresql_where=text("turn_id is null")),
    Index("event_turn", "turn_id", postgresql_where=text("turn_id is not null")),
    Index("event_message", "bot", "message_id"),
)

seen = Table(
    "seen",
    metadata,
    Column("bot", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("at", _Instant, nullable=False),
    Index("seen_at", "at"),
)

message = Table(
    "message",
    metadata,
    Column("bot", Text, primary_key=True),
    Column("message_id", BigInteger, primary_key=True),
    # 1: what the customer chose on a form or menu that the bot had sent under this id
    Column("part", SmallInteger, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("episode", Integer, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("deleted", Boolean, nullable=False),
    # written by us after sending; Chatwoot's own record of it has not come yet
    Column("provisional", Boolean, nullable=False, server_default=text("false")),
    Column("line", JSONB, nullable=False),
    Column("status", Text),
    Column("status_error", Text),
    Index("message_conversation", "bot", "number", "message_id"),
)
