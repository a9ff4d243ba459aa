"""The tables whose rows are a person's by what stands in them, or a tenant's for everybody."""

from typing import Final

from chatcrew.lgpd._holding import Ageing, Holding, Link

_SIMULATED: Final = "t.tenant = :tenant and starts_with(cast(:account as text), 'sim:')"

OTHERS: Final = (
    Holding(
        "knowledge_gap",
        Link.WORDS,
        personal=("question",),
        plain=("tenant",),
        ageing=(Ageing("messages", "t.last_at"),),
    ),
    Holding(
        "quarantine",
        Link.WORDS,
        personal=("body", "headers"),
        plain=("bot", "reason"),
        ageing=(Ageing("raw", "t.at"),),
    ),
    Holding(
        "kept_answer",
        Link.TENANT,
        personal=("question", "text"),
        plain=("tenant", "exact", "shape", "scope", "rests", "knowledge", "turn_id"),
    ),
    Holding(
        "simulated_contact",
        Link.WORDS,
        personal=("name",),
        plain=("tenant",),
        own=f"{_SIMULATED} and t.id = :contact",
    ),
    Holding(
        "simulated_session",
        Link.WORDS,
        personal=("session",),
        plain=("tenant",),
        own=f"{_SIMULATED} and t.contact = :contact",
        ageing=(Ageing("messages", "t.begun_at"),),
    ),
    Holding(
        "attachment_content",
        Link.WORDS,
        personal=("text",),
        plain=("tenant", "digest", "how"),
        ageing=(
            Ageing(
                "attachments",
                "t.read_at",
                only="not exists (select from attachment_seen as seen where"
                " seen.tenant = t.tenant and seen.digest = t.digest)",
            ),
        ),
    ),
)
