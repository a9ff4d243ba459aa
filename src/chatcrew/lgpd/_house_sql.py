"""The tables that hold nothing of customers: of the house, its operators, its knowledge."""

from typing import Final

from chatcrew.lgpd._holding import Ageing, Holding, Link


def _house(table: str, note: str, *plain: str, ageing: tuple[Ageing, ...] = ()) -> Holding:
    return Holding(table, Link.NOBODY, plain=plain, note=note, ageing=ageing)


_OPERATORS: Final = "of operators, not of customers"
_ADDED_UP: Final = "figures added up"
_FILES: Final = "of the business's own files"

HOUSE: Final = (
    _house("seen", "keys of deliveries", "bot", "key"),
    _house(
        "model_call",
        "figures of calls",
        *("turn_id", "tenant", "role", "model", "error"),
        ageing=(Ageing("facts", "t.at"),),
    ),
    _house("day_fact", _ADDED_UP, "measure", "tenant", "bot", "part"),
    _house("day_spend", _ADDED_UP, "tenant", "bot", "role", "model"),
    _house("day_saving", _ADDED_UP, "tenant", "bot", "source", "part", "kind"),
    _house("third_fact", _ADDED_UP, "measure", "tenant", "bot", "part"),
    _house("third_spend", _ADDED_UP, "tenant", "bot", "role", "model"),
    _house("third_saving", _ADDED_UP, "tenant", "bot", "source", "part", "kind"),
    _house(
        "session_third",
        _ADDED_UP,
        *("tenant", "bot", "channel", "function", "crew", "config", "variant", "reason", "ending"),
    ),
    _house("session_pace", _ADDED_UP, "tenant", "bot"),
    _house(
        "session_set",
        "numbers of contacts and conversations, to count them; forgotten with the session's",
        *("tenant", "bot", "kind", "account"),
    ),
    _house("session_touched", "what is to be added up anew", "tenant"),
    _house("fact_mark", "up to where is added up", "name"),
    _house("fact_zone", "calendars of tenants", "tenant", "zone"),
    _house("feedback_digest", "which weeks were told", "tenant"),
    _house("tab_waiting", "hashes of codes, minutes old", "account", "code", "browser"),
    _house("tab_session", _OPERATORS, "browser", "account", "tenant", "user_name", "paired_by"),
    _house("console_user", _OPERATORS, "name", "role", "password", "tenants"),
    _house("console_session", _OPERATORS, "browser", "name"),
    _house("console_try", "hashes of name and address", "key"),
    _house("sealing_key", "names of keys", "name", "proof"),
    _house("restoration", "names of backups", "id", "archive", "tenant"),
    _house("api_token", "hashes of tokens", "name", "digest", "shown", "role", "tenants"),
    _house("budget_counter", "figures of limits", "tenant", "scope", "kind", "span"),
    _house("budget_reservation", "figures of limits", "id", "scope", "kind", "span", "tenant"),
    _house("configuration_version", _FILES, "version", "files"),
    _house("examination", "what an account lacks", "account", "fingerprint", "findings"),
    _house("lost_right", "what a token may not do", "bot", "actor", "name", "reason"),
    _house("rehearsal", _FILES, "content", "tenant", "failures"),
    _house("knowledge_source", _FILES, "tenant", "version", "frequencies", "vocabulary"),
    _house(
        "knowledge_entry",
        _FILES,
        *("tenant", "version", "source", "title", "body", "wordings", "keywords", "content"),
    ),
    _house("knowledge_document", _FILES, "tenant", "digest", "frequencies", "fault"),
    _house(
        "knowledge_passage",
        _FILES,
        *("tenant", "digest", "mark", "title", "headings", "body", "question", "asked"),
        *("counts", "meaning"),
    ),
    _house("knowledge_listed", _FILES, "tenant", "version", "path", "digest"),
    _house("knowledge_vector", _FILES, "tenant", "model", "meaning"),
    _house(
        "audit_entry",
        "persons only as HMAC under their own key; the chain cuts off what is old",
        *("actor", "action", "tenant", "target", "person", "detail", "hash"),
    ),
    _house("audit_head", "both ends of the chain", "hash", "cut_hash"),
    _house("person_key", "destroyed with the person (audit.forget)", "tenant", "account", "key"),
    _house(
        "erasure",
        "persons as HMAC, receipts without data",
        *("id", "tenant", "salt", "person", "actor", "again", "receipt"),
    ),
    _house("house_key", "keys", "name", "secret"),
    _house("consent_text", "what a business asks", "tenant", "version", "body"),
    _house(
        "private_file",
        "where files with data lie; they are deleted with the person and by age",
        *("id", "path", "kind", "tenant", "person", "sha256"),
    ),
    _house("alembic_version", "which migrations ran", "version_num"),
)
