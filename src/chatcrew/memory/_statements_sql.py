"""The statements of memory on PostgreSQL."""

from sqlalchemy import text

_PERSON = "tenant = :tenant and account = :account and contact = :contact"
_FACT = (
    "id, kind, about, body, conversation, message_id, confidence, created_at, used_at, expires_at"
)

# One way to the server and back: a turn waits for it
RECALL = text("""
    select
        (select json_agg(json_build_object(
            'id', id, 'kind', kind, 'about', about, 'body', body, 'conversation', conversation,
            'message_id', message_id, 'confidence', confidence, 'created_at', created_at,
            'used_at', used_at, 'expires_at', expires_at) order by created_at desc, id desc)::text
         from contact_fact
         where tenant = cast(:tenant as text) and account = cast(:account as text)
           and contact = cast(:contact as bigint) and expires_at > :now) as facts,
        (select json_build_object('given', given, 'at', at, 'version', version,
                                  'source', source)::text
         from contact_consent
         where tenant = cast(:tenant as text) and account = cast(:account as text)
           and contact = cast(:contact as bigint)) as consent,
        (select json_agg(json_build_object(
            'episode', episode, 'summary', summary, 'summary_up_to', summary_up_to))::text
         from episode_memory
         where bot = :bot and number = :number
           and episode in (cast(:episode as integer), cast(:episode as integer) - 1)) as episodes
""")

_NOTED = """
    insert into episode_memory (bot, number, episode, account, tenant, contact, remember, marked,
                                beyond, due_at, touched_at)
    values (:bot, :number, :episode, :account, cast(:tenant as text), cast(:contact as bigint),
            :remember, :marked, :beyond, :now, :now)
    on conflict (bot, number, episode) do update set
        tenant = excluded.tenant, contact = excluded.contact, remember = excluded.remember,
        marked = greatest(episode_memory.marked, excluded.marked),
        beyond = greatest(episode_memory.beyond, excluded.beyond),
        due_at = coalesce(episode_memory.due_at, excluded.due_at),
        touched_at = excluded.touched_at
"""
NOTE = text(_NOTED)

CONSENT = text("""
    insert into contact_consent (tenant, account, contact, given, at, version, source)
    values (:tenant, :account, :contact, :given, :at, :version, :source)
    on conflict (tenant, account, contact) do update set
        given = excluded.given, at = excluded.at, version = excluded.version,
        source = excluded.source
""")

CONSENT_OF = text(f"select given, at, version, source from contact_consent where {_PERSON}")  # noqa: S608 - constant

# What a turn used of a person is marked in the same trip, after the episode's row
NOTE_USED = text(f"""
    with used as (
        update contact_fact set used_at = cast(:now as timestamptz)
        where tenant = cast(:tenant as text) and account = :account
          and contact = cast(:contact as bigint) and id = any(cast(:ids as bigint[]))
    )
    {_NOTED}
""")  # noqa: S608 - constant

CLAIM = text("""
    with due as materialized (
        select bot, number, episode from episode_memory
        where due_at <= :now and (lease_until is null or lease_until <= :now)
        order by due_at limit :limit for update skip locked
    )
    update episode_memory set lease_until = :until, attempts = attempts + 1, fence = fence + 1
    from due
    where episode_memory.bot = due.bot and episode_memory.number = due.number
      and episode_memory.episode = due.episode
    returning episode_memory.bot, episode_memory.number, episode_memory.episode, account, tenant,
              contact, remember, marked, beyond, summary, summary_up_to, extracted_up_to,
              read_up_to, attempts, fence
""")

_HELD = (
    "bot = :bot and number = :number and episode = :episode and fence = :fence "
    "and lease_until is not null"
)

FINISH = text(f"""
    update episode_memory set
        summary = coalesce(cast(:summary as text), summary),
        summary_up_to = greatest(summary_up_to, :summary_up_to),
        extracted_up_to = greatest(extracted_up_to, :extracted_up_to),
        read_up_to = greatest(read_up_to, :read_up_to),
        due_at = case when marked > :marked then cast(:now as timestamptz) end,
        lease_until = null, attempts = 0
    where {_HELD}
    returning tenant, account, contact, remember
""")  # noqa: S608 - constant

# Nobody waits for a row that a turn or an erasure writes: with several rows that could be mutual
FINISH_READ = text("""
    with held as materialized (
        select kept.bot, kept.number, kept.episode, read.marked, read.up_to
        from episode_memory kept
        join unnest(cast(:bots as text[]), cast(:numbers as bigint[]), cast(:episodes as integer[]),
                    cast(:fences as bigint[]), cast(:marked as bigint[]), cast(:up_to as bigint[]))
            as read (bot, number, episode, fence, marked, up_to)
            on kept.bot = read.bot and kept.number = read.number and kept.episode = read.episode
               and kept.fence = read.fence
        where kept.lease_until is not null
        for update of kept skip locked
    )
    update episode_memory set
        read_up_to = greatest(episode_memory.read_up_to, held.up_to),
        due_at = case when episode_memory.marked > held.marked
                      then cast(:now as timestamptz) end,
        lease_until = null, attempts = 0
    from held
    where episode_memory.bot = held.bot and episode_memory.number = held.number
      and episode_memory.episode = held.episode
    returning episode_memory.bot, episode_memory.number, episode_memory.episode
""")

RELEASE = text(f"""
    update episode_memory set lease_until = null, due_at = :due_at, attempts = attempts - :uncounted
    where {_HELD}
""")  # noqa: S608 - constant

FACTS = text(f"""
    select {_FACT} from contact_fact where {_PERSON} and expires_at > :now
    order by created_at desc, id desc
""")  # noqa: S608 - constant

ALL_FACTS = text(f"select {_FACT} from contact_fact where {_PERSON} order by id")  # noqa: S608 - constant

PEOPLE = text("""
    select account from contact_fact where tenant = :tenant and contact = :contact
    union select account from contact_consent where tenant = :tenant and contact = :contact
    union select account from episode_memory where tenant = :tenant and contact = :contact
    order by account
""")

EDIT = text(f"""
    update contact_fact set body = :body, message_id = 0, confidence = 1, created_at = :now
    where {_PERSON} and id = :id
""")  # noqa: S608 - constant

FORGET = text(f"delete from contact_fact where {_PERSON} and id = :id")  # noqa: S608 - constant

SUMMARIES = text(
    f"select account, bot, number, episode, summary from episode_memory where {_PERSON}"  # noqa: S608 - constant
)

ERASE_FACTS = text(f"delete from contact_fact where {_PERSON}")  # noqa: S608 - constant
ERASE_CONSENT = text(f"delete from contact_consent where {_PERSON}")  # noqa: S608 - constant

# The rows stay: they say what is not to be read again
ERASE_SUMMARIES = text(f"""
    update episode_memory set summary = '', summary_up_to = marked, extracted_up_to = marked,
        read_up_to = marked, due_at = null, lease_until = null, fence = fence + 1
    where {_PERSON}
""")  # noqa: S608 - constant

# The figures of the digest stay; his words in it go
ERASE_QUOTES = text("""
    update feedback_signal set said = '' from conversation
    where feedback_signal.bot = conversation.bot and feedback_signal.number = conversation.number
      and feedback_signal.tenant = :tenant and conversation.account = :account
      and cast(conversation.snapshot -> 'contact' ->> 'id' as bigint) = :contact
""")

SEAL = text("""
    insert into episode_memory (bot, number, episode, account, marked, summary_up_to,
                                extracted_up_to, read_up_to, touched_at)
    values (:bot, :number, :episode, :account, :up_to, :up_to, :up_to, :up_to, :now)
    on conflict (bot, number, episode) do update set
        summary = '', marked = greatest(episode_memory.marked, excluded.marked),
        summary_up_to = excluded.summary_up_to, extracted_up_to = excluded.extracted_up_to,
        read_up_to = excluded.read_up_to, due_at = null, lease_until = null,
        fence = episode_memory.fence + 1, touched_at = excluded.touched_at
""")

PURGE_FACTS = text("delete from contact_fact where expires_at <= :now")
PURGE_EPISODES = text("delete from episode_memory where touched_at < :before")

RENEW = text(f"""
    update contact_fact set kind = :kind, conversation = :conversation, message_id = :message_id,
        confidence = :confidence, created_at = :now, expires_at = :expires
    where {_PERSON} and id = :id
""")  # noqa: S608 - constant

# Compared by us: the same words sealed twice are not the same
LOOSE = text(f"select id, body from contact_fact where {_PERSON} and about is null")  # noqa: S608 - constant

KEEP = text("""
    insert into contact_fact (tenant, account, contact, kind, about, body, conversation,
                              message_id, confidence, created_at, expires_at)
    values (:tenant, :account, :contact, :kind, cast(:about as text), :body, :conversation,
            :message_id, :confidence, :now, :expires)
    on conflict (tenant, account, contact, about) where about is not null do update set
        kind = excluded.kind, body = excluded.body, conversation = excluded.conversation,
        message_id = excluded.message_id, confidence = excluded.confidence,
        created_at = excluded.created_at, expires_at = excluded.expires_at
""")

BOUND = text(f"""
    delete from contact_fact where id in (
        select id from contact_fact where {_PERSON}
        order by coalesce(used_at, created_at) desc, id desc offset :most
    )
""")  # noqa: S608 - constant
