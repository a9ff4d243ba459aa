"""What is left of a line and of a conversation that were emptied, and when a conversation is."""

from typing import Final

# Author and time stay, because figures count messages; "erased" keeps it from being done again.
# A line that is deleted is never replaced by a webhook that comes late (mailbox/_put_sql).
BLANK_LINE: Final = """
    deleted = true, status_error = null,
    line = jsonb_build_object(
        'message_id', t.message_id, 'text', '', 'attachments', jsonb_build_array(),
        'author', jsonb_build_object(
            'kind', coalesce(t.line -> 'author' ->> 'kind', 'system'), 'id', null, 'name', null),
        'created_at', coalesce(t.line ->> 'created_at', '1970-01-01T00:00:00+00:00'),
        'private', t.private, 'content_type', 'text', 'in_reply_to', null,
        'tag', t.line -> 'tag', 'unsupported', false, 'deleted', true, 'automatic', false,
        'options', jsonb_build_array(), 'erased', true)
"""

_EMPTIED: Final = """t.snapshot || jsonb_build_object(
        'labels', jsonb_build_array(), 'custom_attributes', jsonb_build_object(),
        'contact', jsonb_build_object('id', {who}, 'name', null, 'phone', null, 'email', null,
                                      'attributes', jsonb_build_object(), 'blocked', false))"""
_NUMBER_ONLY: Final = _EMPTIED.format(who="t.snapshot -> 'contact' -> 'id'")
_REST: Final = "topic = null, silence_why = '', vip = false, function = null"

NOBODY: Final = f"snapshot = {_EMPTIED.format(who='null')}, {_REST}"
"""Nobody's conversation."""

# His number goes last: by it alone the rest is his, whenever he asks for it
BARE: Final = f"snapshot = {_NUMBER_ONLY}, {_REST}"
"""The conversation of a contact of whom nothing but the number is known."""

IS_BARE: Final = f"t.snapshot = {_NUMBER_ONLY}"
"""Whether it is that already."""

# The row stays: with its fencing number a turn under way writes nothing more, and what is older
# than its messages is never taken for new. Since when it is nobody's keeps the next webhook from
# making it his again (mailbox._snapshots).
BLANK_CONVERSATION: Final = f"""{NOBODY}, erased_at = :now,
    fence = fence + 1, lease_owner = null, lease_until = null, taken = arrivals, attempts = 0,
    due_at = null, first_at = null, waiting_since = null, retry_at = null, customer_at = null,
    parked_at = null, parked_reason = null, parked_turn = null
"""

# To whom only people wrote has no time of his own; to whom nobody wrote has no line either
TALKED: Final = """coalesce(t.customer_at, (
    select max(cast(m.line ->> 'created_at' as timestamptz)) from message m
    where m.bot = t.bot and m.number = t.number
), greatest(to_timestamp(cast(t.snapshot ->> 'version' as double precision)), (
    select max(m.noted_at) from conversation_move m where m.bot = t.bot and m.number = t.number
)))"""
"""When anything was last said or done in a conversation."""

AT_REST: Final = "t.due_at is null and t.lease_owner is null and t.parked_at is null"
"""Whether no turn waits for a conversation."""

NOTHING_LEFT: Final = " and ".join(
    f"not exists (select from {table} o where o.bot = t.bot and o.number = t.number{only})"
    for table, only in (
        ("message", " and not o.line ? 'erased'"),
        ("outbox_part", ""),
        ("tool_call", ""),
        ("attachment_seen", ""),
        ("proposal", ""),
        ("feedback_signal", ""),
        ("episode_memory", ""),
        ("session_fact", ""),
    )
)
"""Whether nothing is kept any more that is a customer's by his conversation only."""
