"""What a person gets to see of what is kept of him, as JSON for people (LGPD art. 18, II)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from chatcrew.audit import Entry
from chatcrew.lgpd._people_sql import Found
from chatcrew.lgpd._register_sql import REGISTER
from chatcrew.lgpd._views import words_of
from chatcrew.messages import Person

_TITLES: Final = {
    "conversation": "Conversas e contato / conversations and contact",
    "event": "Entregas do Chatwoot como chegaram / deliveries as they came",
    "message": "Mensagens / messages",
    "outbox_part": "O que foi enviado / what was sent",
    "turn": "O que o bot decidiu / what the bot decided",
    "rating": "Avaliações / ratings",
    "attachment_seen": "Anexos / attachments",
    "attachment_content": "O que foi lido nos anexos / what was read in attachments",
    "tool_call": "O que ferramentas fizeram / what tools did",
    "timer": "Lembretes / timers",
    "suggestion": "Rascunhos / drafts",
    "proposal": "Correções propostas / proposed corrections",
    "feedback_signal": "Sinais de insatisfação / signals of dissatisfaction",
    "episode_memory": "Resumos / summaries",
    "contact_fact": "O que é lembrado / what is remembered",
    "contact_consent": "Consentimento / consent",
    "contact_opt_out": "Pedido de não receber mais / opt-out",
    "debt": "Promessas de retorno / promises of a call back",
    "desk_given": "Quem ficou com a conversa / who was given the conversation",
    "reply_judgement": "Respostas avaliadas pela equipe / replies judged by the team",
}


def shown(
    person: Person,
    found: Found,
    *,
    memory: Mapping[str, Any],
    deeds: Sequence[Entry],
    at: datetime,
) -> dict[str, Any]:
    """Return everything as JSON values; bytes as text, nothing shortened.

    What somebody spoilt in the database is empty, and named under ``unreadable``.
    """
    return {
        "person": {
            "tenant": person.tenant,
            "account": person.account,
            "contact": person.contact,
        },
        "at": at.isoformat(),
        "memory": dict(memory),
        "data": {
            table: {"title": _TITLES.get(table, table), "rows": [_row(table, one) for one in some]}
            for table, some in found.rows.items()
            if some
        },
        "unreadable": [{"place": one.place, "key": one.key} for one in found.unreadable],
        "audit": [
            {"at": one.at.isoformat(), "actor": one.actor, "action": one.action} for one in deeds
        ],
    }


def _row(table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    holding = REGISTER[table]
    names = dict.fromkeys((*holding.told, *holding.personal)) or row.keys()
    return {name: _plain(row.get(name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("\\x"):
        return words_of(bytes.fromhex(value[2:]))
    return value
