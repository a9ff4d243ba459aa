"""What each kind of export has: its columns, and where they come from."""

from collections.abc import Mapping
from dataclasses import dataclass

from chatcrew.analytics import _endings_sql as endings
from chatcrew.analytics._facts_sql import COUNTED, SPENT, TURN, whole


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of export.

    Attributes:
        columns: expression by name, in their order.
        source: what stands after ``from``.
        table: which table of ``source`` knows tenant and bot; "" where none has a bot.
        moment: expression of the moment by which a row is in the time asked for; "" for none.
        order: by what rows are ordered.
        where: what else holds of every row.
        bot: whether rows have a bot.
    """

    columns: Mapping[str, str]
    source: str
    table: str
    moment: str
    order: str
    where: str = "true"
    bot: bool = True


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


def _real(table: str) -> str:
    return f"not starts_with({table}.bot, 'sim:')"


_LISTED = """(
    select string_agg({0}, ' ' order by {0}) from {1}({2}) as one
)"""

_RUNG_MS = whole("value ->> 'ms'")
_CONTACT = "conversation.snapshot #>> '{{contact,{}}}'"

_SESSION = _same(
    *("tenant", "account", "bot"),
    "number",
    "episode",
    *("channel", "contact", "began_at", "last_at", "closed_at", "reopened_at", "taken_at"),
)

_KINDS: dict[str, Kind] = {
    "turns": Kind(
        {
            **_same("id", "tenant", "account", "bot", "number", "episode", "started_at"),
            **_same("finished_at", "outcome", "reason"),
            "handoff": "case when handed then why else '' end",
            **_same("intent", "mood", "function", "crew", "engine", "config", "variant"),
            **_same("language", "heard", "said"),
            "waited_ms": "waited",
            "promise": "coalesce(promise, '')",
            "stages": _LISTED.format(
                f"key || '=' || {whole('value')}",
                "jsonb_each_text",
                "case when jsonb_typeof(stage_ms) = 'object' then stage_ms end",
            ),
            "rungs": _LISTED.format(
                f"(value ->> 'name') || '/' || (value ->> 'end') || '=' || {_RUNG_MS}",
                "jsonb_array_elements",
                "case when jsonb_typeof(rungs) = 'array' then rungs end",
            ),
            "tools": _LISTED.format(
                f"(value ->> 0) || '=' || {whole('value ->> 2')}",
                "jsonb_array_elements",
                "case when jsonb_typeof(tool_runs) = 'array' then tool_runs end",
            ),
            "guess": f"case when jsonb_typeof(guess -> 1) = 'number' then "
            f"(guess ->> 0) || '=' || {whole('cast(guess ->> 1 as numeric) * 100')} else '' end",
            "signals": _LISTED.format(
                "value",
                "jsonb_array_elements_text",
                "case when jsonb_typeof(signals) = 'array' then signals end",
            ),
            **_same("weight", "more_weight"),
            "kept": "cast(kept is not null as integer)",
            "kept_nanos": whole("cast(kept ->> 'saved_usd' as numeric) * 1000000000"),
        },
        source=f"({TURN} where {COUNTED}) as turn",
        table="turn",
        moment="finished_at",
        order="finished_at, id",
    ),
    "model_calls": Kind(
        {
            "id": "call.id",
            "turn": "call.turn_id",
            "tenant": "call.tenant",
            "bot": "call.bot",
            **_same("role", "model", "at"),
            "ms": whole("seconds * 1000"),
            "from_cache": "cast(from_cache as integer)",
            **_same("prompt_tokens", "completion_tokens", "cached_tokens", "error"),
            "nanos": whole("cast(cost as numeric) * 1000000000"),
            "estimated": "cast(estimated as integer)",
            "spared_nanos": whole("cast(spared as numeric) * 1000000000"),
        },
        source="""(
            select model_call.*, coalesce(turn.bot, '') as bot
            from model_call left join turn on turn.id = model_call.turn_id
        ) as call""",
        table="call",
        moment="at",
        order="at, call.id",
        where=_real("call"),
    ),
    "sessions": Kind(
        {
            **_SESSION,
            "ending": endings.ENDING,
            **_same("reason", "turns", "replied", "handed", "heard", "said", "answers"),
            **_same("answered_ms", "first_reply_ms"),
            "waits": "cast(waits as integer)",
            **_same("intent", "mood", "rating", "rated_at", "function", "crew", "config"),
            **_same("variant", *SPENT),
        },
        source="session_fact",
        table="session_fact",
        moment="began_at",
        order="began_at, bot, number, episode",
    ),
    "moves": Kind(
        {
            "id": "id",
            "tenant": "coalesce(tenant, '')",
            **_same("account", "bot", "number", "episode", "kind", "at"),
        },
        source="conversation_move",
        table="conversation_move",
        moment="at",
        order="id",
        where=_real("conversation_move"),
    ),
    "ratings": Kind(
        {
            "tenant": "coalesce(rating.tenant, '')",
            "account": "conversation.account",
            **{name: f"rating.{name}" for name in ("bot", "number", "message_id")},
            "episode": "message.episode",
            "rating": "rating.rating",
            "at": "rating.at",
        },
        source="""rating
            join conversation on conversation.bot = rating.bot
                and conversation.number = rating.number
            left join message on message.bot = rating.bot
                and message.message_id = rating.message_id and message.part = 0""",
        table="rating",
        moment="rating.at",
        order="rating.at, rating.bot, rating.message_id",
        where=_real("rating"),
    ),
    "handoffs": Kind(
        {
            "turn": "turn.id",
            "tenant": "turn.tenant",
            **{name: f"turn.{name}" for name in ("account", "bot", "number", "episode")},
            "at": "finished_at",
            "reason": "why",
            **{name: f"desk_given.{name}" for name in ("method", "agent_id", "team_id")},
            "debt": "coalesce(debt.ending, case when debt.id is not null then 'standing' end)",
            "waited_ms": whole("debt.waited * 1000"),
        },
        source=f"""({TURN} where {COUNTED}) as turn
            left join desk_given on desk_given.turn_id = turn.id
            left join debt on debt.turn_id = turn.id and debt.kind = 'handoff'""",
        table="turn",
        moment="finished_at",
        order="finished_at, turn.id",
        where="turn.handed",
    ),
    "conversations": Kind(
        {
            "tenant": "min(tenant)",
            "account": "min(account)",
            **_same("bot", "number"),
            "channel": "min(channel)",
            "contact": "max(contact)",
            "sessions": "count(*)",
            "began_at": "min(began_at)",
            "last_at": "max(last_at)",
            **{name: f"sum({name})" for name in ("turns", "heard", "said", "handed", *SPENT)},
        },
        source="chosen",
        table="",
        moment="",
        order="min(began_at), bot, number",
        where="true group by bot, number",
    ),
    "users": Kind(
        {
            "tenant": "chosen.tenant",
            "account": "chosen.account",
            "contact": "chosen.contact",
            **{name: f"max({_CONTACT.format(name)})" for name in ("name", "phone", "email")},
            "attributes": f"max({_CONTACT.format('attributes')})",
            "told": "max(conversation.topic #>> '{filled,values}')",
            "conversations": "count(distinct (chosen.bot, chosen.number))",
            "sessions": "count(*)",
            "first_at": "min(began_at)",
            "last_at": "max(last_at)",
        },
        source="chosen join conversation using (bot, number)",
        table="",
        moment="",
        order="min(began_at), chosen.account, chosen.contact, chosen.tenant",
        where="contact is not null group by chosen.tenant, chosen.account, chosen.contact",
    ),
    "gaps": Kind(
        _same("tenant", "question", "count", "first_at", "last_at"),
        source="knowledge_gap",
        table="knowledge_gap",
        moment="last_at",
        order="last_at, tenant, question",
        bot=False,
    ),
    "debts": Kind(
        {
            **_same("id", "tenant", "account", "bot", "number", "kind", "reason"),
            **_same("opened_at", "ended_at", "ending"),
            "waited_ms": whole("waited * 1000"),
            "steps": "step",
            "next_at": "next_at",
            "promised_ms": whole("at_most * 1000"),
        },
        source="debt",
        table="debt",
        moment="opened_at",
        order="opened_at, id",
        where=_real("debt"),
    ),
    "queue": Kind(
        {
            "tenant": "coalesce(conversation.tenant, '')",
            **{name: f"conversation.{name}" for name in ("account", "bot", "number")},
            "channel": "coalesce(channel, '')",
            "since": "case when due_at is not null then waiting_since end",
            **_same("due_at", "attempts"),
            "running": "cast(coalesce(due_at is not null and lease_until > :now, 'f') as integer)",
            "parked_at": "parked_at",
            "parked_reason": "coalesce(parked_reason, '')",
            "parked_turn": "coalesce(parked_turn, '')",
            **{name: f"coalesce(sent.{name}, 0)" for name in ("unsent", "unknown")},
        },
        source="""conversation
            left join (
                select bot, number, count(*) filter (where state <> 'unknown') as unsent,
                       count(*) filter (where state = 'unknown') as unknown
                from outbox_part where state in ('planned', 'sending', 'unknown')
                group by bot, number
            ) as sent on sent.bot = conversation.bot and sent.number = conversation.number""",
        table="conversation",
        moment="",
        order="coalesce(waiting_since, parked_at), conversation.bot, conversation.number",
        where=f"(due_at is not null or parked_at is not null or sent.bot is not null)"
        f" and {_real('conversation')}",
    ),
    "tenants": Kind(
        _same("tenant", "zone"),
        source="fact_zone",
        table="fact_zone",
        moment="",
        order="tenant",
        bot=False,
    ),
}

KIND: Mapping[str, Kind] = _KINDS
"""Each kind of export."""

COLUMNS: Mapping[str, tuple[str, ...]] = {name: tuple(one.columns) for name, one in KIND.items()}
"""The columns of each kind, in their order."""
