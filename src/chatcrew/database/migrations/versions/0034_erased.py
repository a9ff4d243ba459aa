"""When a conversation's customer was erased; numbers of contacts that retention took too early.

Revision ID: 0034
"""

from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Add the column; a contact whose sessions are still known is found and erased by them."""
    op.execute("alter table conversation add column erased_at timestamptz")
    op.execute("""
        update conversation t
        set snapshot = jsonb_set(t.snapshot, '{contact,id}', to_jsonb(known.contact))
        from (
            select distinct on (bot, number) bot, number, contact from session_fact
            where contact is not null order by bot, number, episode desc
        ) as known
        where t.bot = known.bot and t.number = known.number
          and t.snapshot -> 'contact' ->> 'id' is null
    """)


def downgrade() -> None:
    """Go back: the next webhook names whoever was erased."""
    op.execute("alter table conversation drop column erased_at")
