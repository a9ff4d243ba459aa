"""What a worker does for privacy by time: forget, look again, witness, keep wordings."""

from datetime import timedelta

from chatcrew.app.chores import Round
from chatcrew.app.erasing import open_privacy, retain
from chatcrew.app.foundation import Foundation
from chatcrew.audit import PostgresAudit
from chatcrew.hub import consenting, texts
from chatcrew.lgpd import Records
from chatcrew.telemetry import get_logger

_log = get_logger("audit")

RETENTION_EVERY = timedelta(hours=6).total_seconds()
AGAIN_EVERY = 60.0
WITNESS_EVERY = timedelta(days=1).total_seconds()
WORDINGS_EVERY = 3600.0


def privacy_rounds(base: Foundation) -> list[Round]:
    """Return what a worker does for privacy by time."""
    database, clock, directory = base.database, base.clock, base.directory
    audit = PostgresAudit(database, clock)
    privacy = open_privacy(
        base.settings,
        database=database,
        cache=base.cache,
        clock=clock,
        current=lambda: directory.current,
    )

    async def witness() -> None:
        verdict = await audit.verify()
        if verdict.whole:
            # Logs lie elsewhere: who rewrote the whole chain could not rewrite them
            _log.info("audit.head", seq=verdict.seq, hash=verdict.hash)
        else:
            _log.error("audit.broken", seq=verdict.broken, why=verdict.why)

    async def wordings() -> None:
        records = Records(database)
        for tenant in directory.current.tenants.values():
            if tenant.memory.consent != "required":
                continue
            for language in tenant.languages:
                words = texts.text(tenant, "memory_consent", language=language)
                await records.asked_with(tenant.key, consenting.version(words), words)

    return [
        Round(
            "retention", RETENTION_EVERY, lambda: retain(database, directory.current, clock=clock)
        ),
        Round("erasures", AGAIN_EVERY, privacy.look_again),
        Round("audit", WITNESS_EVERY, witness),
        Round("wordings", WORDINGS_EVERY, wordings),
    ]
